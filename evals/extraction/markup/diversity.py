"""How varied texts are, and which say nearly the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from assistant.text.words import words


class NearDuplicates(NamedTuple):
    """Two texts that share much of their wording."""

    left: int
    """Index of the earlier text."""
    right: int
    """Index of the later one."""
    similarity: float
    """Jaccard of their word n-grams, 0 to 1."""


def shingles(text: str, n: int) -> list[tuple[str, ...]]:
    """The runs of ``n`` folded words of ``text``, with repeats; the whole text where it is shorter."""
    tokens = words(text)
    return [tuple(tokens[at : at + n]) for at in range(max(1, len(tokens) - n + 1))] if tokens else []


def distinct(texts: Sequence[str], n: int) -> float:
    """Share of word n-grams that are different ones, 0 to 1, higher is more varied; NaN of nothing."""
    grams = [gram for text in texts for gram in shingles(text, n)]
    return len(set(grams)) / len(grams) if grams else float("nan")


def near_duplicates(texts: Sequence[str], n: int = 5, threshold: float = 0.4) -> tuple[NearDuplicates, ...]:
    """Pairs of texts whose sets of word n-grams have a Jaccard above ``threshold``, by index."""
    grams = [set(shingles(text, n)) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, own in enumerate(grams):
        for gram in own:
            holders[gram].append(index)
    shared = Counter(pair for owners in holders.values() for pair in combinations(owners, 2))
    pairs = (
        NearDuplicates(left, right, both / (len(grams[left]) + len(grams[right]) - both))
        for (left, right), both in sorted(shared.items())
    )
    return tuple(pair for pair in pairs if pair.similarity > threshold)


def frequent_openings(texts: Sequence[str], n: int = 3, most: int = 10) -> list[tuple[str, int]]:
    """The commonest first ``n`` words with their counts, most frequent first."""
    return Counter(" ".join(words(text)[:n]) for text in texts).most_common(most)
