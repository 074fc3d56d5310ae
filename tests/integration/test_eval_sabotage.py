"""Something is broken on purpose, and the gate that should notice does; on the digests, with the real encoder."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.domain.answers import DraftAnswer, Question
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.engines.extractive import ExtractiveEngine
from assistant.engines.extractive.answering import ExtractiveAnswering
from assistant.engines.extractive.opening import packaged_engine
from assistant.engines.protocol import ShowClaim
from assistant.retrieval.index import Found, Index
from assistant.retrieval.retriever import Retriever
from evals.answering.asking import Answering
from evals.grounding.task import ALTERED, CANDIDATES
from evals.retrieval.task import Shipped, passages_json
from evals.suite.corpora import World
from evals.suite.gates import Verdict, read_gates
from evals.suite.parts import Json, Sample, System
from evals.suite.records import Header, Record
from evals.suite.results import summed_up
from evals.suite.runs import load_task, run_system, samples_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def world() -> World:
    return World.at_hand(None, Path(__file__).parents[2] / ".cache" / "realist")


@dataclass(frozen=True)
class Bench:
    """One task on the digests."""

    name: str
    world: World
    wanted: Callable[[Sample], bool] = lambda sample: True

    def record(self, system: System) -> Record:
        """A run of a system in place of the one that ships."""
        task = load_task(self.name)
        samples = [one for one in samples_of(task, self.world, "test", None) if self.wanted(one)]
        items = run_system(samples, system, task.scorer(self.world), lambda done: None)
        header = Header(options={"split": "test", "limit": None})
        return Record(header, {(self.name, task.default): tuple(items)})

    def verdicts(self, record: Record, baseline: Record | None = None) -> dict[tuple[str, str], Verdict]:
        """Every gate on it, by metric and kind."""
        found = summed_up(record, read_gates(), lambda task: baseline).verdicts
        return {(one.gate.metric, one.gate.kind.value): one for one in found}


@dataclass(frozen=True)
class Shuffled:
    """An index whose vectors belong to other passages."""

    index: Index
    other: Mapping[str, str]
    """Passage to the one whose vector it was given."""

    def dense(self, vector: NDArray[np.float32], limit: int, question: Question) -> Found:
        found = self.index.dense(vector, limit, question)
        return Found(tuple(self.other[name] for name in found.ids), found.scores)

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        back = {other: name for name, other in self.other.items()}
        return self.index.vectors([back[name] for name in ids])

    def lexical(self, query: str, limit: int, question: Question) -> Found:
        return self.index.lexical(query, limit, question)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return self.index.passages(ids)

    def rarity(self, stems: Sequence[str]) -> Mapping[str, float]:
        return self.index.rarity(stems)

    def title(self, study: str) -> str:
        return self.index.title(study)


class Misplaced:
    """Retrieval over shuffled vectors."""

    settings: Json = {}  # noqa: RUF012

    def __init__(self, world: World) -> None:
        texts = world.of("digests")
        names = [one.id for study in sorted(texts.corpus.ids) for one in texts.store.passages_of(study)]
        mixed = random.Random(0).sample(names, len(names))
        self._retriever = Retriever(Shuffled(texts.corpus.index, dict(zip(names, mixed, strict=True))), world.encoder)

    def predict(self, sample: Sample) -> Json:
        found = self._retriever.retrieve(Question(sample.input))
        return passages_json([(one.passage.study, one.passage.span) for one in found])


def test_shuffled_vectors_fail_retrieval(world: World) -> None:
    bench = Bench("retrieval", world)
    healthy = bench.record(Shipped(world))
    again, spoilt = bench.verdicts(healthy, healthy), bench.verdicts(bench.record(Misplaced(world)), healthy)
    assert again["evidence recall", "within"].holds
    assert not spoilt["evidence recall", "within"].holds, spoilt["evidence recall", "within"].words


@dataclass(frozen=True)
class Changed:
    """A system whose predictions are changed."""

    system: System
    change: Callable[[Json], Json]

    @property
    def settings(self) -> Json:
        return self.system.settings

    def predict(self, sample: Sample) -> Json:
        return self.change(self.system.predict(sample))


@pytest.mark.parametrize("role", ["context", "outcome", "mechanism"])
def test_a_dropped_role_fails_extraction(world: World, role: str, tagged: Record) -> None:
    bench = Bench("extraction", world)
    dropped = ("resource", "reasoning") if role == "mechanism" else (role,)

    def without(sample: Sample) -> Json:
        kept = next(one.prediction for one in tagged.of("extraction", "tagger") if one.id == sample.id)
        assert kept is not None
        return {"configurations": [{**one, **{name: [] for name in dropped}} for one in kept["configurations"]]}

    spoilt = bench.verdicts(bench.record(Recorded(without)), tagged)
    assert bench.verdicts(tagged, tagged)[role, "at_least"].holds
    for kind in ("at_least", "within"):
        assert not spoilt[role, kind].holds, spoilt[role, kind].words


@dataclass(frozen=True)
class Recorded:
    """Predictions from elsewhere."""

    predict: Callable[[Sample], Json]

    @property
    def settings(self) -> Json:
        return {}


@pytest.fixture(scope="module")
def tagged(world: World) -> Record:
    task = load_task("extraction")
    return Bench("extraction", world).record(task.systems["tagger"](world))


def test_spans_shifted_by_one_fail_grounding(world: World) -> None:
    bench = Bench("grounding", world, lambda sample: sample.kind in {CANDIDATES, ALTERED} and "rowley" in sample.id)
    tool = load_task("grounding").systems["extractive"](world)

    def shifted(prediction: Json) -> Json:
        moved = {"start": 1, "end": 1}
        quotes = [
            {
                name: value + moved.get(name, 0) if name in moved and value is not None else value
                for name, value in one.items()
            }
            for one in prediction["quotes"]
        ]
        return {"quotes": quotes}

    gate = ("spans that resolve", "at_least")
    assert bench.verdicts(bench.record(tool))[gate].holds
    assert bench.verdicts(bench.record(Changed(tool, shifted)))[gate].value == 0.0


def test_quotes_found_by_likeness_fail_grounding(world: World) -> None:
    """A search that takes the first words of a quote for the quote lets altered ones through."""
    bench = Bench("grounding", world, lambda sample: sample.kind == ALTERED and "rowley" in sample.id)
    text = world.of("digests").study("rowley-2012").text

    def likeness(sample: Sample) -> Json:
        found = []
        for quote in sample.input.quotes:
            start = text.find(quote[:12])
            place = {"start": start, "end": start + 12, "quote": quote[:12], "status": "exact"}
            gone = {"start": None, "end": None, "quote": quote, "status": "not_found"}
            found.append({"study": "rowley-2012", **(place if start >= 0 else gone)})
        return {"quotes": found}

    assert not bench.verdicts(bench.record(Recorded(likeness)))["altered quotes turned away", "at_least"].holds


class AnsweringAnyway(ExtractiveEngine):
    """The engine without its sense of when to abstain."""

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        inner = ExtractiveAnswering(self.reranker, self.rarity)
        return DraftAnswer(inner.claims(inner.look(question.search_text, passages)))


def test_answering_everything_fails_answering(world: World) -> None:
    bench = Bench("answering", world, lambda sample: not sample.gold.answerable)
    gate = ("abstained, corpus silent", "at_least")
    assert bench.verdicts(bench.record(Answering(world)))[gate].holds
    shipped = packaged_engine(world.cache)
    answering = AnsweringAnyway(shipped.reranker, shipped.tagger)
    spoilt = bench.verdicts(bench.record(Answering(world, answering)))[gate]
    assert not spoilt.holds and spoilt.value == 0.0
