"""From lines to segments: headings, items, and runs of lines that make (a part of) one paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.layout.floats import Lifted
from assistant.readers.layout.headings import heading_length, is_standing_heading, opens_with_label
from assistant.readers.layout.items import ItemFinder
from assistant.readers.layout.lines import Geometry, Line
from assistant.readers.layout.markers import is_lone_number, item_number
from assistant.readers.layout.sentence_ends import hangs, is_finished, is_label, label_at_end
from assistant.text.headings import heading_type

_LABEL_ONLY = re.compile(r"^[\[(]([^()\[\]]{2,80})[\])][.,]?$")
_NARROW = 0.87
"""Share of the usual width under which lines are set as a block quotation."""
_FREQUENT = 4
"""Times from which a label at line ends is a speaker's by repetition."""
_SEGMENTS_BACK = 12
"""Segments over which one paragraph is followed back to its opening."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that belong together."""

    kind: BlockKind
    """Heading, list item or paragraph; caption, table, footnote or running head when lifted."""
    lines: tuple[Line, ...]
    """In order, at least one."""

    @property
    def first(self) -> Line:
        """The line that opens it."""
        return self.lines[0]


def is_bare_label(text: str) -> bool:
    """Whether ``text`` is a speaker's label and nothing else."""
    match = _LABEL_ONLY.match(text)
    return match is not None and is_label(match[1])


def segment(
    lines: Sequence[Line], furniture: set[int], floats: Sequence[Lifted], geometry: Geometry
) -> Iterator[Segment]:
    """The segments of ``lines`` in the order of the file."""
    lifted = {part.start: part for part in floats}
    taken = furniture | {number for part in floats for number in range(part.start, part.end)}
    running = [number for number in range(len(lines)) if number not in taken]
    segmenter = _Segmenter(lines, running, geometry)
    position = 0
    for number in range(len(lines)):
        if number in lifted:
            part = lifted[number]
            yield Segment(part.kind, tuple(lines[part.start : part.end]))
        elif number in furniture:
            yield Segment(BlockKind.RUNNING_HEAD, (lines[number],))
        elif position < len(running) and running[position] == number:
            found = segmenter.at(position)
            position += len(found.lines)
            yield found


