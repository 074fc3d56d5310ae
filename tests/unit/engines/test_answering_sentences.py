from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import Question
from assistant.domain.passages import RetrievedPassage
from assistant.engines.extractive.reranking import Bearing
from assistant.engines.extractive.sentences import Sentence, choose, sentence_features, sentences_of
from assistant.retrieval.question import analyse
from assistant.retrieval.retriever import Retriever


@pytest.fixture
def rota(memory_index: Any, stem_encoder: Any) -> list[RetrievedPassage]:
    return Retriever(memory_index, stem_encoder).retrieve(Question("rota nurses wards", studies=("rota",)))


def read(found: list[RetrievedPassage]) -> list[Sentence]:
    return sentences_of(found, [Bearing(0.0, (0.0,) * len(one.passage.sentences)) for one in found])


def test_sentences_are_verbatim_and_ranked_by_their_passage(rota: list[RetrievedPassage], small_world: Any) -> None:
    sentences = read(rota)
    assert all(one.span.of(small_world["rota"].text) == one.text for one in sentences)
    assert [one.rank for one in sentences] == sorted(one.rank for one in sentences)
    assert sentences[0].relevance == 0.0 and all(one.relevance <= 0 for one in sentences)


def test_a_sentence_that_points_back_leans(rota: list[RetrievedPassage]) -> None:
    leaning = {one.text.split()[0] for one in read(rota) if one.leans}
    assert leaning == {"They"}


def test_a_sentence_knows_its_neighbours_stems(rota: list[RetrievedPassage]) -> None:
    traded = next(one for one in read(rota) if one.text.startswith("They also"))
    assert "rest" not in traded.stems and "rest" in traded.around


def test_figures_beside_the_asked_noun_are_told(rota: list[RetrievedPassage]) -> None:
    asked = analyse("how many nurses")
    sentences = read(rota)
    features = sentence_features(asked, sentences, {})
    beside = [one.text for one, values in zip(sentences, features, strict=True) if values.get("figure_beside")]
    assert beside == ["We spoke with 44 nurses on six wards in Leeds."]


def sentence(*stems: str) -> Sentence:
    return Sentence(None, 0, "x", 0, 0.0, frozenset(stems), frozenset(), 0.0)  # type: ignore[arg-type]


def test_a_repeat_gives_way_to_another_sentence() -> None:
    sentences = [sentence("rota", "rest"), sentence("rota", "rest"), sentence("choir")]
    assert choose([3.0, 2.9, 2.5], sentences, limit=2, penalty=5.0) == [0, 2]
    assert choose([3.0, 2.9, 2.5], sentences, limit=2, penalty=0.0) == [0, 1]


@given(st.lists(st.integers(min_value=-5, max_value=5), max_size=8), st.integers(min_value=0, max_value=10))
def test_chooses_distinct_sentences_best_first(scores: list[int], limit: int) -> None:
    chosen = choose(scores, [sentence("rota")] * len(scores), limit)
    assert len(chosen) == len(set(chosen)) == min(limit, len(scores))
    assert not chosen or scores[chosen[0]] == max(scores)
