from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import reciprocal_rank, repeats, shingles, without_repeats

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)


def test_sums_reciprocal_ranks_over_rankings() -> None:
    fused = reciprocal_rank([["a", "b"], ["b", "c"]], constant=60)
    # b: 1/62 + 1/61; a: 1/61; c: 1/62
    assert list(fused) == ["b", "a", "c"]
    assert fused["b"] == pytest.approx(0.016129 + 0.016393, abs=1e-6)
    assert fused["a"] == pytest.approx(1 / 61)


def test_equal_sums_keep_the_order_of_meeting() -> None:
    assert list(reciprocal_rank([["x", "y"], ["y", "x"]])) == ["x", "y"]


@given(RANKINGS)
def test_holds_every_id_once_and_falls(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank(rankings)
    assert set(fused) == {name for ranking in rankings for name in ranking}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_one_ranking_is_kept_as_it_is(ranking: list[str]) -> None:
    assert list(reciprocal_rank([ranking])) == ranking


def test_a_near_copy_is_left_out_and_the_first_one_kept() -> None:
    first = "Ward staff welcomed the new rota because it left them time to rest between shifts."
    copy = "Ward staff had welcomed the new rota because it left them time to rest between the shifts."
    other = "Managers saw no saving in the first year."
    assert without_repeats([first, other, copy]) == [0, 1]


def test_a_text_repeats_itself_and_nothing_repeats_an_empty_one() -> None:
    text = "The rota left staff time to rest."
    assert repeats(shingles(text), shingles(text))
    assert not repeats(shingles(text), shingles(""))


@given(st.lists(st.text(alphabet="ab ", max_size=12), max_size=6))
def test_what_is_kept_is_in_order_and_never_empty(texts: list[str]) -> None:
    kept = without_repeats(texts)
    assert kept == sorted(set(kept))
    assert not texts or kept[0] == 0
