from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import Question
from assistant.domain.passages import RetrievedPassage
from assistant.engines.extractive.sentences import Sentence, choose, likeliest, sentence_features, sentences_of
from assistant.retrieval.question import analyse
from assistant.retrieval.retriever import Retriever


@pytest.fixture
def rota(memory_index: Any, stem_encoder: Any) -> list[RetrievedPassage]:
    return Retriever(memory_index, stem_encoder).retrieve(Question("rota nurses wards", studies=("rota",)))


def test_sentences_are_verbatim_and_ranked_by_their_passage(rota: list[RetrievedPassage], small_world: Any) -> None:
    sentences = sentences_of(rota)
    assert all(one.span.of(small_world["rota"].text) == one.text for one in sentences)
    assert [one.rank for one in sentences] == sorted(one.rank for one in sentences)
    assert sentences[0].relevance == 0.0 and all(one.relevance <= 0 for one in sentences)


def test_a_sentence_that_points_back_leans(rota: list[RetrievedPassage]) -> None:
    leaning = {one.text.split()[0] for one in sentences_of(rota) if one.leans}
    assert leaning == {"They"}


def test_a_sentence_knows_its_neighbours_stems(rota: list[RetrievedPassage]) -> None:
    traded = next(one for one in sentences_of(rota) if one.text.startswith("They also"))
    assert "rest" not in traded.stems and "rest" in traded.around


def test_figures_beside_the_asked_noun_are_told(rota: list[RetrievedPassage]) -> None:
    asked = analyse("how many nurses")
    sentences = sentences_of(rota)
    features = sentence_features(asked, sentences, [0.0] * len(sentences), {})
    beside = [one.text for one, values in zip(sentences, features, strict=True) if values.get("figure_beside")]
    assert beside == ["We spoke with 44 nurses on six wards in Leeds."]


def test_the_likeliest_hold_the_question_s_words(rota: list[RetrievedPassage]) -> None:
    kept = likeliest(analyse("why cover nights"), sentences_of(rota), {}, 1)
    assert [one.text.split()[0] for one in kept] == ["Two"]


@given(st.integers(min_value=0, max_value=6))
def test_likeliest_keeps_order_and_limit(limit: int) -> None:
    sentences = [Sentence(None, at, "x", 0, 0.0, frozenset(), frozenset()) for at in range(5)]  # type: ignore[arg-type]
    assert [one.number for one in likeliest(analyse("rota"), sentences, {}, limit)] == list(range(min(limit, 5)))


def test_a_repeat_gives_way_to_another_sentence() -> None:
    vectors = np.asarray([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert choose([3.0, 2.9, 2.5], vectors, limit=2, penalty=5.0) == [0, 2]
    assert choose([3.0, 2.9, 2.5], vectors, limit=2, penalty=0.0) == [0, 1]


@given(st.lists(st.integers(min_value=-5, max_value=5), max_size=8), st.integers(min_value=0, max_value=10))
def test_chooses_distinct_sentences_best_first(scores: list[int], limit: int) -> None:
    vectors = np.ones((len(scores), 2), dtype=np.float32)
    chosen = choose(scores, vectors, limit)
    assert len(chosen) == len(set(chosen)) == min(limit, len(scores))
    assert not chosen or scores[chosen[0]] == max(scores)
