"""Rankings joined into one, and passages that repeat each other left out. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.text.words import stem, words

RANK_CONSTANT = 60
"""Damps the lead of the first ranks; the value of the source. Values from 10 to 100 made no difference beyond noise."""


def reciprocal_rank(rankings: Iterable[Sequence[str]], constant: int = RANK_CONSTANT) -> dict[str, float]:
    """The sum over rankings of ``1 / (constant + rank)``, ranks from 1, by id; ids best first.

    Equal sums keep the order in which the ids were first met, so that the result is the same each time.

    Source: Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114.
    """
    sums: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            sums[name] = sums.get(name, 0.0) + 1.0 / (constant + rank)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


SHINGLE = 4
"""Words in a shingle."""

REPEATS = 0.6
"""Share of the shorter text's shingles from which it says the same as the other."""


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of `SHINGLE` stemmed words of ``text``; one shorter run where it has fewer words."""
    stems = [stem(word) for word in words(text)]
    last = max(len(stems) - SHINGLE + 1, 1)
    return frozenset(tuple(stems[start : start + SHINGLE]) for start in range(last) if stems)


def repeats(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether two texts, as shingles, are near-duplicates: most of the shorter stands in the longer.

    Source: containment after Broder 1997, doi:10.1109/SEQUEN.1997.666900.
    """
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) / shorter >= REPEATS


def without_repeats(texts: Sequence[str]) -> list[int]:
    """Indices of ``texts`` in order, without those that repeat an earlier one that is kept."""
    kept: list[tuple[int, frozenset[tuple[str, ...]]]] = []
    for index, text in enumerate(texts):
        own = shingles(text)
        if not any(repeats(own, other) for _, other in kept):
            kept.append((index, own))
    return [index for index, _ in kept]
