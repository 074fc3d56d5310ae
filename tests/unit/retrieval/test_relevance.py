from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.question import analyse
from assistant.retrieval.relevance import Candidate, coverage, relevance_features

STEMS = st.lists(st.sampled_from(["rota", "nurs", "rest", "ward"]), unique=True)


def candidate(index: Any, name: str, fused: float) -> Candidate:
    return Candidate(index.all[name], similarity=0.5, lexical=1.0, fused=fused, title="")


def test_coverage_weighs_rare_stems_more() -> None:
    rarity = {"rota": 3.0, "nurs": 1.0}
    # rota alone is 3 of 4
    assert coverage(("rota", "nurs"), frozenset({"rota"}), rarity) == pytest.approx(0.75)
    assert coverage((), frozenset({"rota"}), rarity) == 0.0


@given(STEMS, st.frozensets(st.sampled_from(["rota", "nurs", "rest"])))
def test_coverage_is_a_share(stems: list[str], within: frozenset[str]) -> None:
    assert 0.0 <= coverage(stems, within, {}) <= 1.0


def test_a_study_with_several_agreeing_passages_has_support(memory_index: Any) -> None:
    both = [candidate(memory_index, "rota:0", 0.02), candidate(memory_index, "rota:1", 0.02)]
    one = candidate(memory_index, "choir:0", 0.02)
    features = relevance_features(analyse("rota"), [*both, one], {})
    # rota: 2 of 3 places full; choir: 1 of 3; as shares of the best, 1 and 0.5
    assert [values["support"] for values in features] == pytest.approx([1.0, 1.0, 0.5])
    assert features[0]["neighbour"] == 1.0 and features[2]["neighbour"] == 0.0


def test_facts_are_sought_in_methods_and_reasons_in_results(memory_index: Any) -> None:
    methods, results = candidate(memory_index, "rota:0", 0.02), candidate(memory_index, "rota:1", 0.01)
    counting = relevance_features(analyse("how many nurses"), [methods, results], {})
    assert counting[0]["fact_in_methods"] == 1.0 and "fact_in_methods" not in counting[1]
    asking_why = relevance_features(analyse("why rest"), [methods, results], {})
    assert asking_why[0]["reason_in_methods"] == 1.0
    assert asking_why[1]["reason_in_results"] == 1.0


def test_no_candidates_no_features() -> None:
    assert relevance_features(analyse("rota"), [], {}) == []
