"""Words to lines: what stands on one baseline and belongs together, with raised marks written as running text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.readers.marks import bracketed, superscript
from assistant.readers.pdf.glyphs import Face, PageContent, Word

_WIDEST_SPACE = 1.6
"""Space between two words of a justified line at the most, in heights of its type."""
_SMALLER = 0.86
"""Share of its line's size under which a raised or lowered word is an index."""
_RAISED = 0.12
"""Heights of the line's type that an index stands off the baseline at the least."""
_REACH = 0.62
"""Heights of the larger type within which baselines belong to one line."""
_TOUCHING = 0.14
"""Space, in heights of the type, under which words are not parted unless the file has a space there."""
_LONGEST_LEAD = 60
"""Words and spaces up to which the opening of a line in another font is followed."""
_LAST_RUNS = 6
"""Runs on one baseline, from the left, of which the last ones may be what another run continues."""
_ASCENT, _DESCENT = 0.78, 0.22
_WORD_BEFORE = re.compile(r"[^\W\d_]{2,}[’')\]]?$")
_UNIT_BEFORE = re.compile(r"(?:^|[^\w])(?:[cdkmnµμ]?m|kg|ft|in|sec|hr|chi)$")
_SPELLED = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " ", "‑": "-", "−": "−",
     "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf06e": "•", "\uf076": "•", "\uf02d": "–"}
)  # fmt: skip
"""Ligatures spelled out, and the private characters of symbol fonts that stand for bullets."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words that are read one after the other."""

    text: str
    """As running text."""
    page: int
    """Number of its page."""
    x0: float
    """Left edge, in points."""
    x1: float
    """Right edge."""
    y: float
    """Baseline."""
    face: Face
    """The face of most of its characters."""
    first_width: float = 0.0
    """Width of its first word."""
    lead: int = 0
    """Characters of ``text`` up to the end of the words that open it in another font; 0 where none do."""
    column: int = 0
    """Which column of the page it stands in, from 0; a line across columns counts with the first."""

    @property
    def top(self) -> float:
        """Upper edge of its box."""
        return self.y - _ASCENT * self.face.size

    @property
    def bottom(self) -> float:
        """Lower edge of its box."""
        return self.y + _DESCENT * self.face.size

    @property
    def width(self) -> float:
        """From edge to edge."""
        return self.x1 - self.x0


def fragments(page: PageContent) -> list[list[Word]]:
    """The words of ``page`` in runs that stand on one line, no gap in a run wider than a space can be."""
    return _runs(page.words)


def _runs(words: Iterable[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = []
    base: Word | None = None
    for word in words:
        if runs and base is not None and _continues(runs[-1][-1], base, word):
            runs[-1].append(word)
            if word.face.size > base.face.size * 1.05 or (base.face.size < word.face.size and word.y != base.y):
                base = word
        else:
            runs.append([word])
            base = word
    return _rejoined(runs)


def _continues(last: Word, base: Word, word: Word) -> bool:
    size = max(base.face.size, word.face.size)
    if abs(word.y - base.y) > (_REACH if _is_index(word, base) or _is_index(base, word) else 0.2) * size:
        return False
    gap = word.x0 - last.x1
    return -0.5 * size <= gap <= _WIDEST_SPACE * size


def _is_index(word: Word, base: Word) -> bool:
    return word.face.size <= _SMALLER * base.face.size


def _rejoined(runs: list[list[Word]]) -> list[list[Word]]:
    """Runs that the file gives out of order, such as bold words written last, put together again."""
    rows: dict[int, list[int]] = {}
    merged: list[list[Word] | None] = []
    for run in sorted(runs, key=lambda run: run[0].x0):
        row = round(run[0].y)
        size = max(word.face.size for word in run)
        for other in (index for near in (row - 1, row, row + 1) for index in rows.get(near, ())[-_LAST_RUNS:]):
            before = merged[other]
            if before is None or abs(_base(before).y - _base(run).y) > 0.2 * size:
                continue
            gap = run[0].x0 - before[-1].x1
            if -0.3 * size <= gap <= 0.75 * size:
                before.extend(run)
                break
        else:
            rows.setdefault(round(_base(run).y), []).append(len(merged))
            merged.append(list(run))
    return [run for run in merged if run]


def _base(run: Sequence[Word]) -> Word:
    return max(run, key=lambda word: (word.face.size, len(word.text)))


def line_of(run: Sequence[Word], page: int, column: int = 0) -> Line:
    """The line that the words of ``run``, ordered from left to right, make."""
    face, base = _main_face(run), _base_y(run)
    pieces: list[str] = []
    raised: list[str] = []
    before: Word | None = None
    lead, leading = 0, True
    for word in run:
        index = word.face.size <= _SMALLER * face.size and word.y < base - _RAISED * face.size
        gap = before is not None and _parted(before, word, face.size)
        if not index and raised:
            _raise(pieces, raised)
        if index:
            if gap and raised:
                raised.append(" ")
            elif gap:
                pieces.append(" ")
            raised.append(spelled(word.text))
        else:
            if gap and pieces:
                pieces.append(" ")
            pieces.append(spelled(word.text))
            leading = leading and word.face.name != face.name
            if leading:
                lead = len("".join(pieces)) if len(pieces) < _LONGEST_LEAD else 0
        before = word
    if raised:
        _raise(pieces, raised)
    return Line(
        "".join(pieces).strip(), page, run[0].x0, max(word.x1 for word in run), base, face,
        _first_width(run, face.size), lead, column,
    )  # fmt: skip


def _raise(pieces: list[str], raised: list[str]) -> None:
    before, mark = "".join(pieces[-8:]), "".join(raised).strip()
    cites = mark.isdigit() and len(mark) <= 3 and _WORD_BEFORE.search(before) and not _UNIT_BEFORE.search(before)
    pieces.append(bracketed(before, mark) if cites else superscript(before, mark))
    raised.clear()


def _parted(before: Word, word: Word, size: float) -> bool:
    gap = word.x0 - before.x1
    return (word.spaced and gap > -0.3 * size) or gap > _TOUCHING * size


def _first_width(run: Sequence[Word], size: float) -> float:
    end = run[0].x1
    for before, word in pairwise(run):
        if _parted(before, word, size):
            break
        end = word.x1
    return end - run[0].x0


def _main_face(run: Sequence[Word]) -> Face:
    counts: Counter[Face] = Counter()
    if all(word.face is run[0].face for word in run):
        return run[0].face
    for word in run:
        counts[word.face] += len(word.text)
    return max(counts, key=lambda face: (counts[face], face.size))


def _base_y(run: Sequence[Word]) -> float:
    counts: Counter[float] = Counter()
    if all(word.y == run[0].y for word in run):
        return run[0].y
    size = max(word.face.size for word in run)
    for word in run:
        if word.face.size > _SMALLER * size:
            counts[round(word.y, 1)] += len(word.text)
    return max(counts, key=lambda y: (counts[y], y))


def spelled(text: str) -> str:
    """``text`` in composed form, ligatures spelled out."""
    return unicodedata.normalize("NFC", text.translate(_SPELLED)) if not text.isascii() else text
