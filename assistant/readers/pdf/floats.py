"""What stands on a page beside its running text: captions with their tables and figures, and footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.study import BlockKind
from assistant.readers.layout.markers import bullet_length, caption_is_table, is_caption, is_caption_label, item_number
from assistant.readers.pdf.columns import Gutter, crosses
from assistant.readers.pdf.glyphs import Rule
from assistant.readers.pdf.lines import Line
from assistant.readers.pdf.setting import Setting
from assistant.text.headings import is_main_heading

_FOOTNOTE = re.compile(r"^(?:\[?(?:\d{1,3}|[a-z]|[ivx]{1,4})\]?|[*†‡§¶‖#]+)\s?\S")
_RAISED_MARKS = "[*†‡§¶"
"""What a footnote opens with once its raised number is written as running text."""
_TALLEST_NOTES = 0.45
"""Share of a page's height that footnotes take at the most."""
_PROSE_LINES = 2
"""Full lines of running text, one after the other, at which a table is over."""
_MOST_LINES = 1_200
"""Lines beyond which a page is no print in which floats could be told; a dense table has some hundred cells."""
_LEAST_ROWS = 3
"""Rows of cells that make a table without a caption."""


@dataclass(frozen=True, slots=True)
class Float:
    """Lines that are no running text."""

    kind: BlockKind
    """Caption, table or footnote."""
    lines: tuple[int, ...]
    """Indices of its lines among the page's, in reading order."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page's width."""

    x0: float
    """Left edge."""
    x1: float
    """Right edge."""

    def holds(self, line: Line) -> bool:
        """Whether the middle of ``line`` lies inside."""
        return self.x0 - 3 <= (line.x0 + line.x1) / 2 <= self.x1 + 3


