"""From a question to passages: two searches, fused by reciprocal rank, reranked, without repeats, in a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.domain.answers import Question
from assistant.domain.passages import RetrievedPassage
from assistant.embedding.protocol import Embedder
from assistant.retrieval.budget import CHARACTERS, within
from assistant.retrieval.fusion import reciprocal_rank, without_repeats
from assistant.retrieval.index import Found, Index
from assistant.retrieval.linear import LinearModel, load_model
from assistant.retrieval.question import Asked, analyse
from assistant.retrieval.relevance import Candidate, relevance_features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_PASSAGES = 8
"""Passages given to an engine at most; 6,400 characters of text."""

DEPTH = 100
"""Results taken from each search."""

CANDIDATES = 60
"""Fused results that are reranked."""


@dataclass(frozen=True)
class Retriever:
    """Finds passages for questions; the same question over the same store gives the same result."""

    index: Index
    """Where to look."""
    encoder: Embedder
    """The embedder that the index was built with."""
    model: LinearModel = field(default_factory=lambda: load_model("assistant.retrieval", "relevance"))
    """Weighs the features of a candidate."""

    def retrieve(self, question: Question, limit: int = DEFAULT_PASSAGES) -> list[RetrievedPassage]:
        """At most ``limit`` passages, best first; none where the question has no words or nothing is near.

        The score is the model's probability that a passage answers: above 0, comparable within one question.
        """
        asked = analyse(question.search_text)
        if not asked.stems or limit < 1:
            return []
        candidates = self.candidates(question, asked)
        features = relevance_features(asked, candidates, self.index.rarity(asked.stems))
        return ranked(candidates, features, self.model, limit)

    def candidates(self, question: Question, asked: Asked) -> list[Candidate]:
        """What the two searches found, fused, at most `CANDIDATES`; not yet reranked."""
        vector = self.encoder.embed_question(question.search_text)
        dense = self.index.dense(vector, DEPTH, question)
        lexical = self.index.lexical(" ".join(asked.terms), DEPTH, question)
        fused = reciprocal_rank([dense.ids, lexical.ids])
        ids = list(fused)[:CANDIDATES]
        similarities = self._similarities(ids, dense, vector)
        shares = _shares(lexical)
        passages = self.index.passages(ids)
        titles = {study: self.index.title(study) for study in {passage.study for passage in passages}}
        return [
            Candidate(
                passage=passage,
                similarity=similarities[passage.id],
                lexical=shares.get(passage.id, 0.0),
                fused=fused[passage.id],
                title=titles[passage.study],
            )
            for passage in passages
        ]

    def _similarities(self, ids: Sequence[str], dense: Found, vector: NDArray[np.float32]) -> dict[str, float]:
        known = dict(zip(dense.ids, dense.scores, strict=True))
        missing = [name for name in ids if name not in known]
        if missing:
            cosines = self.index.vectors(missing) @ vector
            known.update(zip(missing, map(float, cosines), strict=True))
        return known


def _shares(lexical: Found) -> dict[str, float]:
    best = max(lexical.scores, default=0.0) or 1.0
    return {name: score / best for name, score in zip(lexical.ids, lexical.scores, strict=True)}


def ranked(
    candidates: Sequence[Candidate], features: Sequence[Mapping[str, float]], model: LinearModel, limit: int
) -> list[RetrievedPassage]:
    """The likeliest candidates by ``model``, best first, without those that repeat a better one.

    They are at most ``limit``, and have `CHARACTERS` code points of text for each of these; the last may be cut.
    """
    scores = [model.probability(values) for values in features]
    order = sorted(range(len(candidates)), key=lambda at: (-scores[at], candidates[at].passage.id))[: 3 * limit]
    kept = without_repeats([candidates[at].passage.text for at in order])[:limit]
    chosen = [order[at] for at in kept]
    found = [RetrievedPassage(candidates[at].passage, scores[at], candidates[at].similarity) for at in chosen]
    return within(found, limit * CHARACTERS)
