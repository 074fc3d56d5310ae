"""What share of the evidence is found. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.spans import Span

Place = tuple[str, Span]
"""Study id and span of its stored text."""


@dataclass(frozen=True, slots=True)
class Hits:
    """How much of a question's evidence something holds."""

    recall: float
    """Share of the pieces, 0 to 1."""
    any: bool
    """Whether at least one."""


def hits(pieces: Sequence[Sequence[Place]], shown: Iterable[Place]) -> Hits:
    """How much of the evidence ``shown`` holds; a piece is held where one of its sentences is overlapped.

    Args:
        pieces: For each piece of evidence, the places any one of which gives it; at least one piece.
        shown: Passages or quotes.
    """
    places = list(shown)
    held = [
        any(study == other and span.overlaps(at) for study, span in piece for other, at in places) for piece in pieces
    ]
    return Hits(sum(held) / len(held), any(held))


def mean(values: Sequence[float]) -> float:
    """The mean; not a number where there are no values."""
    return sum(values) / len(values) if values else math.nan


def summary(found: Sequence[Hits]) -> str:
    """Mean recall and share of questions with any, as ``0.64 / 0.82``."""
    return f"{mean([one.recall for one in found]):.3f} / {mean([float(one.any) for one in found]):.3f}"


def rate(flags: Sequence[bool]) -> float:
    """Share of true values; not a number where there are none."""
    return mean([float(flag) for flag in flags])
