"""A question put to a corpus, stage by stage, so that each stage can be fitted and measured on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.domain.answers import Question
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.embedding.protocol import Embedder
from assistant.engines.extractive.answering import ExtractiveAnswering
from assistant.engines.extractive.evidence import Found
from assistant.engines.extractive.reranking import Bearing, Bears
from assistant.engines.extractive.sentences import sentence_features
from assistant.retrieval.linear import LinearModel
from assistant.retrieval.question import Asked, analyse
from assistant.retrieval.relevance import Candidate, relevance_features
from assistant.retrieval.retriever import DEFAULT_PASSAGES, Retriever, ranked
from assistant.retrieval.stored import StoredIndex
from assistant.store.store import Store
from evals.answering.fitting import Features, RankedSet
from evals.answering.measures import Place
from evals.answering.questions import EvalQuestion, Resolver

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NONE = LinearModel(bias=0.0, weights={})
HARD = 4.0
"""Weight of a hard question when a ranking is fitted: what is asked of the tool is mostly like these."""


def is_hard(question: EvalQuestion) -> bool:
    """Whether a question is asked in lay words and vaguely, as the test questions are."""
    return question.author != "d1"


@dataclass
class Remembering:
    """An embedder that computes each text once."""

    inner: Embedder
    """What computes."""
    known: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """Vectors by text."""

    @property
    def fingerprint(self) -> str:
        """As the inner one's."""
        return self.inner.fingerprint

    @property
    def dimension(self) -> int:
        """As the inner one's."""
        return self.inner.dimension

    @property
    def precision(self) -> str:
        """As the inner one's."""
        return self.inner.precision

    @property
    def max_tokens(self) -> int:
        """As the inner one's."""
        return self.inner.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the inner one's."""
        return self.inner.count_tokens(texts)

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """As the inner one's, (dim,); computed each time, as a question is short."""
        return self.inner.embed_question(question)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the inner one's, (n, dim)."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known.update(zip(new, self.inner.embed(new), strict=True))
        vectors = [self.known[text] for text in texts]
        return np.stack(vectors) if vectors else np.zeros((0, self.dimension), dtype=np.float32)


@dataclass
class RememberingReranker:
    """A reranker that reads each passage once for a question."""

    inner: Bears
    """What reads."""
    known: dict[tuple[str, str, Span], Bearing] = field(default_factory=dict)
    """Bearings by question and passage, which may be cut."""

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        """As the inner one's."""
        new = [one for one in passages if (question, one.id, one.span) not in self.known]
        names = [(question, one.id, one.span) for one in new]
        self.known.update(zip(names, self.inner.bearings(question, new), strict=True))
        return [self.known[question, one.id, one.span] for one in passages]


@dataclass(frozen=True)
class Corpus:
    """A store to ask, and where the evidence stands in it."""

    name: str
    """For the tables."""
    store: Store
    """Open to read."""
    encoder: Remembering
    """The store's embedder."""
    reranker: Bears
    """Of the engine."""
    few: int = 0
    """How many studies a question is asked of: those of its evidence and the others nearest to them; 0 for all."""

    @cached_property
    def index(self) -> StoredIndex:
        """The store as retrieval sees it."""
        return StoredIndex(self.store)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Of its studies."""
        return frozenset(entry.id for entry in self.store.studies())

    @cached_property
    def resolver(self) -> Resolver:
        """Finds evidence in the stored texts."""
        return Resolver(self.everything[0])

    def asked_of(self, question: EvalQuestion) -> tuple[str, ...]:
        """The studies that a question is asked of; none named means all."""
        if not self.few:
            return ()
        own = sorted(question.studies)
        known = [self._centres[study] for study in own] or [self.encoder.embed([question.question])[0]]
        near = np.mean(known, axis=0)
        others = sorted(self.ids.difference(own), key=lambda study: (-float(self._centres[study] @ near), study))
        return (*own, *others[: max(self.few - len(own), 0)])

    @cached_property
    def everything(self) -> tuple[list[Passage], NDArray[np.float32]]:
        """All passages, study by study, and their vectors, (n, dim)."""
        passages = [one for study in sorted(self.ids) for one in self.store.passages_of(study)]
        return passages, self.index.vectors([one.id for one in passages])

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """Where a study's passages stand in `everything`."""
        found: dict[str, list[int]] = {}
        for number, passage in enumerate(self.everything[0]):
            found.setdefault(passage.study, []).append(number)
        return found

    def holding(self, question: EvalQuestion) -> list[list[int]]:
        """For each piece of a question's evidence, where the passages that give it stand in `everything`."""
        passages = self.everything[0]
        return [
            [
                number
                for study in sorted({study for study, _ in places})
                for number in self.numbers.get(study, ())
                if any(one == study and passages[number].span.overlaps(span) for one, span in places)
            ]
            for places in map(self.resolver.places, question.evidence)
        ]

    @cached_property
    def _centres(self) -> dict[str, NDArray[np.float32]]:
        """The mean vector of each study's passages."""
        return {study: self.everything[1][own].mean(axis=0) for study, own in self.numbers.items()}


