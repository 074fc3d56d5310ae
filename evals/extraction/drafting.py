"""A chat-model engine as a system that finds configurations."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.cmo import CandidateStatus, CmoConfiguration
from assistant.domain.spans import Quote, Span
from assistant.engines.protocol import Engine
from assistant.engines.waiting import result_of
from assistant.errors import ModelFailed
from assistant.presentation.contracts import engine_json
from assistant.work.extracting import extract_study
from evals.extraction.coding.files import CodedSpans
from evals.extraction.predictions import configurations_json
from evals.suite.corpora import World
from evals.suite.parts import Json, Sample


class Drafting:
    """An engine as ``realist extract`` runs it, each statement of a claim by itself as coders code it."""

    def __init__(self, world: World, engine: Engine) -> None:
        self._world = world
        self._engine = engine

    @property
    def settings(self) -> Json:
        """Engine, model and prompt."""
        return {"engine": engine_json(self._engine.drafting_record)}

    @property
    def in_hand(self) -> int:
        """Studies that keep the engine busy."""
        return self._engine.in_hand

    def predict(self, sample: Sample) -> Json:
        """The configurations found in a study; those with a quote that is not there count for nothing."""
        return result_of(self.predicted(sample))

    async def predicted(self, sample: Sample) -> Json:
        """The same, awaited.

        Raises:
            ModelFailed: If nothing usable came back; a study that was not read is unscored.
        """
        study = self._world.of(sample.set).study(sample.cluster)
        found = await extract_study(study, self._engine)
        if found.problems and not found.candidates:
            raise ModelFailed(f"nothing usable came back: {found.problems[0].reason}")
        return {
            "configurations": configurations_json(coded_candidates(found.candidates)),
            "problems": [f"{one.item}: {one.reason}" for one in found.problems],
            "usage": found.usage,
        }


def coded_candidates(candidates: Iterable[CmoConfiguration]) -> list[CodedSpans]:
    """Candidates in the form of a coding, each once: windows that overlap give some of them twice."""
    kept = {one.id: one for one in candidates if one.status is CandidateStatus.CANDIDATE}
    return [
        CodedSpans(
            id=f"s{number}",
            passage=_spans([one.evidence[0].quote])[0],
            context=_spans(one.context),
            resource=_spans(one.mechanism.resource),
            reasoning=_spans(one.mechanism.reasoning),
            outcome=_spans(one.outcome),
            level=one.level,
            polarity=one.polarity,
        )
        for number, one in enumerate(kept.values(), 1)
    ]


def _spans(quotes: Iterable[Quote]) -> tuple[Span, ...]:
    return tuple(quote.span for quote in quotes if quote.span)
