"""The project's store as retrieval sees it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.answers import Question
from assistant.domain.passages import Passage
from assistant.retrieval.index import Found
from assistant.store.entries import Filter, Hit
from assistant.store.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class StoredIndex:
    """An `Index` over a store."""

    store: Store
    """Open to read."""

    def dense(self, vector: NDArray[np.float32], limit: int, question: Question) -> Found:
        """The passages nearest to ``vector``, by cosine."""
        return _found(self.store.dense(vector, limit, _filter(question)))

    def lexical(self, query: str, limit: int, question: Question) -> Found:
        """The passages that share most with ``query``, by BM25."""
        return _found(self.store.lexical(query, limit, _filter(question)))

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages named, in that order."""
        return list(self.store.passages(ids))

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Their unit vectors, (n, dim) float32."""
        return self.store.vectors(ids)

    def rarity(self, stems: Sequence[str]) -> Mapping[str, float]:
        """Inverse document frequency of each stem over passages, as BM25 has it.

        Source: Robertson and Zaragoza 2009, doi:10.1561/1500000019, with 1 added inside the logarithm.
        """
        counts, total = self.store.frequencies(stems)
        return {stem: math.log(1 + (total - counts[stem] + 0.5) / (counts[stem] + 0.5)) for stem in stems}

    def title(self, study: str) -> str:
        """Author, year and title of a study, as far as known."""
        entry = self.store.entry(study)
        return f"{study.replace('-', ' ')} {entry.bibliography.label} {entry.bibliography.title}" if entry else ""


def _filter(question: Question) -> Filter:
    return Filter(studies=question.studies, sections=question.sections)


def _found(hits: Sequence[Hit]) -> Found:
    return Found(tuple(hit.passage_id for hit in hits), tuple(hit.score for hit in hits))
