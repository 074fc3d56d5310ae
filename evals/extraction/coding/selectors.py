"""Places in a study that survive its being read anew.

A selector keeps the offsets into the stored text that was coded, and hashes of the words there and of the words
before and after. Where the stored text is the one that was coded, the offsets hold and the hash checks them; in
another reading of the same study, the words are looked for by their hash, nearest to where they stood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.spans import Span
from assistant.text.words import fold

_WORD = re.compile(r"[^\W_]+")
_BESIDE = 5
"""Words before and after that are hashed."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A run of words in a study, without the words."""

    start: int
    """Offset into the stored text that was coded."""
    end: int
    """Offset after it."""
    words: int
    """How many words it holds."""
    sha: str
    """Hash of its words, sixteen hexadecimal digits."""
    before: str
    """Hash of the five words before it, eight digits; of fewer at the start."""
    after: str
    """Hash of the five words after it, eight digits."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, folded, and where each stands."""

    tokens: tuple[str, ...]
    spans: tuple[Span, ...]


def select(text: str, span: Span) -> Selector:
    """The selector of ``text[span.start:span.end]``.

    Raises:
        ValueError: If the span holds no word.
    """
    all_words = _words_of(text)
    inside = [at for at, place in enumerate(all_words.spans) if span.covers(place)]
    if not inside:
        raise ValueError(f"{span} holds no whole word")
    first, last = inside[0], inside[-1] + 1
    return Selector(
        start=span.start,
        end=span.end,
        words=last - first,
        sha=_hash(all_words.tokens[first:last], 16),
        before=_hash(all_words.tokens[max(0, first - _BESIDE) : first], 8),
        after=_hash(all_words.tokens[last : last + _BESIDE], 8),
    )


def resolve(selector: Selector, text: str) -> Span | None:
    """Where the selector's words stand in ``text``; None if they do not stand there.

    Of several places, one with the same words before and after is taken, then the one nearest to the old offset.
    """
    if selector.end <= len(text) and selector.start < selector.end:
        there = Span(selector.start, selector.end)
        try:
            if select(text, there).sha == selector.sha:
                return there
        except ValueError:
            pass
    all_words = _words_of(text)
    firsts = _places(all_words, selector)
    if not firsts:
        return None
    first = min(firsts, key=lambda at: _rank(all_words, at, selector))
    last = first + selector.words - 1
    return Span(all_words.spans[first].start, all_words.spans[last].end)


def _rank(all_words: _Words, first: int, selector: Selector) -> tuple[int, int]:
    last = first + selector.words
    agreeing = (_hash(all_words.tokens[max(0, first - _BESIDE) : first], 8) == selector.before) + (
        _hash(all_words.tokens[last : last + _BESIDE], 8) == selector.after
    )
    return -agreeing, abs(all_words.spans[first].start - selector.start)


def _places(all_words: _Words, selector: Selector) -> list[int]:
    return list(_index(all_words, selector.words).get(selector.sha, ()))


@lru_cache(maxsize=256)
def _index(all_words: _Words, size: int) -> dict[str, tuple[int, ...]]:
    """Hash of each run of ``size`` words to the places where it begins."""
    found: dict[str, tuple[int, ...]] = {}
    for first in range(len(all_words.tokens) - size + 1):
        key = _hash(all_words.tokens[first : first + size], 16)
        found[key] = (*found.get(key, ()), first)
    return found


@lru_cache(maxsize=8)
def _words_of(text: str) -> _Words:
    matches = list(_WORD.finditer(text))
    return _Words(tuple(fold(match[0]) for match in matches), tuple(Span(*match.span()) for match in matches))


def _hash(tokens: Sequence[str], digits: int) -> str:
    return hashlib.sha256(" ".join(tokens).encode()).hexdigest()[:digits]
