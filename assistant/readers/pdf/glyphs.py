"""What stands on a page before anything is made of it: words with their places and type, and ruled lines.

Lengths are points (1/72 inch); ``x`` runs rightwards and ``y`` downwards from the top left corner of the page
as it is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD = re.compile(r"bold|black|heavy|demi|[.,-]B(?:I|d)?(?:\b|$)|-?Bd(?:It)?\b|semib", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|[.,-]B?I(?:\b|$)|-It\b", re.IGNORECASE)
_BOLD_FROM = 600
"""Weight from which a font is bold; regular is 400."""
_ITALIC_FLAG = 1 << 6


class Face(NamedTuple):
    """A typeface at a size."""

    name: str
    """Name of the font, without the mark of a subset."""
    size: float
    """Height of the type, in points."""
    bold: bool = False
    """Whether it is bold, by weight or by name."""
    italic: bool = False
    """Whether it is italic, by flag or by name."""

    @classmethod
    def of(cls, name: str, size: float, weight: int, flags: int) -> Face:
        """The face of a font that a file names ``name``, with its weight and descriptor flags."""
        bare = _SUBSET.sub("", name)
        return cls(
            bare,
            round(size, 1),
            weight >= _BOLD_FROM or bool(_BOLD.search(bare)),
            bool(flags & _ITALIC_FLAG) or bool(_ITALIC.search(bare)),
        )


class Word(NamedTuple):
    """A run of characters without white space, in one face on one baseline."""

    text: str
    """Its characters."""
    x0: float
    """Left edge."""
    x1: float
    """Right edge."""
    y: float
    """Baseline."""
    face: Face
    """Its type."""
    spaced: bool
    """Whether the file has white space before it."""


class Rule(NamedTuple):
    """A horizontal line that is drawn, not written."""

    x0: float
    """Left end."""
    x1: float
    """Right end."""
    y: float
    """Its height on the page."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """All that was found on one page."""

    number: int
    """Counted from 1."""
    width: float
    """As shown."""
    height: float
    """As shown."""
    words: tuple[Word, ...]
    """Upright words, in the order of the file."""
    rules: tuple[Rule, ...] = ()
    """Horizontal rules, from the top."""
    turned: tuple[Word, ...] = ()
    """Words set sideways, such as a stamp in the margin, in the order of the file."""
    pictured: bool = False
    """Whether an image covers most of the page."""
    unknown: int = 0
    """Characters of which the file does not say what they stand for."""


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page that can't be read."""

    number: int
    """Counted from 1."""
    reason: str
    """Why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a file says of itself."""

    title: str = ""
    """As its maker's program left it; often a file name."""
    author: str = ""
    """The same."""
