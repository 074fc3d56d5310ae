"""Lines of a text with the geometry that plain text still tells: indentation, gaps, page starts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from assistant.readers.layout.sentence_ends import is_unfinished

TAB_COLUMNS = 4
"""Columns that a tab counts for."""

_LIGATURES = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
}  # fmt: skip
_SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_DROPPED = dict.fromkeys("\u200b\u2060\ufeff")
_EVENED = str.maketrans(
    {**_LIGATURES, **_SPACES, **_DROPPED, "\u2028": "\n", "\u2029": "\n\n", "\x85": "\n", "\v": "\n"}
)
_NEWLINE = re.compile(r"\r\n?")
_SPACES_INSIDE = re.compile(r" {2,}")

_LONGEST_WRAPPED = 200
"""Characters beyond which a line is no line of a page."""
_LEAST_PAIRS = 3
"""Continuing line pairs without which nothing is known of the wrapping."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds words."""

    text: str
    """Its words, without white space around."""
    indent: int = 0
    """Columns of white space in front."""
    gap: int = 0
    """Blank lines above."""
    rule: bool = False
    """Whether a long blank or drawn rule stands above, as before footnotes."""
    opens_page: bool = False
    """Whether a page begins with it."""
    page: int | None = None
    """Page that it stands on, from 1; None while unknown."""
    glued: bool = False
    """Whether the extraction had glued it to the line before."""

    @property
    def tabbed(self) -> bool:
        """Whether it is set in as by a tab."""
        return self.indent >= TAB_COLUMNS


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a document's lines are set."""

    wrapped: bool
    """Whether sentences run over line ends; otherwise each line is a paragraph."""
    width: int
    """Characters that a full line of running text usually holds; 0 when not wrapped."""
    double_spaced: bool
    """Whether blank lines stand between the lines of a paragraph."""

    def is_short(self, line: Line, following: Line, width: int = 0) -> bool:
        """Whether the first word of ``following`` would have fitted on ``line``, of ``width`` if given."""
        room = 0.9 * (width or self.width) - len(line.text) - 1
        return len(following.text.partition(" ")[0]) < room


def split_lines(text: str) -> list[Line]:
    """The lines of ``text`` that hold words; ligatures and special spaces are evened out.

    A form feed opens a page with the next line.
    """
    evened = _NEWLINE.sub("\n", text).translate(_EVENED)
    lines: list[Line] = []
    gap, rule, opens = 0, False, False
    for raw in evened.split("\n"):
        bare = raw.strip()
        opens = opens or "\f" in raw[: len(raw) - len(raw.lstrip())]
        if not bare or (set(bare) <= set("_-=–—*") and len(bare) >= 5):
            gap += 1
            rule = rule or len(raw) >= 20
            opens = opens or "\f" in raw
            continue
        for number, part in enumerate(bare.split("\f")):
            if not part.strip():
                continue
            indent = _indent(raw) if number == 0 else 0
            lines.append(
                Line(
                    _SPACES_INSIDE.sub(" ", part.strip()), indent, gap if number == 0 else 0, rule, opens or number > 0
                )
            )
        gap, rule, opens = 0, False, False
    return lines


def _indent(raw: str) -> int:
    space = raw[: len(raw) - len(raw.lstrip())].replace("\f", "")
    return sum(TAB_COLUMNS if char == "\t" else 1 for char in space)


def measure(lines: Sequence[Line]) -> Geometry:
    """How ``lines`` are set, by the pairs of lines over which a sentence visibly runs on."""
    pairs = list(_neighbours(lines))
    running = [(before, after) for before, after in pairs if _runs_on(before, after)]
    lengths = [len(line.text) for line in lines]
    wrapped = len(running) >= max(_LEAST_PAIRS, 0.2 * len(pairs)) and sum(
        length <= _LONGEST_WRAPPED for length in lengths
    ) >= 0.9 * len(lengths)
    if not wrapped:
        return Geometry(wrapped=False, width=0, double_spaced=False)
    spaced = sum(after.gap == 1 for _, after in running) > len(running) / 2
    return Geometry(True, int(median(len(before.text) for before, _ in running)), spaced)


def _neighbours(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Pairs of lines that may belong to one sentence: at most one blank line apart, the first one not tiny."""
    for before, after in itertools.pairwise(lines):
        if after.gap <= 1 and len(before.text) >= 25:
            yield before, after


def _runs_on(before: Line, after: Line) -> bool:
    return is_unfinished(before.text) and after.text[0].islower()


def close_up(lines: Sequence[Line], geometry: Geometry) -> list[Line]:
    """``lines`` with the blank lines of double spacing taken out, so that a gap is a gap in any document."""
    if not geometry.double_spaced:
        return list(lines)
    return [replace(line, gap=max(0, line.gap - 1)) for line in lines]
