"""The inline markup of authored passages: what it reads, what it refuses, and that it survives a round trip."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.study import SectionType
from evals.extraction.markup import AuthoredPassage, MarkupError, NegativeKind, Register, parse, parse_folder
from evals.extraction.markup import write_passage as write
from evals.extraction.markup.__main__ import main
from evals.extraction.markup.diversity import distinct, frequent_openings, near_duplicates
from evals.extraction.train.documents import authored

AUTHORED = Path("evals/extraction/training/authored")

RIPPLE = """\
## a remark
# level=hypothesis polarity=mixed section=discussion register=plain
#2 level=quote
Doors stood open. In [C1 a hostel of old friends], the [R1 shared kitchen]
[M1 made cooking a pleasure] and [O1,C2 evenings grew longer]. This [O2 wore down the
night porter] \\[12\\]. The kitchen had two ovens.
"""


def only(text: str) -> AuthoredPassage:
    (passage,) = parse(text, "housing-1.txt")
    return passage


def test_plain_text_spans_and_levels() -> None:
    passage = only(RIPPLE)
    first, second = passage.configurations
    assert "[" in passage.text and "[C1" not in passage.text and "\n" not in passage.text
    assert [s.of(passage.text) for s in first.spans(Role.CONTEXT)] == ["a hostel of old friends"]
    assert first.spans(Role.OUTCOME) == second.spans(Role.CONTEXT)
    assert (first.level, second.level) == (Level.HYPOTHESIS, Level.QUOTE)
    assert {first.polarity, second.polarity} == {Polarity.MIXED}
    assert (passage.field, passage.section, passage.register) == ("housing", SectionType.DISCUSSION, Register.PLAIN)
    assert first.is_complete and not second.is_complete


def test_extent_is_whole_sentences_and_detection_follows_it() -> None:
    passage = only(RIPPLE)
    first, second = passage.configurations
    assert first.extent == passage.sentences[1]
    assert second.extent.start == passage.sentences[1].start and second.extent.end == passage.sentences[2].end
    assert passage.detected == (False, True, True, False)


def test_p_draws_a_sentence_in_without_a_role() -> None:
    passage = only("The [P1 fund closed] in May. This meant [R1 no more fares] and [O1 fewer visits].")
    (configuration,) = passage.configurations
    assert passage.detected == (True, True)
    assert {mark.role for mark in configuration.marks} == {Role.RESOURCE, Role.OUTCOME}


def test_marks_nest_across_configurations() -> None:
    passage = only("With [C1 time], [O1 staff [C2 who had cars] stayed] and [O2 drove].")
    assert passage.configurations[0].spans(Role.OUTCOME)[0].of(passage.text) == "staff who had cars stayed"


SECTION = """\
# section=results
In [C1 wards of strangers], the [R1 huddle] helped and [O1 errors fell]. It was short.

