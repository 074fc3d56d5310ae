"""Which lines are headings: short, capitalised, without a stop, and with something to head."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from assistant.readers.layout.lines import Geometry, Line
from assistant.readers.layout.markers import bullet_length, is_caption, is_placeholder
from assistant.readers.layout.sentence_ends import hangs, is_finished
from assistant.text.headings import is_known_heading, is_main_heading

_MOST_WORDS = 18
_MOST_CHARACTERS = 150
_MOST_LINES = 3
_LONG_WORDS = 12
"""Words from which a line that is not wrapped is running text."""
_MOST_STACKED = 3
"""Headings that may follow each other directly."""
_NUMBERED = re.compile(
    r"^(?:(?:section|chapter|part)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})[.:]?\s+(?=[^\W\d_])", re.IGNORECASE
)
_OPENING = re.compile(r"^[“‘\"'(\[]?[A-ZÀ-ÝΑ-Ω\d]")
_NO_HEADING = re.compile(
    r"^(?:received|accepted|published|key ?words?)\b\s*:|\.{4,}|[.!?…][”’\"]?\s\([^()]+\)$|@|https?://|www\.|^\(.*\)$|^\W*\d[\d\W]*$|\t|\bdoi\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"^(?:I|We|He|She|They|It|There|This|These|You)\b|^(?:\w+ly|However|Therefore|Thus|Hence|Moreover|Furthermore|Instead|First|Second|Third|Finally|Overall),\s|\b(?:is|are|was|were|been|has|have|had|does|did|can|could|will|would|shall|should|may|might|must|I|we|he|she|they|it)\b"
)

_FILLED = 0.62
"""Share of the usual width from which a line may be the first of a paragraph."""
_FULL = 0.85
"""Share from which it is the first of a paragraph if it opens with an article and nothing sets it apart."""
_OPENERS = frozenset(
    "In To With During Whilst While When For At On As If Because Although Though Despite After Before Since Until "
    "Once Given Following Regarding Among Within By Under Both Our Their Its".split()
)
"""Words that open a sentence far more often than a heading that fills a line."""
_DETERMINERS = frozenset("The A An This That These Those Each Every Some Many Most All Two Three Four Five".split())

Peek = Callable[[int], "Line | None"]
"""The line of running text that lies so many lines ahead; None past the end."""


def heading_number(text: str) -> str:
    """The section number that opens a heading, such as ``2.1``; empty without one."""
    match = _NUMBERED.match(text)
    return match["number"] if match else ""


def heading_length(peek: Peek, geometry: Geometry) -> int:
    """How many lines from ``peek(0)``, which opens a paragraph, are a heading; 0 if none.

    Args:
        peek: Gives the lines of running text from the one in question on.
        geometry: How the document is set.
    """
    parts: list[str] = []
    for number in range(_MOST_LINES if geometry.wrapped else 1):
        line = peek(number)
        if line is None or (number and (line.gap or line.opens_page)):
            break
        if number and (is_finished(parts[-1]) or is_standing_heading(line.text)):
            break
        parts.append(line.text)
        if _is_heading(" ".join(parts), peek, number, geometry):
            return number + 1
    return 0


def is_standing_heading(text: str) -> bool:
    """Whether ``text`` is a main heading of the vocabulary, written as one."""
    return len(text) <= _MOST_CHARACTERS and text[:1].isupper() and is_main_heading(text)


def opens_with_label(text: str) -> bool:
    """Whether a heading of the vocabulary and a colon open ``text``, as in structured abstracts."""
    label, colon, rest = text.partition(":")
    return bool(colon and rest) and len(label.split()) <= 4 and text[0].isupper() and is_known_heading(label)


def _is_heading(text: str, peek: Peek, number: int, geometry: Geometry) -> bool:
    if not has_heading_shape(text):
        return False
    line, following = peek(number), peek(number + 1)
    if is_known_heading(text):
        return following is None or bool(following.gap) or not following.text[0].islower()
    if line is None or following is None or following.text[0].islower() or following.text[0] in ",;)&+":
        return False
    if heading_number(text) and _is_sibling(text, following.text):
        return False
    if not geometry.wrapped:
        return _heads_something(peek, number + 1)
    if _opens_sentence(peek, geometry):
        return False
    if following.gap or following.opens_page:
        return _heads_something(peek, number + 1) or len(following.text) >= 0.6 * geometry.width
    if heading_number(text):
        return geometry.is_short(line, following)
    return geometry.is_short(line, following, _width_below(peek, number + 1, geometry)) or not _FINITE.search(text)


def _opens_sentence(peek: Peek, geometry: Geometry) -> bool:
    """Whether a line that is well filled reads as the opening of a sentence, and not as a long heading."""
    line = peek(0)
    if line is None:
        return False
    first, filled = line.text.partition(" ")[0], len(line.text) / geometry.width
    apart = line.gap > 0 or line.opens_page
    return (filled >= _FILLED and first in _OPENERS) or (filled >= _FULL and not apart and first in _DETERMINERS)


def _width_below(peek: Peek, ahead: int, geometry: Geometry) -> int:
    """Characters of the longest of the next lines, where they are a paragraph narrower than most."""
    below: list[Line] = []
    for number in range(ahead, ahead + 3):
        line = peek(number)
        if line is None or (below and (line.gap or line.opens_page)):
            break
        below.append(line)
    return min(geometry.width, max(len(line.text) for line in below)) if len(below) > 1 else geometry.width


@lru_cache(maxsize=8_192)
def has_heading_shape(text: str) -> bool:
    """Whether ``text`` alone could be a heading."""
    if len(text) > _MOST_CHARACTERS or len(text.split()) > _MOST_WORDS:
        return False
    if not _OPENING.match(text) or _NO_HEADING.search(text) or bullet_length(text):
        return False
    if is_caption(text) or is_placeholder(text):
        return False
    if is_known_heading(text):
        return True
    ended = is_finished(text) and not text.endswith(("?", "?’", "?”"))
    return not ended and not hangs(text) and any(char.isalpha() for char in text)


def _is_sibling(text: str, following: str) -> bool:
    """Whether two numbered lines are items of one list rather than a heading and what it heads."""
    return bool(heading_number(following)) and heading_number(following).count(".") == heading_number(text).count(".")


def _heads_something(peek: Peek, ahead: int) -> bool:
    """Whether running text follows, straight or below further headings."""
    for number in range(ahead, ahead + _MOST_STACKED):
        line = peek(number)
        if line is None:
            return False
        if len(line.text.split(maxsplit=_LONG_WORDS)) >= _LONG_WORDS and not has_heading_shape(line.text):
            return True
        if is_finished(line.text) and len(line.text.split()) >= 4:
            return True
        if not has_heading_shape(line.text):
            return bool(bullet_length(line.text))
    return False