class _Segmenter:
    """Cuts the running text; lines are named by their position among its lines."""

    def __init__(self, lines: Sequence[Line], running: Sequence[int], geometry: Geometry) -> None:
        self._lines = [lines[number] for number in running]
        self._running = running
        self._geometry = geometry
        self._items = ItemFinder(self._lines, geometry)
        self._labels = Counter(label.casefold() for line in self._lines if (label := label_at_end(line.text)))
        self._last: Segment | None = None
        self._starts: list[int] = []
        self._references = False
        self._numbered_references = False

    def at(self, position: int) -> Segment:
        """The segment that opens at ``position``."""
        self._starts.append(position)
        self._last = self._next(position)
        if self._last.kind is BlockKind.HEADING:
            heading = " ".join(line.text for line in self._last.lines)
            self._references = heading_type(heading) is SectionType.REFERENCES
            following = self._peek(position + len(self._last.lines))
            self._numbered_references = self._references and following is not None and _opens_with_one(following.text)
        return self._last

    def _next(self, position: int) -> Segment:
        if length := self._heading_length(position):
            return Segment(BlockKind.HEADING, tuple(self._lines[position : position + length]))
        if not self._items.opens(position):
            return Segment(BlockKind.PARAGRAPH, self._extent(position))
        lines = self._extent(position)
        introduces = lines[-1].text.endswith(":") and not self._items.is_marked(position)
        return Segment(BlockKind.PARAGRAPH if introduces else BlockKind.LIST_ITEM, lines)

    def _heading_length(self, position: int) -> int:
        line, last = self._lines[position], self._last
        if line.glued or (self._items.opens(position) and (item_number(line.text) is None or self._follows_item(line))):
            return 0
        waits = last is not None and last.kind is not BlockKind.HEADING and line.gap <= 1
        if waits and last is not None and hangs(last.lines[-1].text) and len(last.lines[-1].text) > 30:
            return 0
        length = heading_length(lambda ahead: self._peek(position + ahead), self._geometry)
        if self._references and length and not is_standing_heading(line.text):
            return 0
        return length

    def _follows_item(self, line: Line) -> bool:
        """Whether the number that opens ``line`` is the one after that of the item just before."""
        own, last = item_number(line.text), self._last
        before = item_number(last.first.text) if last is not None and last.kind is BlockKind.LIST_ITEM else None
        return own is not None and before is not None and before.value + 1 == own.value

    def _extent(self, position: int) -> tuple[Line, ...]:
        end = position + 1
        while end < len(self._lines) and not self._breaks(position, end):
            end += 1
        return tuple(self._lines[position:end])

    def _breaks(self, start: int, position: int) -> bool:
        """Whether the line at ``position`` opens a segment of its own; ``start`` opened the one before it."""
        line, before = self._lines[position], self._lines[position - 1]
        if self._running[position] != self._running[position - 1] + 1:
            return True
        if position == start + 1 and is_lone_number(before.text):
            return False
        if line.gap or line.opens_page or line.glued or self._items.opens(position):
            return True
        if is_bare_label(line.text):
            return False
        if not self._geometry.wrapped or self._is_standing_heading(position):
            return True
        if self._numbered_references:
            return False
        if not is_finished(before.text):
            return self._closes_quotation(start, position)
        return self._starts_paragraph(start, position)

    def _is_standing_heading(self, position: int) -> bool:
        """Whether a line within a run is a main heading, alone on its line."""
        line, following = self._lines[position], self._peek(position + 1)
        if not is_standing_heading(line.text) or hangs(self._lines[position - 1].text):
            return False
        return following is None or bool(following.gap) or not following.text[0].islower()

    def _starts_paragraph(self, start: int, position: int) -> bool:
        line, before = self._lines[position], self._lines[position - 1]
        base = self._lines[start + 1 if position > start + 1 else start]
        if line.indent >= base.indent + 3 and line.indent > before.indent:
            return True
        if line.text[0].islower():
            return False
        if opens_with_label(line.text):
            return True
        width = self._local_width(start, position)
        if before.text.endswith(":") or self._geometry.is_short(before, line, width) or self._narrows(width, position):
            return True
        return (
            self._stands_apart(position) or self._closes_quotation(start, position) or self._is_short_heading(position)
        )

    def _is_short_heading(self, position: int) -> bool:
        """Whether a heading opens after a full last line: short itself, though the next word would have fitted."""
        line, following = self._lines[position], self._peek(position + 1)
        if following is None or following.gap or not self._geometry.is_short(line, following):
            return False
        return heading_length(lambda ahead: self._peek(position + ahead), self._geometry) == 1

    def _narrows(self, width: int, position: int) -> bool:
        """Whether the lines from ``position`` on are set narrower than those before, as block quotations are."""
        ahead = self._run(position, 3)
        return len(ahead) > 1 and max(len(line.text) for line in ahead) < _NARROW * width

    def _run(self, position: int, most: int) -> list[Line]:
        """Up to ``most`` lines from ``position`` on, without a gap or page start between them."""
        ahead: list[Line] = []
        for line in self._lines[position : position + most]:
            if ahead and (line.gap or line.opens_page):
                break
            ahead.append(line)
        return ahead

    def _local_width(self, start: int, position: int) -> int:
        """Characters of the longest line of the paragraph, seen from both sides of ``position``."""
        near = self._lines[max(start, position - 6) : position]
        if len(near) < 2:
            near = [*near, *self._lines[position : position + 2]]
        return max(len(line.text) for line in near)

    def _stands_apart(self, position: int) -> bool:
        """Whether a blank line cuts the first, indented line of a paragraph off from its second line."""
        line, following = self._lines[position], self._peek(position + 1)
        if self._geometry.double_spaced or following is None or not following.gap:
            return False
        return not is_finished(line.text) and (following.text[0].islower() or hangs(line.text))

    def _closes_quotation(self, start: int, position: int) -> bool:
        """Whether a speaker's label ends the participant's words before ``position``."""
        if not self._lines[position].text[0].isupper():
            return False
        ending = " ".join(line.text for line in self._lines[max(start, position - 2) : position])
        label = label_at_end(ending)
        if label is None:
            return False
        return self._labels[label.casefold()] >= _FREQUENT or self._is_quotation(start, position)

    def _is_quotation(self, start: int, position: int) -> bool:
        """Whether the paragraph from ``start`` was announced, or is set narrower than most."""
        opening = self._opening(start)
        if opening > 0 and self._lines[opening - 1].text.endswith((":", ")", ").")):
            return True
        lines = self._lines[max(start, position - 6) : position]
        return len(lines) > 1 and max(len(line.text) for line in lines) < _NARROW * self._geometry.width

    def _opening(self, start: int) -> int:
        """Where the paragraph opened that the segment from ``start`` on continues."""
        for earlier in reversed(self._starts[-_SEGMENTS_BACK:]):
            if earlier == 0 or not self._lines[earlier].text[0].islower():
                return earlier
            if is_finished(self._lines[earlier - 1].text):
                return earlier
        return start

    def _peek(self, position: int) -> Line | None:
        return self._lines[position] if position < len(self._lines) else None


def _opens_with_one(text: str) -> bool:
    number = item_number(text)
    return number is not None and number.value == 1
