"""The cascade sends the surroundings of what is detected, and the engine names all that decides that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from assistant.engines.model.cascade import Cascade
from assistant.engines.model.engine import ModelEngine
from assistant.engines.model.windows import WindowSize
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import SentenceInPlace

from .scripted import PROMPTS, Scripted, given, study_of


@dataclass(frozen=True)
class Words:
    """Detects sentences that hold a word."""

    word: str
    name: str = "words/1"

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        return [0.6 if self.word in one.text else 0.1 for one in sentences]


def engine(caller: Scripted, word: str = "Porters", threshold: float = 0.3, beside: int = 0) -> ModelEngine:
    return ModelEngine("openai:x", caller, PROMPTS, cascade=Cascade(Words(word), threshold, beside))


@pytest.mark.parametrize(("beside", "sentences"), [(0, 1), (1, 3), (9, 4)])
def test_neighbours_go_along(beside: int, sentences: int) -> None:
    caller = Scripted([{"configurations": []}])
    asyncio.run(engine(caller, beside=beside).drafts(study_of()))
    assert given(caller.asked[0]).count(".") == sentences and "Porters stayed on" in given(caller.asked[0])


def test_a_threshold_is_passed_when_it_is_reached() -> None:
    sentences = codable_sentences(study_of())
    assert Cascade(Words("Porters"), 0.6, 0).look(sentences) == [(2,)]
    assert Cascade(Words("Porters"), 0.61, 0).look(sentences) == []
    assert Cascade(Words("Porters"), 0.1, 0).look(sentences) == [(0, 1, 2, 3)]


def test_where_nothing_is_detected_nothing_is_asked() -> None:
    caller = Scripted([])
    found = asyncio.run(engine(caller, word="whales").drafts(study_of()))
    assert not found.configurations and not found.problems and not caller.asked


def test_records_differ_where_candidates_may() -> None:
    caller = Scripted([])
    engines = [
        engine(caller),
        engine(caller, threshold=0.4),
        engine(caller, beside=1),
        ModelEngine("openai:x", caller, PROMPTS),
        ModelEngine("openai:x", caller, PROMPTS, size=WindowSize(5_000)),
        ModelEngine("openai:y", caller, PROMPTS),
    ]
    assert len({one.drafting_record for one in engines}) == len(engines)
    assert len({one.record for one in engines}) == 2
    assert engines[0].record.prompt == PROMPTS.answer.record
    assert engines[0].drafting_record.prompt == PROMPTS.draft.record
