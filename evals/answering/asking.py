"""The tool as a system that answers questions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources

from assistant.domain.answers import Question
from assistant.domain.spans import Span
from assistant.embedding.minilm import question_encoder_in
from assistant.embedding.protocol import Embedder
from assistant.engines.extractive.opening import packaged_engine
from assistant.engines.extractive.reranking import reranker_in
from assistant.engines.protocol import Engine
from assistant.engines.waiting import result_of
from assistant.presentation.contracts import answer_json, engine_json
from assistant.retrieval.retriever import DEFAULT_PASSAGES
from assistant.text.chunking import ChunkSize
from assistant.work.answering import Asker
from evals.answering.measures import Place
from evals.suite.corpora import World
from evals.suite.parts import Json, Sample

WEIGHTS: Mapping[str, str] = {
    "relevance": "assistant.retrieval",
    "sentences": "assistant.engines.extractive",
    "evidence": "assistant.engines.extractive",
}
"""Files of fitted weights and the package of each."""


class Answering:
    """The default engine over the shipped encoder, as `realist ask` runs it; or another engine in its place."""

    def __init__(self, world: World, engine: Engine | None = None) -> None:
        self._world = world
        self._engine = engine or packaged_engine(world.cache)
        self._askers: dict[str, Asker] = {}

    @property
    def settings(self) -> Json:
        """Engine, encoder, sizes and the hashes of the weights."""
        return {
            "engine": engine_json(self._engine.record),
            "passages": DEFAULT_PASSAGES,
            **shared_settings(self._world.encoder),
        }

    def predict(self, sample: Sample) -> Json:
        """The answer to a question, as ``realist ask --json`` prints it."""
        return result_of(self.predicted(sample))

    @property
    def in_hand(self) -> int:
        """Questions that keep the engine busy."""
        return self._engine.in_hand

    async def predicted(self, sample: Sample) -> Json:
        """The same, awaited."""
        answer = answer_json(await self.asker(sample.set).answered(Question(sample.input)))
        del answer["seconds"]
        return answer

    def asker(self, sample_set: str) -> Asker:
        """Who answers about a set of texts."""
        if sample_set not in self._askers:
            self._askers[sample_set] = Asker.over(self._world.of(sample_set).store, self._world.encoder, self._engine)
        return self._askers[sample_set]


def shared_settings(encoder: Embedder) -> Json:
    """What bears on retrieval and answers, whoever drafts."""
    size = ChunkSize()
    return {
        "embedder": encoder.fingerprint,
        "chunking": [size.target, size.limit],
        "weights": {name: _hash(package, name) for name, package in WEIGHTS.items()},
        "question encoder": question_encoder_in().card()["name"],
        "reranker": reranker_in().card()["name"],
    }


def _hash(package: str, name: str) -> str:
    return hashlib.sha256(resources.files(package).joinpath(f"{name}.toml").read_bytes()).hexdigest()[:16]


def places(prediction: Json, name: str) -> list[Place]:
    """Where the ``passages`` or the ``citations`` of a prediction stand; those not found stand nowhere."""
    return [
        (one["study"], Span(one["start"], one["end"])) for one in prediction.get(name, []) if one["start"] is not None
    ]
