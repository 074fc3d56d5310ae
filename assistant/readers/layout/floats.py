"""Captions, tables and footnotes among the lines: where each begins, and where the running text goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import BlockKind
from assistant.readers.layout.lines import Geometry, Line
from assistant.readers.layout.markers import (
    bullet_length,
    caption_is_table,
    is_caption,
    is_caption_label,
    is_placeholder,
)
from assistant.readers.layout.sentence_ends import hangs, is_finished, is_unfinished
from assistant.text.headings import is_known_heading, is_main_heading
from assistant.text.words import STOPWORDS

_FOOTNOTE = re.compile(r"^(?:\d{1,2}|[*†‡§¶]|[a-c])\s?[A-Z]")
_LEADING_NUMBER = re.compile(r"^(\d{1,2})\s")
_GLUED_CAPTION = re.compile(r"(?<=\S)\s+(?=(?:Fig\.|Figure|Table) \d{1,2} [A-Z])")
_FARTHEST = 400
"""Lines after a caption within which running text is looked for."""
_LONGEST_FOOTNOTES = 15
"""Lines at the end of a page that may be footnotes."""
_PAGE_LINES = 70
"""Lines of a page in which a footnote's mark is looked for."""
_RUN_LINES = 12
"""Lines from which a run without a blank line may hold both a table and running text."""
_PROSE_WORDS = 12
"""Words from which an unwrapped line may be running text."""
_FRAGMENT_WORDS = 8
"""Words up to which a line may be lettering of a figure."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A run of lines that is no running text."""

    kind: BlockKind
    """Caption, table or footnote."""
    start: int
    """Index of its first line."""
    end: int
    """Index after its last line."""


def find_floats(lines: Sequence[Line], furniture: set[int], geometry: Geometry) -> list[Lifted]:
    """The captions, tables and footnotes among ``lines``, in order."""
    return _FloatFinder(lines, furniture, geometry).find()


