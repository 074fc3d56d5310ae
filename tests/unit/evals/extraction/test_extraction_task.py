"""Codings as predictions, and what the task adds to the codebook's metrics, worked by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from assistant.domain.cmo import Level
from assistant.domain.spans import Span
from evals.extraction.evaluate import CodedStudy
from evals.extraction.metrics import Counts, compare, configuration_counts, exact_counts, recall_by_level
from evals.extraction.predictions import configurations_json, configurations_of
from evals.extraction.task import score_coding
from evals.suite.parts import Sample, Score, Unscored

from .test_extraction_metrics import FIRST, SECOND, SENTENCES, TEXT, coded

GOLD = (coded(FIRST, context=(0, 4), outcome=(5, 9)), coded(SECOND, reasoning=(16, 20), outcome=(21, 25)))


class Text:
    text = TEXT


class Sentence:
    def __init__(self, span: Span) -> None:
        self.span = span


def sample(codings: dict[str, Any], lost: int = 0) -> Sample:
    study: Any = Text()
    sentences: Any = tuple(map(Sentence, SENTENCES))
    return Sample("digests/x", "digests", "x", (), CodedStudy(study, sentences, codings, lost))


def values(one: Sample, prediction: dict[str, Any]) -> dict[str, float]:
    found = score_coding(one, prediction)
    assert isinstance(found, Score)
    return dict(found.values)


def test_a_coding_survives_being_written_as_json() -> None:
    raw = json.loads(json.dumps(configurations_json(GOLD)))
    assert configurations_of(raw) == GOLD
    assert raw[0]["context"] == [[0, 4]] and "aaaa" not in json.dumps(raw)


def test_exact_spans_are_the_same_to_the_character() -> None:
    found = [coded(FIRST, context=(0, 4), outcome=(5, 14)), coded(SECOND, resource=(16, 20), outcome=(21, 25))]
    # context and, mechanism being one, the second mechanism and outcome; the first outcome ends elsewhere
    assert exact_counts(GOLD, found) == Counts(hits=3, spurious=1, missed=1)


def test_recall_by_level_asks_for_the_gold_level_only() -> None:
    gold = [GOLD[0], replace(GOLD[1], level=Level.QUOTE)]
    found = [GOLD[1]]
    # the quote is found although it is called a finding; the finding is not
    assert recall_by_level(gold, found, TEXT) == {"finding": 0.0, "quote": 1.0}
    assert recall_by_level([], found, TEXT) == {}


def test_strict_configurations_need_more_than_half() -> None:
    # outcome: 4 of 8 found characters are gold's 4: F1 2*4/(4+8) = 2/3; context 1; mean 5/6, a match at 0.8 as well
    wide = [coded(FIRST, context=(0, 4), outcome=(5, 14))]
    assert configuration_counts(GOLD[:1], wide, TEXT, 0.8) == Counts(1, 0, 0)
    # context missing: (0 + 1)/2 = 1/2, a match at 0.5 only
    bare = [coded(FIRST, outcome=(5, 9))]
    scores = compare(GOLD[:1], bare, TEXT, SENTENCES)
    assert (scores["configurations"], scores["configurations strict"]) == (1.0, 0.0)


def test_gold_is_the_adjudicated_coding_else_the_mean_over_coders() -> None:
    prediction = {"configurations": configurations_json(GOLD)}
    assert values(sample({"a": (), "b": (), "adjudicated": GOLD}), prediction)["configurations"] == 1.0
    # against a: 1; against b, which has the first one only: 2*1/(2*1 + 1 spurious) = 2/3; mean 5/6
    both = values(sample({"a": GOLD, "b": GOLD[:1]}), prediction)
    assert both["configurations"] == pytest.approx(5 / 6)
    assert both["candidates"] == 2.0


def test_coders_are_scored_against_one_another_and_not_against_the_gold() -> None:
    one = sample({"a": GOLD[:1], "b": GOLD, "adjudicated": ()})
    prediction = {"configurations": configurations_json(GOLD), "against": "a"}
    assert values(one, prediction)["configurations"] == pytest.approx(2 / 3)
    assert isinstance(score_coding(one, {"configurations": [], "against": ""}), Unscored)


def test_a_study_that_reads_otherwise_is_unscored() -> None:
    assert isinstance(score_coding(sample({"a": GOLD}, lost=1), {"configurations": []}), Unscored)


def test_nothing_found_is_zero_where_there_was_something() -> None:
    found = values(sample({"a": GOLD}), {"configurations": []})
    assert found["configurations"] == 0.0 and found["recall finding"] == 0.0
    assert math.isnan(found["configuration precision"])


def test_alpha_is_krippendorffs() -> None:
    import krippendorff

    prediction = {"configurations": configurations_json(GOLD[:1])}
    # characters of the three sentences: 13 each; a has C 4, O 4 in the first and M 4, O 4 in the second, the
    # prediction only the first sentence's
    ours = [1] * 4 + [4] * 4 + [0] * 5 + [2] * 4 + [4] * 4 + [0] * 5 + [0] * 13
    theirs = [1] * 4 + [4] * 4 + [0] * 5 + [0] * 26
    expected = krippendorff.alpha(reliability_data=[ours, theirs], level_of_measurement="nominal")
    assert values(sample({"a": GOLD}), prediction)["alpha"] == pytest.approx(expected)
