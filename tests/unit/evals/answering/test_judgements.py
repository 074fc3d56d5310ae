"""What readings of answers come to, worked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.domain.spans import Span
from evals.answering.judgements import judged_values, judgements
from evals.answering.samples import QuestionGold
from evals.answering.task import METRICS, facing, score_answer
from evals.suite.exports import markdown, results_json
from evals.suite.facing import Excerpt
from evals.suite.parts import Item, Sample, Score
from evals.suite.records import Header, Record, read_record, write_record
from evals.suite.results import Results
from evals.suite.views import judgement_line

POINTS = ("rested staff", "four nurses")
PIECE = (("a", Span(0, 10)),)
FAILED = {"problem": "no verdict, or more than one, on P2"}


def said(*quotes: str) -> dict[str, Any]:
    return {"said": list(quotes)}


def judged(*readings: dict[str, Any]) -> dict[str, Any]:
    return {"judged": {"points": list(POINTS), "readings": list(readings)}}


def item(id: str, cluster: str, *readings: dict[str, Any]) -> Item:
    return Item(f"digests/{id}", "digests", cluster, "factoid", "test", Score(judged_values(readings), ""))


TWO = item("1", "a", said("x", ""), said("x", "y"), said("", ""))  # 1/2, 1, 0
ONE = item("2", "b", said("x"), said("x"), said(""))  # 1, 1, 0
LOST = item("3", "c", said("x"), FAILED, said("x"))
RECORD = Record(Header(), {("answering", "model"): (TWO, ONE, LOST)})


def test_a_reading_is_worth_the_share_of_the_points_that_it_found() -> None:
    values = judged_values([said("x", "", "", "y"), said("", "", "", "")])
    # 2 of 4, then 0 of 4; mean 1/4
    assert values == {"judged": 0.25, "judged 1": 0.5, "judged 2": 0.0}
    assert judged_values([]) == {}


def test_a_reading_that_failed_is_undefined_and_not_nothing() -> None:
    values = judged_values([said("x"), FAILED])
    assert values["judged 1"] == 1.0
    assert math.isnan(values["judged 2"]) and math.isnan(values["judged"])


def test_mean_and_range_are_over_the_answers_that_every_reading_could_judge() -> None:
    (one,) = judgements(RECORD)
    # readings: (1/2 + 1)/2 = 3/4; (1 + 1)/2 = 1; 0. Mean over answers: (1/2 + 2/3)/2 = 7/12. The third is left out.
    assert one.readings == (0.75, 1.0, 0.0) and (one.lowest, one.highest) == (0.0, 1.0)
    assert one.mean.value == pytest.approx(7 / 12)
    # Draws of two clusters are worth 1/2, 7/12 or 2/3, so that the interval ends there.
    assert (one.mean.low, one.mean.high) == pytest.approx((1 / 2, 2 / 3))
    assert (one.answers, one.unscored, one.system, one.set) == (2, 1, "model", "digests")


def test_where_nothing_could_be_read_nothing_is_said() -> None:
    (one,) = judgements(Record(Header(), {("answering", "model"): (LOST,)}))
    assert math.isnan(one.mean.value) and (one.answers, one.unscored) == (0, 1)
    assert judgement_line(one).startswith("judged, digests, model: – of the answer points; – to – over 3 readings")


def test_readings_outlive_being_written_down(tmp_path: Any) -> None:
    write_record(tmp_path / "r.jsonl", RECORD)
    # equal to six digits, which is what a record keeps
    assert [judgement_line(one) for one in judgements(read_record(tmp_path / "r.jsonl"))] == [
        "judged, digests, model: 0.58 (0.50–0.67) of the answer points; 0.00 to 1.00 over 3 readings; "
        "2 answers, 1 unscored"
    ]


def test_a_judge_is_reported_apart_and_no_metric_that_a_gate_could_name_sees_it() -> None:
    results = Results(RECORD, (), (), gated=True)
    (found,) = results_json(results)["judged"]
    assert (found["readings"], found["answers"], found["unscored"]) == ([0.75, 1.0, 0.0], 2, 1)
    assert judgement_line(results.judgements[0]) in markdown(results)
    assert not [metric for metric in METRICS if "judged" in f"{metric.part} {metric.whole}"]


def test_each_point_is_shown_beside_the_words_that_readings_found() -> None:
    world: Any = SimpleNamespace(of=lambda name: None)
    sample = Sample("digests/q", "digests", "a", "why?", QuestionGold((), POINTS, 0))
    readings = [said("staff slept", ""), said("staff slept", "four left"), FAILED]
    prediction = {"answer": "", "abstained": True, "citations": [], **judged(*readings)}
    *_, first, second = facing(world, sample, prediction).rows
    assert first[0] == Excerpt("rested staff", head="point of the answer")
    # The reading that failed is of neither view.
    assert first[1] == Excerpt("staff slept", head="judged: made in 2 of 2 readings")
    assert second[1] == Excerpt("four left", head="judged: made in 1 of 2 readings")


def test_a_score_takes_the_readings_from_the_prediction() -> None:
    assert scored_on(POINTS, PIECE).get("judged") == 0.5
    assert "judged" not in scored_on(POINTS)  # the texts are silent


def test_readings_about_other_points_than_the_gold_has_now_count_for_nothing() -> None:
    values = scored_on(("rested staff", "five nurses"), PIECE)
    assert math.isnan(values["judged"]) and math.isnan(values["judged 1"])


def scored_on(points: tuple[str, ...], *pieces: Any) -> Mapping[str, float]:
    prediction = {"answer": "", "abstained": False, "citations": [], **judged(said("x", ""))}
    score = score_answer(Sample("digests/q", "digests", "a", "why?", QuestionGold(pieces, points, 0)), prediction)
    assert isinstance(score, Score)
    return score.values
