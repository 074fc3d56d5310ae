from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.domain.answers import Question
from assistant.domain.study import SectionType
from assistant.retrieval.linear import LinearModel
from assistant.retrieval.retriever import Retriever


@pytest.fixture
def retriever(memory_index: Any, stem_encoder: Any) -> Retriever:
    return Retriever(memory_index, stem_encoder)


def test_the_passage_that_answers_comes_first(retriever: Retriever) -> None:
    found = retriever.retrieve(Question("why did nurses like the new rota?"))
    assert found[0].passage.study == "rota"
    assert found[0].passage.section is SectionType.RESULTS
    assert "because it left them time" in found[0].passage.text


def test_scores_fall_and_are_probabilities(retriever: Retriever) -> None:
    scores = [one.score for one in retriever.retrieve(Question("what did carers feel in the choir?"))]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_the_limit_is_kept(retriever: Retriever) -> None:
    assert len(retriever.retrieve(Question("rota garden choir"), limit=2)) == 2
    assert retriever.retrieve(Question("rota"), limit=0) == []


def test_keeps_to_the_studies_and_sections_asked_for(retriever: Retriever) -> None:
    within = retriever.retrieve(Question("why did carers sleep better?", studies=("garden",)))
    assert {one.passage.study for one in within} == {"garden"}
    methods = retriever.retrieve(Question("nurses", sections=(SectionType.METHODS,)))
    assert {one.passage.section for one in methods} == {SectionType.METHODS}


@pytest.mark.parametrize("text", ["", "?!", "why", "the of and"])
def test_nothing_is_found_for_no_words(retriever: Retriever, text: str) -> None:
    assert retriever.retrieve(Question(text)) == []


def test_looks_for_the_completed_follow_up(retriever: Retriever) -> None:
    found = retriever.retrieve(Question("why?", standalone="why did staff lock the garden door"))
    assert found[0].passage.study == "garden"


def test_the_same_question_finds_the_same(retriever: Retriever) -> None:
    question = Question("how many weeks did the choir meet")
    assert retriever.retrieve(question) == retriever.retrieve(question)


def test_references_are_never_found(retriever: Retriever) -> None:
    found = retriever.retrieve(Question("Imaginary Press rota design"), limit=50)
    assert found and not any("Imaginary" in one.passage.text for one in found)


def test_a_passage_only_the_words_found_gets_its_cosine(memory_index: Any, stem_encoder: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("assistant.retrieval.retriever.DEPTH", 1)
    question = Question("benches nights choir")
    retriever = Retriever(memory_index, stem_encoder, LinearModel(0.0, {"fused": 1.0}))
    vector = stem_encoder.embed([question.text])[0]
    for one in retriever.retrieve(question):
        own = float(np.dot(memory_index.vectors([one.passage.id])[0], vector))
        assert one.similarity == pytest.approx(own, abs=1e-6)
