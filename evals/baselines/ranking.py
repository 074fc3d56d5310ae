"""What a baseline does, and how much of what it finds is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.spans import Span

EXTRA = "eval"
"""The extra of the distribution that brings the libraries of the baselines."""


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A run of a stored text that was found."""

    study: str
    """Its id."""
    span: Span
    """Where it stands in the study's stored text."""
    score: float
    """Higher is better; comparable within one question only."""


class Ranker(Protocol):
    """Finds places for a question."""

    @property
    def most(self) -> int:
        """How many places there are."""

    def retrieve(self, question: str, limit: int) -> Sequence[RankedPlace]:
        """At most ``limit`` places, best first."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is shown of what was found: so many passages, or so many characters."""

    passages: int | None = None
    """At most so many; None for as many as the characters allow."""
    characters: int | None = None
    """At most so many characters of text; the last passage is cut to fit. None for no bound."""

    def __post_init__(self) -> None:
        if (self.passages is None) == (self.characters is None):
            raise ValueError("a budget is one of passages and characters")

    @property
    def name(self) -> str:
        """Short, for the names of systems."""
        return f"{self.passages}" if self.passages is not None else f"{self.characters}c"

    def shown(self, ranker: Ranker, question: str) -> list[RankedPlace]:
        """What a ranker shows within the budget, best first."""
        if self.passages is not None:
            return list(ranker.retrieve(question, self.passages))
        return within(_as_many(ranker, question, self.characters or 0), self.characters or 0)


def _as_many(ranker: Ranker, question: str, characters: int) -> Sequence[RankedPlace]:
    """Enough places to fill ``characters``, or all."""
    limit = 8
    while True:
        found = ranker.retrieve(question, min(limit, ranker.most))
        if sum(len(one.span) for one in found) >= characters or limit >= ranker.most:
            return found
        limit *= 2


def within(places: Sequence[RankedPlace], characters: int) -> list[RankedPlace]:
    """The first places that together have at most ``characters``, the last of them cut to fit."""
    shown: list[RankedPlace] = []
    for one in places:
        if characters <= 0:
            break
        span = Span(one.span.start, min(one.span.end, one.span.start + characters))
        shown.append(RankedPlace(one.study, span, one.score))
        characters -= len(span)
    return shown