class FloatFinder:
    """Finds the floats among the lines of one page."""

    def __init__(
        self, lines: Sequence[Line], rules: Sequence[Rule], gutter: Gutter | None, setting: Setting, height: float
    ) -> None:
        """Takes the page's lines in reading order, furniture left out."""
        self._lines = lines
        self._rules = _joined_rules(rules)
        self._gutter = gutter
        self._setting = setting
        self._height = height
        self._left = min((line.x0 for line in lines), default=0.0)
        self._right = max((line.x1 for line in lines), default=0.0)
        self._rows = self._count_rows()
        self._taken: set[int] = set()

    def find(self) -> list[Float]:
        """The floats, none sharing a line with another."""
        found: list[Float] = []
        if len(self._lines) > _MOST_LINES:
            return found
        for number, line in enumerate(self._lines):
            if number not in self._taken and is_caption(line.text) and self._stands_apart(number):
                found.extend(self._captioned(number))
        found.extend(self._footnotes())
        found.extend(self._bare_tables())
        return found

    def _take(self, kind: BlockKind, numbers: Sequence[int]) -> list[Float]:
        self._taken.update(numbers)
        return [Float(kind, tuple(numbers))] if numbers else []

    def _stands_apart(self, number: int) -> bool:
        """Whether the line is set otherwise than running text, or has space or a rule above it."""
        line = self._lines[number]
        if not self._setting.is_body(line) or line.lead > 4:
            return True
        above = [
            other.y for other in self._lines
            if other.y < line.y - 1 and other.x0 < line.x1 and other.x1 > line.x0
        ]  # fmt: skip
        return not above or line.y - max(above) > 1.4 * self._setting.leading

    def _region(self, number: int) -> Region:
        """The width that the float of the caption takes: its column's, or the page's."""
        line = self._lines[number]
        if self._gutter is None:
            return Region(self._left, self._right)
        wide = [
            rule for rule in self._rules
            if line.y - 14 < rule.y < line.y + 5 * self._setting.leading and rule.x0 <= line.x0 + 12
            and rule.x0 < self._gutter.middle < rule.x1 - 20
        ]  # fmt: skip
        if crosses(line, self._gutter) or wide:
            return Region(self._left, self._right)
        if line.column:
            return Region(self._gutter.middle, self._right)
        return Region(self._left, self._gutter.middle)

    def _captioned(self, number: int) -> list[Float]:
        caption = self._caption(number)
        region = self._region(number)
        found = self._take(BlockKind.CAPTION, caption)
        if caption_is_table(self._lines[number].text):
            table = self._below(self._lines[caption[-1]], region)
            found += self._take(BlockKind.TABLE, table)
            found += self._take(BlockKind.FOOTNOTE, self._notes_below(table, region))
        else:
            found += self._take(BlockKind.TABLE, self._lettering_above(self._lines[number], region))
        return found

    def _caption(self, number: int) -> list[int]:
        first = self._lines[number]
        found = [number]
        for other in range(number + 1, len(self._lines)):
            before, line = self._lines[found[-1]], self._lines[other]
            step = line.y - before.y
            label_only = len(found) == 1 and is_caption_label(first.text)
            if other in self._taken or not 0 < step <= (2.2 if label_only else 1.5) * max(
                before.face.size, line.face.size
            ):
                break
            same = abs(line.face.size - before.face.size) < 0.3 and line.face.bold == before.face.bold
            if not (same or label_only) or self._ruled(before.y, line) or is_caption(line.text):
                break
            if self._setting.is_body(line) and before.text.endswith(".") and before.x1 < line.x1 - 20:
                break
            found.append(other)
        return found

    def _ruled(self, y: float, line: Line) -> bool:
        """Whether a rule runs between the height ``y`` and ``line`` below it."""
        return any(y + 1 < rule.y < line.y - 1 and rule.x0 < line.x1 and rule.x1 > line.x0 for rule in self._rules)

    def _below(self, caption: Line, region: Region) -> list[int]:
        """The lines of the table below its caption."""
        candidates = sorted(
            (
                number for number, line in enumerate(self._lines)
                if number not in self._taken and line.y > caption.y + 1 and region.holds(line)
            ),
            key=lambda number: (self._lines[number].y, self._lines[number].x0),
        )  # fmt: skip
        if not candidates or self._is_foot(candidates[0], caption):
            return []
        end = self._framed_until(caption, region, candidates)
        found: list[int] = []
        for number in candidates:
            line = self._lines[number]
            if line.y > end and self._resumes(number, found, region, framed=end > 0):
                break
            found.append(number)
        return found

    def _is_foot(self, number: int, caption: Line) -> bool:
        """Whether only the page's footnotes follow a caption, its table being on the next page."""
        line = self._lines[number]
        far = line.y - caption.y > 3 * self._setting.leading
        return far and self._setting.is_small(line) and line.text[0] in _RAISED_MARKS

    def _framed_until(self, caption: Line, region: Region, candidates: Sequence[int]) -> float:
        """Height of the rule that closes the table; 0 where rules do not frame it."""
        width = region.x1 - region.x0
        ahead = [
            rule for rule in self._rules
            if rule.y > caption.y - 2 and rule.x0 >= region.x0 - 12 and rule.x1 <= region.x1 + 12
            and rule.x1 - rule.x0 > 0.5 * width
        ]  # fmt: skip
        if not ahead or ahead[0].y - caption.y > 4 * self._setting.leading:
            return 0.0
        last = ahead[0]
        for rule in ahead[1:]:
            between = [self._lines[number] for number in candidates if last.y < self._lines[number].y < rule.y]
            if abs(rule.x0 - ahead[0].x0) > 6 or abs(rule.x1 - ahead[0].x1) > 6 or self._has_prose(between, region):
                break
            last = rule
        return last.y if last is not ahead[0] else 0.0

    def _has_prose(self, lines: Sequence[Line], region: Region) -> bool:
        run = 0
        for line in lines:
            full = self._setting.is_body(line) and line.width > 0.8 * (region.x1 - region.x0)
            run = run + 1 if full else 0
            if run > _PROSE_LINES or is_main_heading(line.text) or is_caption(line.text):
                return True
        return False

    def _resumes(self, number: int, found: Sequence[int], region: Region, *, framed: bool) -> bool:
        """Whether the running text goes on at a line below a table's rows."""
        line = self._lines[number]
        if framed or is_caption(line.text) or is_main_heading(line.text):
            return True
        last = self._lines[found[-1]].y if found else line.y
        if line.y - last > 3.5 * self._setting.leading and found:
            return True
        if self._rows[number] > 1:
            return False
        full = line.width > 0.75 * (region.x1 - region.x0)
        return (self._setting.is_body(line) and (full or not found)) or self._setting.is_large(line)

    def _notes_below(self, table: Sequence[int], region: Region) -> list[int]:
        if not table:
            return []
        last = max(self._lines[number].y for number in table)
        found: list[int] = []
        below = (
            n for n, line in enumerate(self._lines) if n not in self._taken and line.y > last and region.holds(line)
        )
        for number in sorted(below, key=lambda number: self._lines[number].y):
            line = self._lines[number]
            if not self._setting.is_small(line) or line.face.bold or line.y - last > 2.2 * self._setting.leading:
                break
            found.append(number)
            last = line.y
        return found

    def _lettering_above(self, caption: Line, region: Region) -> list[int]:
        """Words inside a figure, whose caption stands below it."""
        above = [
            number for number, line in enumerate(self._lines)
            if number not in self._taken and line.y < caption.y - 1 and region.holds(line)
        ]  # fmt: skip
        found: list[int] = []
        last = caption.y
        for number in sorted(above, key=lambda number: -self._lines[number].y):
            line = self._lines[number]
            if (
                self._is_running(line, region)
                or is_main_heading(line.text)
                or last - line.y > 12 * self._setting.leading
            ):
                break
            found.append(number)
            last = line.y
        if any(self._is_prose(self._lines[number]) for number in found):
            return []
        return found[::-1]

    def _is_running(self, line: Line, region: Region) -> bool:
        """Whether a line above a figure's caption is no lettering: set as text, and wide or at the text's edge."""
        if not self._setting.is_body(line):
            return False
        return line.width > 0.5 * (region.x1 - region.x0) or abs(line.x0 - self._edge(line)) < 2.0

    def _edge(self, line: Line) -> float:
        """Where most lines of the column begin."""
        starts = Counter(round(other.x0) for other in self._lines if other.column == line.column)
        return float(starts.most_common(1)[0][0])

    def _is_prose(self, line: Line) -> bool:
        return len(line.text.split()) > 9

    def _footnotes(self) -> list[Float]:
        found: list[Float] = []
        for column in sorted({line.column for line in self._lines}):
            numbers = [n for n, line in enumerate(self._lines) if line.column == column and n not in self._taken]
            found += self._notes_at_foot(sorted(numbers, key=lambda number: self._lines[number].y))
        return found

    def _notes_at_foot(self, column: Sequence[int]) -> list[Float]:
        start = len(column)
        while start and self._setting.is_small(self._lines[column[start - 1]]):
            start -= 1
        notes = list(column[start:])
        while notes and not (self._opens_notes(notes[0], column)):
            notes.pop(0)
        if not notes or self._lines[notes[-1]].y - self._lines[notes[0]].y > _TALLEST_NOTES * self._height:
            return []
        return self._parted_notes(notes)

    def _opens_notes(self, number: int, column: Sequence[int]) -> bool:
        """Whether the first of a page's footnotes may be the line: after a rule, or marked and after a gap."""
        line = self._lines[number]
        if line.y < (1 - _TALLEST_NOTES - 0.1) * self._height:
            return False
        place = column.index(number)
        above = self._lines[column[place - 1]] if place else None
        if above is not None and is_main_heading(above.text):
            return False
        top = above.y if above is not None else 0.0
        if any(
            top < rule.y < line.y and line.y - rule.y < 3 * self._setting.leading and rule.x0 < line.x1
            for rule in self._rules
        ):
            return True
        gap = above is None or line.y - above.y > 1.25 * self._setting.leading_of(line.face)
        differs = above is not None and above.face.size > line.face.size * 1.04
        return gap and (differs or above is None) and bool(_FOOTNOTE.match(line.text))

    def _parted_notes(self, notes: Sequence[int]) -> list[Float]:
        parts: list[list[int]] = []
        for number in notes:
            line = self._lines[number]
            before = self._lines[parts[-1][-1]] if parts else None
            marked = bool(_FOOTNOTE.match(line.text)) and (
                line.text[0] in "[*†‡§¶‖#" or item_number(line.text) is not None
            )
            apart = before is not None and line.y - before.y > 1.5 * self._setting.leading_of(line.face)
            if not parts or marked or apart:
                parts.append([number])
            else:
                parts[-1].append(number)
        return [float_ for part in parts for float_ in self._take(BlockKind.FOOTNOTE, part)]

    def _bare_tables(self) -> list[Float]:
        """Rows of cells without a caption, such as a table that goes on from the page before."""
        found: list[Float] = []
        run: list[int] = []
        for number in [*range(len(self._lines)), -1]:
            if number >= 0 and number not in self._taken and self._rows[number] > 1:
                run.append(number)
                continue
            if len({round(self._lines[n].y) for n in run}) >= _LEAST_ROWS:
                found += self._take(BlockKind.TABLE, run)
            run = []
        return found

    def _count_rows(self) -> list[int]:
        """For each line, how many cells stand on its baseline in its column; a list's mark is no cell."""
        places: dict[tuple[int, int], list[int]] = {}
        for number, line in enumerate(self._lines):
            places.setdefault((line.column, round(line.y)), []).append(number)
        counts = [1] * len(self._lines)
        for numbers in places.values():
            first = self._lines[numbers[0]].text
            mark = item_number(first)
            if len(numbers) > 1 and not (bullet_length(f"{first} x") or (mark and mark.lone) or len(first) <= 2):
                for number in numbers:
                    counts[number] = len(numbers)
        return counts


def _joined_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Rules from the top, pieces that touch on one height put together."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.y), rule.x0)):
        last = joined[-1] if joined else None
        if last is not None and abs(last.y - rule.y) < 1.5 and rule.x0 <= last.x1 + 4:
            joined[-1] = Rule(last.x0, max(last.x1, rule.x1), last.y)
        else:
            joined.append(rule)
    return joined