def part_captions(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with a caption that ends another caption's or a cell's line put on a line of its own."""
    result: list[Line] = []
    for line in lines:
        parts = _GLUED_CAPTION.split(line.text) if len(line.text) < 160 and not is_finished(line.text) else [line.text]
        caption = len(parts) == 2 and is_caption(parts[1]) and len(parts[1].split()) <= _FRAGMENT_WORDS
        result.append(replace(line, text=parts[0]) if caption else line)
        if caption:
            result.append(replace(line, text=parts[1], gap=1, glued=True, opens_page=False))
    return result


class _FloatFinder:
    def __init__(self, lines: Sequence[Line], furniture: set[int], geometry: Geometry) -> None:
        self._lines = lines
        self._furniture = furniture
        self._geometry = geometry

    def find(self) -> list[Lifted]:
        found: list[Lifted] = []
        number = 0
        while number < len(self._lines):
            parts = self._at(number, found[-1] if found else None)
            found.extend(parts)
            number = parts[-1].end if parts else number + 1
        return found

    def _at(self, number: int, last: Lifted | None) -> list[Lifted]:
        text = self._lines[number].text
        if number in self._furniture:
            return []
        if is_placeholder(text):
            return [Lifted(BlockKind.CAPTION, number, number + 1)]
        if is_caption(text) and self._may_open(number):
            return self._caption(number)
        after_table = last is not None and last.end == number and last.kind is BlockKind.TABLE
        if _FOOTNOTE.match(text) and (end := self._footnote_end(number, after_table)):
            return [Lifted(BlockKind.FOOTNOTE, number, end)]
        return []

    def _may_open(self, number: int) -> bool:
        line = self._lines[number]
        if number == 0 or line.gap or line.opens_page or line.glued or number - 1 in self._furniture:
            return True
        before = self._lines[number - 1].text
        wide = len(line.text) > 1.25 * self._geometry.width
        return (
            not self._geometry.wrapped or wide or is_finished(before) or is_known_heading(before) or is_caption(before)
        )

    def _caption(self, start: int) -> list[Lifted]:
        middle = self._caption_end(start)
        end = self._region_end(start, middle)
        parts = [Lifted(BlockKind.CAPTION, start, middle)]
        return [*parts, Lifted(BlockKind.TABLE, middle, end)] if end > middle else parts

    def _caption_end(self, start: int) -> int:
        end = start + 1
        if is_caption_label(self._lines[start].text):
            end += self._has(end) and not self._lines[end].opens_page
        while self._has(end) and not self._stops(end):
            before, after = self._lines[end - 1], self._lines[end]
            if not hangs(before.text) and not (is_unfinished(before.text) and after.text[0].islower()):
                break
            end += 1
        mark = self._lines[end] if self._has(end) else None
        return end + (mark is not None and mark.tabbed and len(mark.text) <= 2)

    def _region_end(self, start: int, middle: int) -> int:
        """Index of the first line after the caption at ``start`` that is no part of its table or figure."""
        number = middle
        table = caption_is_table(self._lines[start].text)
        limit = min(len(self._lines), middle + _FARTHEST)
        resumes = self._interrupted(start)
        tabbed = self._has(middle) and self._lines[middle].tabbed
        while number < limit:
            if self._ends_region(number, resumes, tabbed) or (not table and not self._is_fragment(number)):
                return self._without_heading(middle, number)
            number = self._chunk_step(number) if self._geometry.wrapped else number + 1
        return min(number, limit)

    def _chunk_step(self, number: int) -> int:
        """Where to look next for running text: after the chunk, or inside it where it fills much of a page."""
        end = self._chunk_end(number)
        if end - number <= _RUN_LINES:
            return end
        inside = range(number + 1, end - 3)
        return next((at for at in inside if self._resumes(at)), end)

    def _resumes(self, number: int) -> bool:
        """Whether lines of a table turn into lines of running text at ``number``."""
        above, below = self._lines[number - 1 : number], self._lines[number : number + 4]
        return self._is_column(below) and not self._is_column(above)

    def _ends_region(self, number: int, resumes: bool, tabbed: bool) -> bool:
        line = self._lines[number]
        if number in self._furniture or line.opens_page or (is_caption(line.text) and (line.gap or line.glued)):
            return True
        if _FOOTNOTE.match(line.text) and len(line.text.split()) > 4 and is_finished(line.text) and not line.tabbed:
            return True
        chunk = self._lines[number : self._chunk_end(number)]
        if resumes and line.text[0].islower() and self._is_column(chunk[:3]):
            return True
        if is_main_heading(line.text) and line.gap and self._has(number + 1) and self._is_prose(number + 1):
            return True
        if tabbed and not line.tabbed and is_finished(line.text) and len(line.text.split()) >= 5:
            return True
        return self._is_prose(number)

    def _interrupted(self, start: int) -> bool:
        before = start - 1
        while before >= 0 and before in self._furniture:
            before -= 1
        return before >= 0 and is_unfinished(self._lines[before].text)

    def _is_prose(self, number: int) -> bool:
        line = self._lines[number]
        if bullet_length(line.text) or line.tabbed:
            return False
        if not self._geometry.wrapped:
            return is_finished(line.text) and _reads_as_sentence(line.text)
        chunk = self._lines[number : self._chunk_end(number)]
        ends = is_finished(chunk[-1].text) or any(". " in part.text for part in chunk)
        return len(chunk) >= 3 and ends and self._is_column(chunk[:-1])

    def _is_column(self, chunk: Sequence[Line]) -> bool:
        """Whether most lines of ``chunk`` are as long as those of running text."""
        if not self._geometry.wrapped:
            return bool(chunk) and len(chunk[0].text) > 40
        width = self._geometry.width
        fitting = sum(0.7 * width <= len(line.text) <= 1.2 * width for line in chunk)
        return fitting >= 0.7 * len(chunk)

    def _is_fragment(self, number: int) -> bool:
        text = self._lines[number].text
        return len(text.split()) <= _FRAGMENT_WORDS and not is_finished(text)

    def _without_heading(self, middle: int, end: int) -> int:
        """``end``, or the line before it where that is the heading of what follows."""
        last = end - 1
        if last > middle and self._has(end) and is_main_heading(self._lines[last].text):
            return last
        figure_heading = last >= middle and self._lines[last].gap and self._lines[last].text[0].isupper()
        if figure_heading and not self._geometry.wrapped and not caption_is_table(self._lines[middle - 1].text):
            return last if self._is_fragment(last) and not self._lines[last].tabbed else end
        return end

    def _footnote_end(self, start: int, after_table: bool) -> int:
        """Index after the footnote that opens at ``start``; 0 if none does."""
        line = self._lines[start]
        end = self._chunk_end(start)
        closes_page = end < len(self._lines) and self._lines[end].opens_page and bool(line.gap)
        if end <= start + _LONGEST_FOOTNOTES and self._closes_numbered_page(start, end):
            return self._next_footnote(start, end)
        finished = is_finished(self._lines[end - 1].text) and len(line.text.split()) > 4
        if not finished or not ((line.rule and line.gap) or after_table or closes_page):
            return 0
        return end if self._geometry.wrapped else start + 1

    def _closes_numbered_page(self, start: int, end: int) -> bool:
        """Whether the lines to the page's end are footnotes whose first number is a mark on a word of that page."""
        number = _LEADING_NUMBER.match(self._lines[start].text)
        if number is None or not (end == len(self._lines) or self._lines[end].opens_page):
            return False
        mark = re.compile(rf"[a-z)’”][.,;:]?{number[1]}(?!\d)")
        page = self._lines[start].page
        above = self._lines[max(0, start - _PAGE_LINES) : start]
        return page is not None and any(line.page == page and mark.search(line.text[:400]) for line in above)

    def _next_footnote(self, start: int, end: int) -> int:
        return next((number for number in range(start + 1, end) if _FOOTNOTE.match(self._lines[number].text)), end)

    def _chunk_end(self, start: int) -> int:
        end = start + 1
        while end < start + _FARTHEST and self._has(end) and not self._stops(end):
            end += 1
        return end

    def _stops(self, number: int) -> bool:
        line = self._lines[number]
        return bool(line.gap) or line.opens_page or number in self._furniture

    def _has(self, number: int) -> bool:
        return number < len(self._lines)


def _reads_as_sentence(text: str) -> bool:
    words = text.lower().split(maxsplit=60)[:60]
    return len(words) >= _PROSE_WORDS and sum(word in STOPWORDS for word in words) >= 0.2 * len(words)
