"""The baselines as systems of the tasks ``retrieval`` and ``answering``, under both budgets.

``vanilla-8`` shows eight chunks, ``vanilla-6400c`` as many characters as eight of the tool's passages have. An
answer of a baseline is what it found, one after another: it never abstains, and cites whole chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from assistant.domain.spans import QuoteStatus
from assistant.errors import MissingExtra
from evals.baselines.ranking import EXTRA, Budget, RankedPlace, Ranker
from evals.baselines.single import Dense, Lexical
from evals.baselines.vanilla import OVERLAP, SIZE, Vanilla
from evals.suite.corpora import Texts, World
from evals.suite.parts import Json, Sample, System

EIGHT, CHARACTERS = Budget(passages=8), Budget(characters=6_400)
USUAL = Budget(passages=4)
"""What LangChain's vector stores return unasked."""


@dataclass(frozen=True)
class _Kind:
    """One baseline."""

    make: Callable[[Texts], Ranker]
    """Made once for each set of texts."""
    packages: tuple[str, ...]
    """Whose versions go into the record."""
    settings: Mapping[str, int] = field(default_factory=dict)


def _vanilla(texts: Texts) -> Ranker:
    return Vanilla([texts.study(study) for study in sorted(texts.files)], texts.encoder)


def _lexical(texts: Texts) -> Ranker:
    passages = [one for study in sorted(texts.corpus.ids) for one in texts.store.passages_of(study)]
    return Lexical(passages, {study: texts.corpus.index.title(study) for study in texts.corpus.ids})


def _dense(texts: Texts) -> Ranker:
    most = sum(entry.passages for entry in texts.store.studies())
    return Dense(texts.corpus.index, texts.encoder, most)


KINDS: Mapping[str, _Kind] = {
    "vanilla": _Kind(
        _vanilla, ("langchain-chroma", "langchain-text-splitters", "chromadb"), {"size": SIZE, "overlap": OVERLAP}
    ),
    "bm25": _Kind(_lexical, ("bm25s", "PyStemmer")),
    "dense": _Kind(_dense, ("chromadb",)),
}
"""By name."""


class Retrieving:
    """A baseline that shows what it finds.

    Raises:
        MissingExtra: If its libraries are not installed.
    """

    def __init__(self, world: World, kind: str, budget: Budget) -> None:
        self._world = world
        self._name = kind
        self._kind = KINDS[kind]
        self._budget = budget
        self._versions = _versions(self._kind.packages)
        self._rankers: dict[str, Ranker] = {}

    @property
    def settings(self) -> Json:
        """Method, budget, encoder and versions."""
        return {
            "system": self._name,
            "passages": self._budget.passages,
            "characters": self._budget.characters,
            "embedder": self._world.encoder.fingerprint,
            **self._kind.settings,
            "versions": self._versions,
        }

    def predict(self, sample: Sample) -> Json:
        """What is shown for a question, best first."""
        shown = self.shown(sample)
        return {"passages": [_passage(one) for one in shown]}

    def shown(self, sample: Sample) -> list[RankedPlace]:
        """What is shown for a question, best first."""
        if sample.set not in self._rankers:
            self._rankers[sample.set] = self._kind.make(self._world.of(sample.set))
        return self._budget.shown(self._rankers[sample.set], str(sample.input))

    def text(self, sample: Sample, place: RankedPlace) -> str:
        """The words of a place."""
        return place.span.of(self._world.of(sample.set).study(place.study).text)


class Answering(Retrieving):
    """A baseline whose answer is what it finds, one chunk after another."""

    def predict(self, sample: Sample) -> Json:
        """The chunks as an answer with one citation each, in the form of ``realist ask --json``."""
        shown = self.shown(sample)
        quotes = [self.text(sample, one) for one in shown]
        return {
            "question": sample.input,
            "answer": "\n\n".join(quotes),
            "abstained": False,
            "citations": [
                {"marker": marker, "quote": quote, **_passage(one), "status": QuoteStatus.EXACT.value}
                for marker, (one, quote) in enumerate(zip(shown, quotes, strict=True), 1)
            ],
            "passages": [_passage(one) for one in shown],
        }


def _passage(place: RankedPlace) -> Json:
    return {"study": place.study, "start": place.span.start, "end": place.span.end, "score": round(place.score, 6)}


def _versions(packages: Sequence[str]) -> dict[str, str]:
    try:
        return {name: version(name) for name in packages}
    except PackageNotFoundError as error:
        raise MissingExtra(f"this baseline needs {error.name}, which is not installed", extra=EXTRA) from error


def retrieval_baselines() -> dict[str, Callable[[World], System]]:
    """Systems of the task ``retrieval`` by name."""
    return {f"{kind}-{budget.name}": _maker(Retrieving, kind, budget) for kind, budget in _chosen()}


def answering_baselines() -> dict[str, Callable[[World], System]]:
    """Systems of the task ``answering`` by name."""
    return {f"{kind}-{budget.name}": _maker(Answering, kind, budget) for kind, budget in _chosen()}


def _chosen() -> Sequence[tuple[str, Budget]]:
    return [("vanilla", USUAL), *((kind, budget) for kind in KINDS for budget in (EIGHT, CHARACTERS))]


def _maker(system: type[Retrieving], kind: str, budget: Budget) -> Callable[[World], System]:
    return lambda world: system(world, kind, budget)
