"""How deep each heading lies: by its number, else by its type compared with that of the main headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.domain.study import SectionType
from assistant.readers.layout.headings import heading_number
from assistant.readers.pdf.glyphs import Face
from assistant.text.headings import heading_type, is_known_heading, is_main_heading

_BACK = frozenset({SectionType.REFERENCES, SectionType.BACK_MATTER})
_DEEPEST = 6

Rank = tuple[float, bool, bool, bool]
"""Size, bold, capitals, upright: compared in this order."""


def rank_of(face: Face, text: str) -> Rank:
    """How heavily a heading is set."""
    return round(face.size * 2) / 2, face.bold, text.isupper(), not face.italic


def heading_levels(headings: Sequence[tuple[Face, str]]) -> list[int]:
    """A depth from 1 for each heading, given by its face and text, in order."""
    ranks = [rank_of(face, text) for face, text in headings]
    numbers = [heading_number(text) for _, text in headings]
    numbered = sum(bool(number) for number in numbers) >= 2
    depths = _depths(ranks, [text for _, text in headings])
    weights: list[int] = []
    for (_, text), rank, number in zip(headings, ranks, numbers, strict=True):
        if numbered and number:
            weights.append(min(number.count(".") + 1, _DEEPEST))
        elif is_main_heading(text) or (is_known_heading(text) and heading_type(text) in _BACK):
            weights.append(1)
        else:
            weights.append(depths[rank])
    return _stacked(weights)


def _opens_argument(text: str) -> bool:
    """Whether a heading names an outermost section of the argument; those of back matter are often set lighter."""
    return is_main_heading(text) and heading_type(text) not in _BACK | {SectionType.ABSTRACT}


def _stacked(weights: Sequence[int]) -> list[int]:
    """Depths without gaps: each heading lies one below the nearest weightier one before it."""
    above: list[int] = []
    levels: list[int] = []
    for weight in weights:
        while above and above[-1] >= weight:
            above.pop()
        above.append(weight)
        levels.append(min(len(above), _DEEPEST))
    return levels


def _depths(ranks: Sequence[Rank], texts: Sequence[str]) -> dict[Rank, int]:
    mains = Counter(rank for rank, text in zip(ranks, texts, strict=True) if _opens_argument(text))
    distinct = sorted(set(ranks), reverse=True)
    if not mains:
        return {rank: min(depth, _DEEPEST) for depth, rank in enumerate(distinct, 1)}
    main = max(mains, key=lambda rank: (mains[rank], rank))
    below = [rank for rank in distinct if rank < main]
    return {rank: min(2 + below.index(rank), _DEEPEST) if rank < main else 1 for rank in distinct}
