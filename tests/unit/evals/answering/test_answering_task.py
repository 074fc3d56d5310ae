"""The scores of answers, worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from assistant.domain.spans import Span
from assistant.engines.extractive.reranking import reranker_in
from evals.answering.asking import WEIGHTS, shared_settings
from evals.answering.measures import Hits, hits, holds, supports
from evals.answering.samples import QuestionGold
from evals.answering.task import METRICS, points_covered, score_answer
from evals.suite.parts import Item, Sample, Score, Unscored

PIECES = (((("a", Span(0, 10))), ("a", Span(50, 60))), (("b", Span(0, 20)),))


def sample(kind: str = "factoid", pieces: Any = PIECES, points: tuple[str, ...] = (), lost: int = 0) -> Sample:
    return Sample("digests/q", "digests", "a", "why?", QuestionGold(pieces, points, lost), kind)


def cited(*places: tuple[str, int, int], status: str = "exact") -> list[dict[str, Any]]:
    return [
        {"study": study, "quote": "x", "start": start, "end": end, "status": status} for study, start, end in places
    ]


def answer(*places: tuple[str, int, int], text: str = "") -> dict[str, Any]:
    return {"answer": text, "abstained": False, "citations": cited(*places)}


def abstained(reason: str) -> dict[str, Any]:
    return {"answer": "", "abstained": True, "reason": reason, "citations": []}


def values(one: Sample, prediction: dict[str, Any]) -> dict[str, float]:
    found = score_answer(one, prediction)
    assert isinstance(found, Score)
    return dict(found.values)


def metric(name: str, *pairs: tuple[Sample, dict[str, Any]]) -> float:
    items = [
        Item(str(at), one.set, one.cluster, one.kind, one.split, score_answer(one, prediction))
        for at, (one, prediction) in enumerate(pairs)
    ]
    return next(one for one in METRICS if one.name == name).value(items)


def test_strict_wants_the_sentence_whole_and_relaxed_a_character_of_it() -> None:
    assert hits(PIECES, [("a", Span(5, 70))]) == Hits(0.5, True)
    assert hits(PIECES, [("a", Span(5, 12))], strict=True) == Hits(0.0, False)
    assert hits(PIECES, [("a", Span(45, 70)), ("b", Span(0, 20))], strict=True) == Hits(1.0, True)
    assert not holds(("b", Span(0, 90)), ("a", Span(0, 10)), strict=False)


def test_a_citation_is_strictly_right_where_nothing_stands_beside_the_evidence() -> None:
    assert supports(("a", Span(0, 10)), PIECES, strict=True)
    assert not supports(("a", Span(0, 11)), PIECES, strict=True)
    assert supports(("a", Span(9, 30)), PIECES, strict=False)
    assert not supports(("a", Span(10, 30)), PIECES, strict=False)


def test_recall_and_precision_of_citations() -> None:
    # Cited: part of piece 1 with more beside it, nothing of piece 2, and a place without evidence.
    found = values(sample(), answer(("a", 5, 30), ("a", 80, 90)))
    assert (found["recall relaxed"], found["recall strict"]) == (0.5, 0.0)
    assert (found["any relaxed"], found["any strict"]) == (1.0, 0.0)
    assert (found["right relaxed"], found["right strict"], found["located"]) == (1.0, 0.0, 2.0)
    assert found["characters"] == 25 + 10


def test_precision_is_over_all_citations_and_not_over_answers() -> None:
    pairs = [(sample(), answer(("a", 0, 10))), (sample(), answer(("a", 20, 30), ("a", 30, 40), ("b", 0, 5)))]
    # 1 of 1 and 1 of 3 right: 2 of 4
    assert metric("citation precision", *pairs) == 0.5


def test_an_answer_held_back_finds_nothing_but_spoils_no_precision() -> None:
    pairs = [(sample(), answer(("a", 0, 10), ("b", 0, 20))), (sample(), abstained("no_evidence"))]
    assert metric("evidence recall", *pairs) == 0.5
    assert metric("citation precision", *pairs) == 1.0
    assert metric("abstained, answerable", *pairs) == 0.5


def test_a_quote_that_was_not_found_is_no_evidence_and_does_not_resolve() -> None:
    prediction = answer(("a", 0, 10))
    prediction["citations"] += [{"study": "a", "quote": "y", "start": None, "end": None, "status": "not_found"}]
    assert metric("citations that resolve", (sample(), prediction)) == 0.5
    assert metric("citation precision", (sample(), prediction)) == 1.0


def test_abstaining_is_counted_by_reason() -> None:
    silent, out = sample("unanswerable", ()), sample("out_of_scope", ())
    pairs = [
        (silent, abstained("not_retrieved")),  # right
        (silent, abstained("out_of_scope")),  # abstained, for the wrong reason
        (silent, answer(("a", 0, 10))),  # should have abstained
        (out, abstained("out_of_scope")),  # right
        (out, abstained("no_evidence")),  # abstained, for the wrong reason
        (sample(), abstained("no_evidence")),  # should have answered
    ]
    assert metric("abstained, corpus silent", *pairs) == pytest.approx(2 / 3)
    assert metric("abstention precision", *pairs) == pytest.approx(4 / 5)
    assert metric("abstention recall", *pairs) == pytest.approx(4 / 5)
    # out of scope was said twice, once rightly, and was so twice
    assert metric("out of scope, precision", *pairs) == 0.5
    assert metric("out of scope, recall", *pairs) == 0.5
    # one of the other reasons was given three times, once rightly, and fitted three times
    assert metric("no evidence or not retrieved, precision", *pairs) == pytest.approx(1 / 3)
    assert metric("no evidence or not retrieved, recall", *pairs) == pytest.approx(1 / 3)


def test_abstention_agrees_with_sklearn() -> None:
    from sklearn.metrics import precision_score, recall_score

    wanted, said = [1, 1, 1, 0, 0, 0, 0], [1, 0, 1, 1, 0, 0, 1]
    pairs = [
        (sample("unanswerable", ()) if want else sample(), abstained("no_evidence") if say else answer(("a", 0, 10)))
        for want, say in zip(wanted, said, strict=True)
    ]
    assert metric("abstention precision", *pairs) == pytest.approx(precision_score(wanted, said))
    assert metric("abstention recall", *pairs) == pytest.approx(recall_score(wanted, said))


def test_a_point_is_covered_by_its_stems() -> None:
    points = ("lost four nurses", "rested staff")
    said = "Four nurses were losing sleep."
    # point 1: four, nurs of lost, four, nurs ("losing" stems to lose): 2 of 3; point 2: neither of rest, staff
    assert points_covered(points, said, strict=False) == 0.5
    assert points_covered(points, said, strict=True) == 0.0
    assert points_covered(("four nurses",), said, strict=True) == 1.0
    assert math.isnan(points_covered((), said, strict=True))


def test_an_abstention_covers_no_point() -> None:
    one = sample(points=("four nurses",))
    held = {**abstained("no_evidence"), "answer": "four nurses"}
    assert values(one, held)["points relaxed"] == 0.0
    assert values(one, answer(text="four nurses"))["points relaxed"] == 1.0


def test_a_question_whose_evidence_is_lost_is_unscored() -> None:
    assert isinstance(score_answer(sample(lost=1), answer(("a", 0, 10))), Unscored)


def test_a_record_names_every_weight_that_bears_on_an_answer(stem_encoder: Any) -> None:
    settings = shared_settings(stem_encoder)
    assert set(settings["weights"]) == set(WEIGHTS)
    assert settings["reranker"] == reranker_in().card()["name"] and settings["embedder"] == stem_encoder.fingerprint
