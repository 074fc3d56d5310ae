"""From lines to segments: headings, items, and runs of lines that make (a part of) one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.study import BlockKind
from assistant.readers.layout.floats import Lifted
from assistant.readers.layout.headings import heading_length
from assistant.readers.layout.lines import Geometry, Line
from assistant.readers.layout.markers import bullet_length, is_dash_bullet, is_lone_number, item_number
from assistant.readers.layout.sentence_ends import hangs, is_finished, is_label, label_at_end

_LABELLED_ITEM = re.compile(r"^[A-Z][\w’'-]+(?: [\w’'/&-]+){0,2}: \S")
_LABELLED_ITEMS = 3
"""Lines of a run that have to open with a label for the run to be a labelled list."""
_LABEL_ONLY = re.compile(r"^[\[(]([^()\[\]]{2,80})[\])][.,]?$")


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
        self._all = lines
        self._running = running
        self._geometry = geometry
        self._labelled = self._labelled_items()
        self._last: Segment | None = None

    def at(self, position: int) -> Segment:
        """The segment that opens at ``position``."""
        self._last = self._next(position)
        return self._last

    def _next(self, position: int) -> Segment:
        line = self._line(position)
        if self._opens_item(position):
            return Segment(BlockKind.LIST_ITEM, self._extent(position))
        length = 0 if self._continues_last(line) else heading_length(lambda ahead: self._peek(position + ahead), self._geometry)
        if length:
            return Segment(BlockKind.HEADING, tuple(self._line(position + ahead) for ahead in range(length)))
        return Segment(BlockKind.PARAGRAPH, self._extent(position))

    def _continues_last(self, line: Line) -> bool:
        """Whether the last segment waits for a continuation, so that no heading may open here."""
        last = self._last
        if last is None or last.kind is BlockKind.HEADING or line.gap > 1:
            return False
        return hangs(last.lines[-1].text) and len(last.lines[-1].text) > 30

    def _extent(self, position: int) -> tuple[Line, ...]:
        end = position + 1
        while end < len(self._running) and not self._breaks(position, end):
            end += 1
        return tuple(self._line(number) for number in range(position, end))

    def _breaks(self, start: int, position: int) -> bool:
        """Whether the line at ``position`` opens a segment of its own; ``start`` opened the one before it."""
        line, before = self._line(position), self._line(position - 1)
        if self._running[position] != self._running[position - 1] + 1:
            return True
        if position == start + 1 and is_lone_number(before.text):
            return False
        if line.gap or line.opens_page or line.glued or self._opens_item(position):
            return True
        if is_bare_label(line.text):
            return False
        if not self._geometry.wrapped:
            return True
        if not is_finished(before.text):
            return self._closes_quotation(start, position)
        return self._starts_paragraph(start, position)

    def _starts_paragraph(self, start: int, position: int) -> bool:
        line, before = self._line(position), self._line(position - 1)
        if line.indent >= self._line(start + 1 if position > start + 1 else start).indent + 3 and line.indent > before.indent:
            return True
        if line.text[0].islower():
            return False
        width = self._local_width(start, position)
        short = self._geometry.is_short(before, line, width)
        return short or self._stands_apart(position) or self._closes_quotation(start, position)

    def _local_width(self, start: int, position: int) -> int:
        """Characters of the longest line of the paragraph, seen from both sides of ``position``."""
        near = [self._line(number) for number in range(max(start, position - 6), position)]
        if len(near) >= 2:
            return max(len(line.text) for line in near)
        ahead = [self._peek(number) for number in (position, position + 1)]
        return max(len(line.text) for line in [*near, *(line for line in ahead if line)])

    def _stands_apart(self, position: int) -> bool:
        """Whether a blank line cuts the first, indented line of a paragraph off from its second line."""
        line, following = self._line(position), self._peek(position + 1)
        if self._geometry.double_spaced or following is None or not following.gap:
            return False
        return not is_finished(line.text) and (following.text[0].islower() or hangs(line.text))

    def _closes_quotation(self, start: int, position: int) -> bool:
        """Whether a speaker's label ends the participant's words before ``position``."""
        after_colon = start > 0 and self._line(start - 1).text.endswith((":", ")", ").", ": "))
        if not after_colon or not self._line(position).text[0].isupper():
            return False
        return label_at_end(" ".join(self._line(number).text for number in range(max(start, position - 2), position))) is not None

    def _opens_item(self, position: int) -> bool:
        line = self._line(position)
        if bullet_length(line.text):
            return not is_dash_bullet(line.text) or self._dash_opens(position)
        if position in self._labelled or is_lone_number(line.text) and (line.gap or line.tabbed or line.glued):
            return True
        number = item_number(line.text)
        if number is not None and not number.lone:
            return self._number_opens(position, number.value)
        return line.indent == 4 and not self._geometry.wrapped and len(line.text.split()) > 2

    def _dash_opens(self, position: int) -> bool:
        line = self._line(position)
        return bool(line.gap or line.glued) or position == 0 or is_finished(self._line(position - 1).text)

    def _number_opens(self, position: int, value: int) -> bool:
        if position == 0:
            return value <= 1
        line, before = self._line(position), self._line(position - 1)
        ended = is_finished(before.text) or before.text.endswith((";", ","))
        last = next((item_number(part.text) for part in self._back(position) if item_number(part.text)), None)
        if value == 1 or (last is not None and last.value + 1 == value):
            return bool(line.gap or line.glued or ended or not self._geometry.wrapped)
        return False

    def _back(self, position: int) -> Iterator[Line]:
        """Lines before ``position``, last first, as far back as an item reaches."""
        for number in range(position - 1, max(-1, position - 30), -1):
            yield self._line(number)

    def _labelled_items(self) -> set[int]:
        """Positions of lines that open the items of a list whose items begin with a label and a colon."""
        found: set[int] = set()
        run: list[int] = []
        for position in range(len(self._running) + 1):
            line = self._peek(position)
            if line is None or line.gap or line.opens_page:
                opening = [number for number in run if _LABELLED_ITEM.match(self._line(number).text)]
                if len(opening) >= _LABELLED_ITEMS and opening[0] == run[0]:
                    found.update(opening)
                run = []
            run.append(position)
        return found if self._geometry.wrapped else set()

    def _line(self, position: int) -> Line:
        return self._all[self._running[position]]

    def _peek(self, position: int) -> Line | None:
        return self._line(position) if position < len(self._running) else None
