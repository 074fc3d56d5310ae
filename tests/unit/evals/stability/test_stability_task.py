"""How much of the evidence stays, worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from assistant.domain.answers import AbstentionReason, Claim, DraftAnswer
from assistant.domain.spans import Span
from evals.stability.task import PARAPHRASED, SHUFFLED, TWICE, drafted, kept, score_pair
from evals.suite.parts import Sample, Score

FIRST = [("a", Span(0, 10)), ("a", Span(20, 30)), ("b", Span(0, 10))]


def sample(kind: str) -> Sample:
    return Sample("digests/x", "digests", "a", ("q", "p"), None, kind)


def answer(*places: tuple[str, int, int], passages: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "abstained": not places,
        "citations": [{"study": study, "start": start, "end": end} for study, start, end in places],
        "passages": [{"study": "a", "start": start, "end": start + 5} for start in passages],
    }


def score(kind: str, first: Any, second: Any) -> Score:
    found = score_pair(sample(kind), {"first": first, "second": second})
    assert isinstance(found, Score)
    return found


def test_what_is_kept_is_a_share_of_the_first() -> None:
    second = [("a", Span(0, 10)), ("a", Span(25, 60)), ("c", Span(0, 10))]
    # the first span is the very same, the second is touched, the third is gone
    assert kept(FIRST, second, strict=True) == pytest.approx(1 / 3)
    assert kept(FIRST, second, strict=False) == pytest.approx(2 / 3)
    assert kept(FIRST, [], strict=False) == 0.0
    assert math.isnan(kept([], FIRST, strict=False))


def test_twice_is_the_same_or_is_not() -> None:
    one = answer(("a", 0, 10))
    assert score(TWICE, one, dict(one)).values == {"identical": 1.0}
    assert score(TWICE, one, answer(("a", 0, 11))).values == {"identical": 0.0}


def test_where_both_abstain_they_decide_alike_and_keep_nothing() -> None:
    both = score(SHUFFLED, answer(), answer())
    assert both.values["decision"] == 1.0 and math.isnan(both.values["citations strict"])
    one = score(SHUFFLED, answer(("a", 0, 10)), answer())
    assert (one.values["decision"], one.values["citations relaxed"]) == (0.0, 0.0)


def test_a_paraphrase_keeps_passages_too() -> None:
    found = score(PARAPHRASED, answer(("a", 0, 1), passages=(0, 10, 20, 30)), answer(("a", 0, 1), passages=(10, 40)))
    assert found.values["passages"] == 0.25


def test_a_draft_says_where_it_quotes() -> None:
    draft = DraftAnswer((Claim("x", (("a", "rested"), ("b", "slept")), (5, None)),))
    first, second = drafted(draft)["citations"]
    assert (first["start"], first["end"], second["start"], second["end"]) == (5, 11, None, None)
    assert drafted(DraftAnswer((), AbstentionReason.NO_EVIDENCE))["abstained"]