# section=results continues=yes
[M1 Doubt] meant that [O1 little changed].
"""


def test_paragraphs_that_continue_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "housing-1.txt").write_text(SECTION, "utf-8")
    (document,) = authored(tmp_path)
    assert document.is_running
    assert [sentence.block for sentence in document.sentences] == [0, 0, 1]
    assert [sentence.span.of(document.text) for sentence in document.sentences] == [
        sentence.text for sentence in document.sentences
    ]
    assert [one.outcome[0].of(document.text) for one in document.configurations] == ["errors fell", "little changed"]
    assert write(parse(SECTION, "housing-1.txt")[1]).startswith("# section=results continues=yes\n")


def test_negative_has_its_kind_and_no_detection() -> None:
    passage = only("# negative=methods section=methods\nWe recorded it all. Twice.")
    assert passage.negative is NegativeKind.METHODS
    assert passage.detected == (False, False)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nIn [C1 calm] it [O1 grew", 2, "not closed"),
        ("In [C1 calm] it grew]", 1, "none opened"),
        ("As said [12], in [C1 calm] it [O1 grew]", 1, "plain bracket"),
        ("A back\\slash", 1, "backslash"),
        ("In [C1 calm], it [O1 grew.]", 1, "a stop at an end"),
        ("In [C1 ] it [O1 grew]", 1, "empty"),
        ("In [C1 calm] only.", 1, "no outcome"),
        ("It [O1 grew].", 1, "neither context nor mechanism"),
        ("In [C1 [M1 calm]] it [O1 grew].", 1, "same words"),
        ("In [C2 calm] it [O2 grew].", 1, "without a gap"),
        ("#2 level=quote\nIn [C1 calm] it [O1 grew].", 1, "which has no mark"),
        ("In calm it grew.", 1, "negative="),
        ("# negative=aim\nIn [C1 calm] it [O1 grew].", 1, "negative="),
        ("In [C1 calm. All] was [O1 well].", 1, "crosses"),
        ("# colour=red negative=aim\nCalm.", 1, "known key"),
        ("# negative=aim negative=aim\nCalm.", 1, "known key"),
        ("# negative=calm\nCalm.", 1, "none of"),
        ("# negative=aim section=references\nCalm.", 1, "never evidence"),
        ("#one\nCalm.", 1, "a header is"),
        ("Calm.\n# negative=aim", 2, "below the prose"),
        ("# negative=aim\n\nCalm.", 1, "without a passage"),
        ("# negative=aim continues=yes\nCalm.", 1, "below a passage of the same section"),
        ("# negative=aim\nCalm.\n\n# negative=aim continues=no\nCalm.", 4, "or left out"),
        ("[C1 Calm] came. One. Two. Three. It [O1 grew].", 1, "spread over 5"),
    ],
)
def test_what_breaks_the_format_is_refused_by_line(text: str, line: int, words: str) -> None:
    with pytest.raises(MarkupError) as raised:
        parse(text, "housing-1.txt")
    assert str(raised.value).startswith(f"housing-1.txt:{line}: ")
    assert words in raised.value.message


def test_file_name_gives_the_field() -> None:
    with pytest.raises(MarkupError, match="Rename the file"):
        parse("Calm.", "housing.txt")


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MarkupError, match="no passages"):
        parse_folder(tmp_path)


WORDS = st.lists(st.text("ab[]\\é ", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=8, max_size=20)
TAGS = st.sampled_from(["C1", "R1", "M1", "O1", "C2", "O2", "C1,O2", "O1,C2", "P1", "P2"])


@given(WORDS, st.lists(TAGS, max_size=4), st.sampled_from(Level), st.sampled_from(Polarity))
def test_what_is_written_reads_the_same(pieces: list[str], tags: list[str], level: Level, polarity: Polarity) -> None:
    escaped = ["".join(f"\\{char}" if char in "[]\\" else char for char in piece) for piece in pieces]
    marked = [f"[{tag} {words}]" for tag, words in zip(["C1", "M2", "O1,O2", *tags], escaped, strict=False)]
    prose = ". Then ".join([" ".join(marked), " ".join(escaped[len(marked) :])])
    text = f"# level={level} polarity={polarity}\n{prose}."
    passages = parse(text, "housing-1.txt")
    again = parse("".join(write(passage) for passage in passages), "housing-1.txt")
    assert [p.text for p in passages] == [p.text for p in again]
    assert [p.configurations for p in passages] == [p.configurations for p in again]
    for passage in passages:
        for configuration in passage.configurations:
            assert all(configuration.extent.start <= m.span.start for m in configuration.marks)


def test_written_out_in_full() -> None:
    passage = only(RIPPLE)
    assert only(write(passage)).configurations == passage.configurations
    drawn = only("The [P1 fund] \\[2\\] closed. So [R1 fares] went and [O1 visits] too.")
    assert only(write(drawn)).configurations == drawn.configurations


def test_crossing_marks_cannot_be_written() -> None:
    passage = only("In [C1 calm it] grew and [O1 it] [C2 grew] and [O2 stayed].")
    first, second = passage.configurations
    crossing = type(second)(
        2,
        second.level,
        second.polarity,
        tuple(type(m)(type(m.span)(m.span.start - 17, m.span.end), m.role) for m in second.marks[:1])
        + second.marks[1:],
        second.extent,
    )
    object.__setattr__(passage, "configurations", (first, crossing))
    with pytest.raises(ValueError, match="cross"):
        write(passage)


def test_diversity_by_hand() -> None:
    # Four words, three of them different; three pairs, all different but for none.
    assert distinct(["calm seas calm skies"], 1) == pytest.approx(3 / 4)
    assert distinct(["calm seas calm skies"], 2) == 1.0
    assert distinct([], 1) != distinct([], 1)
    # Six words give two 5-grams each, of which one is shared: 1 / (2 + 2 - 1).
    (pair,) = near_duplicates(["a b c d e f", "b c d e f g", "h i j k l m"], threshold=0.3)
    assert (pair.left, pair.right) == (0, 1)
    assert pair.similarity == pytest.approx(1 / 3)
    assert frequent_openings(["One two three four", "one two three"]) == [("one two three", 2)]


def test_check_reports_warns_and_fails_on_repeats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "housing-1.txt"
    kept.write_text(RIPPLE + "\nIt [O1 grew] [C1 because of calm weather and kind winds].\n", "utf-8")
    assert main(["check", str(tmp_path)]) == 0
    out = capsys.readouterr()
    assert "passages 2, configurations 3" in out.out
    assert "opens with a connective" in out.err
    kept.write_text(RIPPLE + "\n" + RIPPLE, "utf-8")
    assert main(["check", str(tmp_path)]) == 1
    assert "near-duplicate 1.00: housing-1.txt:2 and housing-1.txt:9" in capsys.readouterr().err
    kept.write_text("Calm.", "utf-8")
    assert main(["check", str(tmp_path)]) == 1
    assert main(["look"]) == 2


@pytest.mark.skipif(not AUTHORED.is_dir(), reason="run from the root of the project")
def test_authored_passages_hold_to_the_format() -> None:
    passages = parse_folder(AUTHORED)
    for passage in passages:
        assert passage.negative is None or not any(passage.detected)
    assert not near_duplicates([passage.text for passage in passages])
