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


def hits(pieces: Sequence[Sequence[Place]], shown: Iterable[Place], *, strict: bool = False) -> Hits:
    """How much of the evidence ``shown`` holds; a piece is held where one of its sentences is overlapped.

    Args:
        pieces: For each piece of evidence, the places any one of which gives it; at least one piece.
        shown: Passages or quotes.
        strict: The sentence must stand in one of them whole.
    """
    places = list(shown)
    held = [any(holds(place, sentence, strict=strict) for sentence in piece for place in places) for piece in pieces]
    return Hits(sum(held) / len(held), any(held))


def holds(shown: Place, sentence: Place, *, strict: bool) -> bool:
    """Whether a passage or quote touches a sentence; strictly, whether it holds it whole."""
    if shown[0] != sentence[0]:
        return False
    return shown[1].covers(sentence[1]) if strict else shown[1].overlaps(sentence[1])


def supports(quote: Place, pieces: Sequence[Sequence[Place]], *, strict: bool) -> bool:
    """Whether a quote gives evidence: touches a sentence of a piece; strictly, says nothing beside it."""
    sentences = [sentence for piece in pieces for sentence in piece]
    if strict:
        return any(holds(sentence, quote, strict=True) for sentence in sentences)
    return any(holds(quote, sentence, strict=False) for sentence in sentences)


def mean(values: Sequence[float]) -> float:
    """The mean; not a number where there are no values."""
    return sum(values) / len(values) if values else math.nan


def summary(found: Sequence[Hits]) -> str:
    """Mean recall and share of questions with any, as ``0.64 / 0.82``."""
    return f"{mean([one.recall for one in found]):.3f} / {mean([float(one.any) for one in found]):.3f}"


def rate(flags: Sequence[bool]) -> float:
    """Share of true values; not a number where there are none."""
    return mean([float(flag) for flag in flags])