@dataclass(frozen=True)
class Trial:
    """One question put to one corpus."""

    corpus: Corpus
    """What is asked."""
    question: EvalQuestion
    """What is asked for."""
    asked: Asked
    """The question taken apart."""
    candidates: tuple[Candidate, ...]
    """Fused results."""
    features: tuple[Features, ...]
    """Of each candidate."""
    rarity: Mapping[str, float]
    """Of the question's stems."""
    pieces: tuple[tuple[Place, ...], ...]
    """Evidence that the stored texts hold, by piece."""

    @property
    def weight(self) -> float:
        """When a ranking is fitted."""
        return HARD if is_hard(self.question) else 1.0

    @property
    def candidate_set(self) -> RankedSet:
        """What a ranking of passages is fitted on."""
        wanted = [self.gives((one.passage.study, one.passage.span)) for one in self.candidates]
        return RankedSet(self.features, wanted, self.weight)

    def gives(self, place: Place) -> bool:
        """Whether a place holds evidence."""
        return any(study == place[0] and span.overlaps(place[1]) for piece in self.pieces for study, span in piece)

    def passages(self, model: LinearModel, limit: int = DEFAULT_PASSAGES) -> list[RetrievedPassage]:
        """What retrieval returns with ``model`` as its ranking."""
        return ranked(self.candidates, self.features, model, limit)

    def look(self, passages: Sequence[RetrievedPassage]) -> Found:
        """What the engine sees of ``passages``."""
        return self.engine(_NONE, _NONE).look(self.question.question, passages)

    def sentence_set(self, found: Found) -> RankedSet:
        """What a ranking of sentences is fitted on."""
        features = sentence_features(found.asked, found.sentences, found.rarity)
        return RankedSet(features, [self.gives((one.passage.study, one.span)) for one in found.sentences], self.weight)

    def engine(self, evidence: LinearModel, ranking: LinearModel) -> ExtractiveAnswering:
        """The engine with these models."""
        return ExtractiveAnswering(self.corpus.reranker, self.corpus.index.rarity, evidence, ranking)


def put(corpus: Corpus, questions: Sequence[EvalQuestion]) -> list[Trial]:
    """The questions put to a corpus: those whose evidence it holds, and those without evidence anywhere."""
    fitting = [one for one in questions if one.studies <= corpus.ids]
    return [_trial(corpus, question) for question in fitting]


def _trial(corpus: Corpus, question: EvalQuestion) -> Trial:
    asked = analyse(question.question)
    retriever = Retriever(corpus.index, corpus.encoder, _NONE)
    where = Question(question.question, corpus.asked_of(question))
    candidates = retriever.candidates(where, asked) if asked.stems else []
    rarity = corpus.index.rarity(asked.stems)
    pieces = (tuple(corpus.resolver.places(piece)) for piece in question.evidence)
    return Trial(
        corpus=corpus,
        question=question,
        asked=asked,
        candidates=tuple(candidates),
        features=tuple(relevance_features(asked, candidates, rarity)),
        rarity=rarity,
        pieces=tuple(piece for piece in pieces if piece),
    )


def with_threshold(model: LinearModel, threshold: float) -> LinearModel:
    """``model`` with another threshold."""
    return replace(model, threshold=threshold)
