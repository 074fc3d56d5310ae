import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.spans import QuoteStatus, Span
from assistant.domain.study import BlockKind, SectionType, SourceFile
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.text.quotes import locate, locate_evidence

TEXT = "The “weekly huddle” let staff co-operate – openly. Staff didn’t wait; ineffective rules fell. Staff left."


def test_exact_quotes() -> None:
    found = locate("let staff", TEXT)
    assert found.status is QuoteStatus.EXACT
    assert found.span is not None and found.span.of(TEXT) == "let staff"


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ('The "weekly huddle"', "The “weekly huddle”"),
        ("co‑operate - openly", "co-operate – openly"),
        ("Staff didn't\n wait", "Staff didn’t wait"),
        ("inef-\nfective rules", "ineffective rules"),
        ("ineﬀective rules", "ineffective rules"),
        ("rules\u00ad fell", "rules fell"),
    ],
)
def test_spelling_that_carries_no_words_is_evened_out(quote: str, source: str) -> None:
    found = locate(quote, TEXT)
    assert (found.status, found.text) == (QuoteStatus.NORMALISED, source)


@pytest.mark.parametrize(
    "quote",
    [
        "let the staff",
        "let Staff",
        "effective rules",
        "rules fel",
        "staff let",
        "“weekly huddle” let managers",
        "Staff did wait",
        "Staff didn’t, wait",
        "",
        " … ",
    ],
)
def test_other_words_are_not_found(quote: str) -> None:
    found = locate(quote, TEXT)
    assert found.status is QuoteStatus.NOT_FOUND
    assert found.span is None and found.text == quote


def test_of_several_places_the_nearest_is_taken() -> None:
    assert TEXT.count("Staff") == 2
    last = TEXT.rindex("Staff")
    assert locate("Staff", TEXT).span == Span(TEXT.index("Staff"), TEXT.index("Staff") + 5)
    assert locate("Staff", TEXT, near=last).span == Span(last, last + 5)
    assert locate("Staff", TEXT, near=last - 3).span == Span(last, last + 5)


def test_looking_inside_a_span_only() -> None:
    last = TEXT.rindex("Staff")
    assert locate("Staff", TEXT, within=Span(last - 5, len(TEXT))).span == Span(last, last + 5)
    assert not locate("weekly", TEXT, within=Span(last - 5, len(TEXT))).found
    assert not locate('"weekly huddle"', TEXT, within=Span(last - 5, len(TEXT))).found


def test_an_empty_text_holds_nothing() -> None:
    assert not locate("word", "").found


@given(st.text(alphabet=st.sampled_from("ab -–—'’“”\"\n\u00adﬁ…é.,"), max_size=60), st.data())
def test_whatever_is_found_is_in_the_source_and_says_the_same_words(text: str, data: st.DataObject) -> None:
    quote = data.draw(st.text(alphabet=st.sampled_from("ab -'\"\nfi.,é"), min_size=1, max_size=12))
    found = locate(quote, text)
    if found.span is not None:
        assert found.span.of(text) == found.text
        plain = [char for char in quote.replace("-", "") if char.isalpha()]
        kept = [char for char in found.text.replace("ﬁ", "fi") if char.isalpha()]
        assert plain == kept


@given(st.lists(st.sampled_from(["trust", "grew", "as", "staff", "met", "often"]), min_size=4, max_size=30), st.data())
def test_altered_quotes_are_never_found(tokens: list[str], data: st.DataObject) -> None:
    text = " ".join(tokens)
    start = data.draw(st.integers(0, len(tokens) - 3))
    end = data.draw(st.integers(start + 3, len(tokens)))
    altered = tokens[start:end]
    place = data.draw(st.integers(1, len(altered) - 2))
    kind = data.draw(st.sampled_from(["insert", "delete", "swap", "change"]))
    if kind == "insert":
        altered.insert(place, "never")
    elif kind == "delete":
        del altered[place]
    elif kind == "swap":
        altered[place], altered[place + 1] = altered[place + 1], altered[place]
    else:
        altered[place] = "other"
    claim = " ".join(altered)
    assume(f" {claim} " not in f" {text} ")
    assert locate(claim, text).status is QuoteStatus.NOT_FOUND


def test_evidence_is_looked_for_where_it_may_stand() -> None:
    blocks = [
        RawBlock(BlockKind.HEADING, "References", level=1, section_type=SectionType.REFERENCES),
        RawBlock(BlockKind.REFERENCE, "Reed A. Why nurses trade shifts. Imaginary Press. Trust and rest."),
        RawBlock(BlockKind.HEADING, "Results", level=1, section_type=SectionType.RESULTS),
        RawBlock(BlockKind.PARAGRAPH, "We show why nurses trade shifts. Reed A. Why nurses trade shifts. They rest."),
    ]
    study = build_study("odd", SourceFile("odd.txt", "0" * 64, "text"), RawStudy(blocks))
    twice, once = locate_evidence("Why nurses trade shifts", study), locate_evidence("Trust and rest", study)
    assert twice.span is not None and twice.span.start > study.text.index("Results")
    assert locate_evidence("Why nurses trade shifts", study, 0) == twice
    assert once.status is QuoteStatus.NOT_FOUND and locate("Trust and rest", study.text).found
