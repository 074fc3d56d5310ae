"""Line-end hyphens: which were set by the typesetter, and which belong to the word.

A broken word is mended only where the mended word is right: by the words that the document itself uses
elsewhere, then by how common the joined word and its halves are in English (``wordfreq``).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

HYPHENS = "-‐\u00ad"
"""Characters that break a word at a line's end; the last one, the soft hyphen, never belongs to it."""

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST = re.compile(r"[^\W_]+(?:[-‐][^\W_]+)*$")
_FIRST = re.compile(r"[^\W_]+")
_SPACED = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,30})[-‐\u00ad] ([a-zà-ÿ]{2,30})(?![^\W\d_])")

_COMMON = 3.2
"""Zipf frequency from which a half is a word that stands on its own."""
_WORD_AT_ALL = 2.2
"""Zipf frequency from which a half is a word, if a rare one."""
_JOINED_DESPITE_HALVES = 2.9
"""Zipf frequency that a joined word needs when both halves are common words: ``understand``, not ``topdown``."""
_JOINED = 2.0
"""Zipf frequency that it needs otherwise."""
_PARTICLES = frozenset("and or to nor versus vs bis und".split())
"""Words that follow a hanging hyphen: ``pre- and post-test``."""


class HyphenJoiner:
    """Mends words broken at line ends, by one document's vocabulary."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Learns the words of ``lines``; a line's broken last word, and the next line's first, teach nothing."""
        self._words: Counter[str] = Counter()
        broken = False
        for line in lines:
            words = [word.lower().replace("‐", "-") for word in _WORD.findall(line)]
            if broken:
                words = words[1:]
            broken = line[-1:] in HYPHENS if line else broken
            for word in words[:-1] if broken and words else words:
                self._learn(word)

    def _learn(self, word: str) -> None:
        """Counts ``word`` and, of ``a-b-c``, the compounds ``a-b`` and ``b-c`` too."""
        self._words[word] += 1
        parts = word.split("-")
        if len(parts) > 2:
            self._words.update(f"{left}-{right}" for left, right in itertools.pairwise(parts))

    def join(self, left: str, right: str) -> str:
        """``left`` and ``right`` as one run, where ``left`` ends in a hyphen at the end of its line.

        Args:
            left: Ends in one of `HYPHENS`.
            right: What follows on the next line, without white space in front.
        """
        stem = left[:-1]
        if left[-1] == "\u00ad":
            return stem + right
        last, first = _LAST.search(stem[-60:]), _FIRST.match(right[:60])
        if last is None or first is None:
            return f"{left}{right}" if first and not stem[-1:].isspace() else f"{left} {right}"
        if first[0].lower() in _PARTICLES and first[0].islower():
            return f"{left} {right}"
        return stem + right if self._is_one_word(last[0], first[0]) else left + right

    def mend_spaced(self, text: str) -> str:
        """``text`` with words mended that an extraction left as ``imple- mentation``; ``pre- and post-`` stays."""
        return _SPACED.sub(self._mended, text)

    def _mended(self, match: re.Match[str]) -> str:
        left, right = match[1], match[2]
        joined = (left + right).lower()
        if right in _PARTICLES or not (self._words[joined] or _frequency(joined) >= _JOINED_DESPITE_HALVES):
            return match[0]
        return left + right

    def _is_one_word(self, left: str, right: str) -> bool:
        if not right[0].islower() or left[-1].isdigit():
            return False
        *outer, tail = left.replace("‐", "-").lower().split("-")
        joined, compound = tail + right, f"{tail}-{right}"
        whole = [self._words["-".join([*outer, word])] for word in (joined, compound)] if outer else [0, 0]
        seen_joined, seen_compound = self._words[joined] + whole[0], self._words[compound] + whole[1]
        if outer and _frequency(tail) >= _COMMON:
            return whole[0] > whole[1]
        if seen_joined != seen_compound:
            return seen_joined > seen_compound
        return _is_english(joined, tail, right)


def _is_english(joined: str, left: str, right: str) -> bool:
    """Whether the joined word is more likely than a compound of its halves."""
    rarer = min(_frequency(left), _frequency(right))
    if rarer >= _COMMON:
        return _frequency(joined) >= _JOINED_DESPITE_HALVES
    return rarer < _WORD_AT_ALL or _frequency(joined) >= _JOINED


@lru_cache(maxsize=50_000)
def _frequency(word: str) -> float:
    """How common ``word`` is in English, as a Zipf value from 0 (unknown) to about 8."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))
