from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, PageBox, SourceFile, Study
from assistant.readers.builder import RawBlock, RawLine, RawStudy, build_study


def study() -> Study:
    text = "Ten plots were free and five were let again."
    lines = (RawLine(0, 14, PageBox(1, 50, 100, 190, 112)), RawLine(15, 44, PageBox(1, 50, 112, 340, 124)))
    heading = RawBlock(BlockKind.HEADING, "Plots", level=1)
    return build_study(
        "s", SourceFile("s", "0", "x"), RawStudy([heading, RawBlock(BlockKind.PARAGRAPH, text, lines=lines)])
    )


def test_a_span_over_two_lines_has_two_boxes_cut_to_its_words() -> None:
    read = study()
    start = read.text.index("were free")
    first, second = read.boxes(Span(start, start + len("were free")))
    # The first line has 14 characters over 140 points, of which the span takes the last 4;
    # of the second it takes the first 4 of 29.
    assert first == PageBox(1, 150, 100, 190, 112)
    assert (second.x0, round(second.x1, 1)) == (50, 90)


def test_a_span_beside_all_lines_has_no_box() -> None:
    assert study().boxes(Span(0, 5)) == ()


def test_lines_of_text_that_had_to_be_cleaned_are_dropped() -> None:
    block = RawBlock(BlockKind.PARAGRAPH, "two  spaces", lines=(RawLine(0, 11, PageBox(1, 0, 0, 1, 1)),))
    assert build_study("s", SourceFile("s", "0", "x"), RawStudy([block])).lines == ()


@given(st.integers(0, 45), st.integers(1, 50))
def test_boxes_lie_within_their_lines(start: int, length: int) -> None:
    read = study()
    for box in read.boxes(Span(start, start + length)):
        assert 50 <= box.x0 < box.x1 <= 340 and box.y1 - box.y0 == 12
