"""What the cascade's report counts, on a study whose numbers are worked by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.cmo import Level, Polarity
from assistant.domain.spans import Span
from assistant.engines.model.windows import WindowSize
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import SentenceInPlace
from evals.extraction.cascade import THRESHOLDS, Remembered, compare, table
from evals.extraction.coding.files import CodedSpans
from evals.extraction.evaluate import CodedStudy
from tests.unit.engines.model.scripted import study_of


class Counting:
    """Detects the first sentence surely, the third a little, and counts how often it is asked."""

    name = "counting/1"

    def __init__(self) -> None:
        self.asked = 0

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        self.asked += 1
        return [0.9, 0.0, 0.25, 0.0]


def coded() -> CodedStudy:
    """Passages of the first sentence, of the third, and of the second and third together."""
    study = study_of()
    sentences = codable_sentences(study)
    spans = [one.span for one in sentences]
    passages = [spans[0], spans[2], Span(spans[1].start, spans[2].end)]
    gold = tuple(
        CodedSpans(f"c{number}", passage, (), (), (), (), Level.FINDING, Polarity.ENABLING)
        for number, passage in enumerate(passages)
    )
    return CodedStudy(study, sentences, {"gold": gold}, 0)


def test_a_passage_is_kept_where_it_is_sent_whole() -> None:
    detector = Counting()
    rows = compare([coded()], Remembered(detector), 0, WindowSize())

    assert rows["everything"][0].kept == 1.0
    # At 0.20 the first and third sentences are sent: two of three passages. At 0.30 the first alone: one of three.
    assert math.isclose(rows["cascade 0.20"][0].kept, 2 / 3)
    assert math.isclose(rows["cascade 0.30"][0].kept, 1 / 3)
    assert rows["cascade 0.30"][0].tokens < rows["cascade 0.20"][0].tokens < rows["everything"][0].tokens
    assert detector.asked == 1 and len(rows) == 1 + len(THRESHOLDS)


def test_neighbours_bring_the_second_sentence_back() -> None:
    assert compare([coded()], Counting(), 1, WindowSize())["cascade 0.20"][0].kept == 1.0


def test_the_table_says_what_is_saved() -> None:
    rows = compare([coded()], Counting(), 0, WindowSize())
    lines = list(table(rows, 10_000))
    whole = rows["everything"][0].tokens
    assert lines[2] == f"| everything | 1.000 | 1.000 | 1 | {whole:,} | 1.00 |"
    assert len(lines) == 2 + len(rows)


def test_a_study_without_a_coding_counts_for_nothing() -> None:
    bare = replace(coded(), codings={"gold": ()})
    rows = compare([coded(), bare], Counting(), 0, WindowSize())
    assert math.isnan(rows["everything"][1].kept)
    assert next(iter(list(table(rows, 10_000))[2:])).startswith("| everything | 1.000 |")
