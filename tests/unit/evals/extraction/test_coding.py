from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from evals.extraction.coding.draft import build, numbered
from evals.extraction.coding.files import Coding, Header, place, read_coding, write_coding
from evals.extraction.coding.selectors import resolve, select

PROSE = (
    "Wards were short of staff. The weekly huddle let nurses speak, so that nurses reported errors sooner. "
    "Where managers listened, trust grew."
)
DRAFT = """\
# a comment
1-2 finding enabling
C Wards were short of staff
R The weekly huddle
M let nurses speak
O nurses reported errors sooner
P If a short-staffed ward has a huddle, then errors come to light, because people dare to speak.

3 finding enabling
C managers listened
O trust grew
P If managers listen, trust grows.
= 1
N short
"""


def study(prose: str = PROSE) -> Study:
    blocks = [RawBlock(BlockKind.HEADING, "Results", level=1), RawBlock(BlockKind.PARAGRAPH, prose)]
    return build_study("s", SourceFile("s.txt", "0", "text"), RawStudy(blocks))


def test_sentences_are_numbered() -> None:
    assert [(number, span.of(study().text).split()[0]) for number, _, span in numbered(study())] == [
        (1, "Wards"),
        (2, "The"),
        (3, "Where"),
    ]


def test_a_draft_becomes_a_coding_without_words(tmp_path: Path) -> None:
    coded, faults = build(study(), DRAFT)
    assert faults == () and [one.same_as for one in coded] == [None, "c1"]
    header = Header("s", "0", study().sha256, "a", "a test", "2026-01-01", "1")
    write_coding(tmp_path / "s.jsonl", Coding(header, coded))
    text = (tmp_path / "s.jsonl").read_text()
    assert "weekly huddle" not in text and "short of staff" not in text
    read = read_coding(tmp_path / "s.jsonl")
    assert read == Coding(header, coded)
    placed, lost = place(read, study())
    assert lost == ()
    assert [span.of(study().text) for span in placed[0].outcome] == ["nurses reported errors sooner"]
    assert placed[0].passage.of(study().text).endswith("sooner.")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("1 finding\nO a\nP b", "is no 'first-last"),
        ("1 rumour enabling\nO a\nP b", "rumour"),
        ("9 finding enabling\nO trust\nC nurses\nP b", "not one to four"),
        ("1-2 finding enabling\nO nurses\nC Wards", "no proposition"),
        ("1-2 finding enabling\nO nurses\nP b", "at least one"),
        ("1-2 finding enabling\nO managers\nC Wards\nP b", "not in the sentences"),
        ("1-2 finding enabling\nO short of staff\nC short\nP b", "two roles"),
        ("1-2 finding enabling\nO nurses @3\nC Wards\nP b", "not "),
        ("1-2 finding enabling\nX nurses\nP b", "begins with none"),
        ("1-2 finding enabling\nO nurses\nC Wards\nP b\n= 7", "names no entry"),
    ],
)
def test_faults_name_the_line(entry: str, fault: str) -> None:
    _, faults = build(study(), entry)
    assert faults and faults[0].startswith("line ") and any(fault in line for line in faults)


def test_the_second_place_of_a_phrase() -> None:
    coded, faults = build(study(), "2 finding enabling\nO nurses @2\nR The weekly huddle\nP b")
    assert not faults
    assert coded[0].outcome[0].start == study().text.rindex("nurses")


def test_a_file_that_is_no_coding_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}")
    with pytest.raises(ValueError, match=r"x\.jsonl is no coding"):
        read_coding(tmp_path / "x.jsonl")


def test_places_survive_another_reading() -> None:
    text = study().text
    selector = select(text, Span(text.index("trust grew"), text.index("trust grew") + 10))
    moved = "trust grew elsewhere. A new opening paragraph.\n\n" + text.replace("  ", " ")
    found = resolve(selector, moved)
    assert found is not None and found.of(moved) == "trust grew" and found.start > 40
    assert resolve(selector, text.replace("trust", "doubt")) is None


words = st.lists(st.sampled_from(["trust", "grew", "as", "staff", "met,", "often."]), min_size=1, max_size=40)


@given(words, words, st.data())
def test_a_selector_finds_its_own_words(tokens: list[str], before: list[str], data: st.DataObject) -> None:
    text = " ".join(tokens)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    try:
        selector = select(text, span)
    except ValueError:
        assume(False)
    assert resolve(selector, text) == span
    moved = f"{' '.join(before)} {text}"
    found = resolve(selector, moved)
    assert found is not None
    assert select(moved, found).sha == selector.sha


def test_a_place_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole word"):
        select("a b", Span(1, 2))
