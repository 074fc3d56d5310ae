"""Lines in reading order to paragraphs, list items and headings, by gaps, indentation and type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.study import BlockKind
from assistant.readers.layout.markers import bullet_length, is_caption, item_number
from assistant.readers.layout.sentence_ends import hangs, is_finished
from assistant.readers.pdf.lines import Line
from assistant.readers.pdf.setting import Setting
from assistant.text.headings import is_known_heading, is_main_heading

_HEADING_WORDS = 30
_HEADING_LINES = 4
_WIDE_GAP = 1.28
"""Times the leading from which a gap parts paragraphs."""
_INDENT = 0.6
"""Heights of the type from which a line counts as set in."""
_NO_HEADING = re.compile(r"@|https?://|www\.|^\W*\d[\d\W]*$|^\(.*\)$")
_LEADER = re.compile(r"(?:\.\s?){5,}\s*\d+$")


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the text of a column begins and ends."""

    left: float
    """Where most lines begin."""
    right: float
    """Where the longest lines end."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that stand together."""

    kind: BlockKind
    """Heading, list item, quotation or paragraph."""
    lines: tuple[Line, ...]
    """At least one."""
    edges: Edges
    """Of its column."""

    @property
    def first(self) -> Line:
        """The line that opens it."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The line that ends it."""
        return self.lines[-1]

    @property
    def indent(self) -> float:
        """How far its first line is set in, in heights of its type."""
        return (self.first.x0 - self.edges.left) / max(self.first.face.size, 1.0)

    def aligned_with(self, before: Segment) -> bool:
        """Whether it begins where the last line of ``before`` does, each seen from the edge of its column."""
        offset = (self.first.x0 - self.edges.left) - (before.last.x0 - before.edges.left)
        return abs(offset) < 0.5 * self.first.face.size

    @property
    def inset(self) -> float:
        """How far all its lines are set in, in heights of their type."""
        return (min(line.x0 for line in self.lines) - self.edges.left) / max(self.first.face.size, 1.0)

    @property
    def full(self) -> bool:
        """Whether its last line reaches the right edge, so that it may go on elsewhere."""
        longest = max(line.x1 for line in self.lines) if len(self.lines) > 1 else self.edges.right
        return self.last.x1 > min(longest, self.edges.right) - 3.5 * self.last.face.size


def segments(lines: Sequence[Line], setting: Setting) -> list[Segment]:
    """The segments of a document's running lines, in order."""
    return _Segmenter(lines, setting).segments()


@dataclass(frozen=True, slots=True)
class _Item:
    value: int
    x0: float
    page: int


