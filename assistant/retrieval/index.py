"""What retrieval needs of a store, and no more, so that it can be tried without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.domain.passages import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.domain.answers import Question


@dataclass(frozen=True, slots=True)
class Found:
    """One list of results, best first."""

    ids: tuple[str, ...]
    """Of passages."""
    scores: tuple[float, ...]
    """Of the same length, falling."""


class Index(Protocol):
    """Passages that can be found by vector and by words."""

    def dense(self, vector: NDArray[np.float32], limit: int, question: Question) -> Found:
        """The passages nearest to ``vector`` (dim,), by cosine, where ``question`` lets them be looked for."""

    def lexical(self, query: str, limit: int, question: Question) -> Found:
        """The passages that share most with ``query``, by BM25 over stems, study titles included."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages named, in that order."""

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Their unit vectors, (n, dim) float32."""

    def rarity(self, stems: Sequence[str]) -> Mapping[str, float]:
        """How telling each stem is here: its inverse document frequency, above 0, highest where it is absent."""

    def title(self, study: str) -> str:
        """Author, year and title of a study, as far as known."""