class _Segmenter:
    def __init__(self, lines: Sequence[Line], setting: Setting) -> None:
        self._lines = lines
        self._setting = setting
        self._edges = _edges(lines, setting)
        self._item = _Item(0, 0.0, 0)
        self._opened: list[bool] = []

    def segments(self) -> list[Segment]:
        for number in range(len(self._lines)):
            self._opened.append(number == 0 or self._breaks(number))
        bounds = [*(number for number, opened in enumerate(self._opened) if opened), len(self._lines)]
        found = []
        for start, end in pairwise(bounds):
            part = tuple(self._lines[start:end])
            following = self._lines[end] if end < len(self._lines) else None
            found.append(Segment(self._kind(part, following), part, self._edges_of(part[0])))
        return found

    def _edges_of(self, line: Line) -> Edges:
        return self._edges[line.page, line.column]

    def _breaks(self, number: int) -> bool:
        """Whether the line opens a segment."""
        before, line = self._lines[number - 1], self._lines[number]
        if (before.page, before.column) != (line.page, line.column) or line.y <= before.y - 2:
            return True
        if self._opens_item(number):
            return True
        leading = self._setting.leading_of(max(before.face, line.face, key=lambda face: face.size))
        gap = (line.y - before.y) / leading
        if gap > _WIDE_GAP or self._changes_type(before, line, gap):
            return True
        if abs(line.y - before.y) < 2:
            return False
        return self._indented(number) or self._ends_short(number) or self._outdented(number)

    def _changes_type(self, before: Line, line: Line, gap: float) -> bool:
        sizes = abs(before.face.size - line.face.size) > 0.045 * max(before.face.size, line.face.size)
        if sizes and (gap > 0.2):
            return True
        if before.face.bold != line.face.bold:
            return True
        if before.face.name != line.face.name and self._heads(before, line):
            return True
        if before.face.italic != line.face.italic:
            upright = before if line.face.italic else line
            return gap > 1.1 or (self._is_short(before, line) and not hangs(before.text) and upright.text[:1].isupper())
        return False

    def _heads(self, before: Line, line: Line) -> bool:
        """Whether a line in a font of its own heads the line below it."""
        if is_known_heading(before.text):
            return True
        unlike = before.face.name not in self._setting.names and not before.face.italic
        return unlike and self._is_short(before, line) and not hangs(before.text) and not line.text[:1].islower()

    def _is_short(self, before: Line, line: Line) -> bool:
        """Whether the next line's first word would still have fitted on the line before."""
        space = 0.35 * line.face.size
        return before.x1 + space + line.first_width < self._edges_of(before).right - 0.3 * line.face.size

    def _ends_short(self, number: int) -> bool:
        before, line = self._lines[number - 1], self._lines[number]
        return is_finished(before.text) and self._is_short(before, line) and not line.text[:1].islower()

    def _indented(self, number: int) -> bool:
        """Whether the line is the first, indented line of a paragraph: set in from the lines around it."""
        before, line = self._lines[number - 1], self._lines[number]
        step = (line.x0 - before.x0) / line.face.size
        if not _INDENT <= step <= 5 or line.text[:1].islower():
            return False
        following = self._lines[number + 1] if number + 1 < len(self._lines) else None
        same_column = following is not None and (following.page, following.column) == (line.page, line.column)
        returns = following is not None and same_column and following.x0 < line.x0 - 0.5 * _INDENT * line.face.size
        if number >= 2 and not returns and self._opened[number - 1]:
            return False
        return returns or (self._setting.indents and is_finished(before.text))

    def _outdented(self, number: int) -> bool:
        """Whether the line opens an entry whose further lines hang, as in a list of references."""
        before, line = self._lines[number - 1], self._lines[number]
        if (before.x0 - line.x0) / line.face.size < _INDENT or number < 2 or line.text[:1].islower():
            return False
        earlier = self._lines[number - 2]
        if (earlier.page, earlier.column) != (line.page, line.column):
            return is_finished(before.text) and abs(line.x0 - self._edges_of(line).left) < 2
        return abs(earlier.x0 - before.x0) < 1.5 or (
            abs(earlier.x0 - line.x0) < 1.5 and is_finished(before.text) and not self._setting.indents
        )

    def _opens_item(self, number: int) -> bool:
        before, line = self._lines[number - 1], self._lines[number]
        if bullet_length(line.text) or line.text in ("•", "–", "-"):
            return line.text[0] not in "-–—" or is_finished(before.text) or before.text.endswith((";", ",", ":"))
        mark = item_number(line.text)
        if mark is None or (mark.lone and not mark.length):
            return False
        ended = is_finished(before.text) or before.text.endswith((";", ",", ":", "and", "or"))
        next_one = mark.value == self._item.value + 1
        below = next_one and abs(line.x0 - self._item.x0) < 1.5 and line.page == self._item.page
        hanging = line.x0 < before.x0 - 0.5 * line.face.size
        if below or (ended and (next_one or mark.value == 1 or hanging)):
            self._item = _Item(mark.value, line.x0, line.page)
            return True
        return False

    def _kind(self, part: tuple[Line, ...], following: Line | None) -> BlockKind:
        text = " ".join(line.text for line in part)
        if self._is_heading(part, text, following):
            return BlockKind.HEADING
        mark = item_number(part[0].text)
        if bullet_length(part[0].text) or (mark is not None and not (mark.lone and len(part) == 1)):
            return BlockKind.LIST_ITEM
        return BlockKind.PARAGRAPH

    def _is_heading(self, part: tuple[Line, ...], text: str, following: Line | None) -> bool:
        words = len(text.split())
        if words > _HEADING_WORDS or len(part) > _HEADING_LINES or not any(char.isalpha() for char in text):
            return False
        if _NO_HEADING.search(text) or _LEADER.search(text) or is_caption(text) or bullet_length(text):
            return False
        plain = self._setting.is_body(part[0]) and text.endswith(".")
        if is_main_heading(text) and len(part) == 1 and not plain and not self._goes_on(part[0], following):
            return True
        if text[0].islower() or text.endswith((",", ";", "-")) or hangs(text):
            return False
        if all(self._stands_out(line) for line in part):
            return not text.endswith(".") or is_known_heading(text) or self._setting.is_large(part[0])
        capitals = text.isupper() and words > 1 and len(text) > 5
        return capitals and not text.endswith(".") and following is not None

    def _goes_on(self, line: Line, following: Line | None) -> bool:
        return following is not None and following.text[:1].islower()

    def _stands_out(self, line: Line) -> bool:
        face, body = line.face, self._setting.body
        if self._setting.is_large(line) or (face.bold and not body.bold):
            return True
        if face.size < 0.85 * body.size:
            return False
        return (face.italic and not body.italic) or face.name not in self._setting.names


def _edges(lines: Sequence[Line], setting: Setting) -> dict[tuple[int, int], Edges]:
    """For each column of each page, where its text begins and ends."""
    columns: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.page, line.column].append(line)
    return {place: _edges_of(column, setting) for place, column in columns.items()}


def _edges_of(column: Sequence[Line], setting: Setting) -> Edges:
    running = [line for line in column if setting.is_body(line)]
    running = running if len(running) >= 3 else list(column)
    starts = Counter(round(line.x0) for line in running)
    most = max(starts.values())
    left = min(start for start, count in starts.items() if count >= max(1, 0.3 * most))
    ends = sorted(line.x1 for line in running)
    return Edges(float(left), ends[min(len(ends) - 1, (97 * len(ends)) // 100)])
