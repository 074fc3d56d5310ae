"""Running heads, running feet and page numbers: short lines in the margins that come page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.readers.pdf.lines import Line

_MARGIN = 0.14
"""Share of a page's height, at the top and at the bottom, in which furniture stands."""
_ROWS = 4
"""Rows from the edge of the print that may be furniture."""
_ALIGNED = 2
"""Other pages with a running head at the same height that make a line one."""
_SHORT = 2
"""Pages up to which a document can't show that its numbers count pages."""
_APART = 1.4
"""Heights of the type from one baseline to the next beyond which space parts a running head from the text."""
_NEAR = 5.0
"""Points by which the place of a running head may vary."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^[\s|–—·-]*(?:(?:page|p\.|seite)\s*)?(\d{1,4}|[ivxlc]{1,6}|[eES]\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?[\s|–—·-]*$",
    re.IGNORECASE,
)


def find_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[set[int]]:
    """For each page, the indices of its lines that are furniture.

    Args:
        pages: The lines of each page.
        heights: The pages' heights, in points.
    """
    margins = [_margin_lines(lines, height) for lines, height in zip(pages, heights, strict=True)]
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for page, numbers in enumerate(margins):
        for number in numbers:
            places[_key(pages[page][number])].append((page, number))
    found: list[set[int]] = [set() for _ in pages]
    for same in places.values():
        for page, number in _repeated(same, pages, heights):
            found[page].add(number)
    _keep_one_sequence(pages, found)
    _add_aligned(pages, margins, found)
    shift = _printed_shift(pages, found)
    for page, numbers in enumerate(margins):
        for number in _outermost(pages[page], numbers):
            printed = _printed_number(pages[page][number])
            if printed is not None and _counts(printed - page, shift, pages, page, number):
                found[page].add(number)
    return found


def _add_aligned(pages: Sequence[Sequence[Line]], margins: Sequence[Sequence[int]], found: Sequence[set[int]]) -> None:
    """Adds what stands where other pages have running heads, such as a heading's words that no two pages share."""
    heights: dict[int, set[int]] = defaultdict(set)
    for page, taken in enumerate(found):
        for number in taken:
            if _printed_number(pages[page][number]) is None:
                heights[round(pages[page][number].y)].add(page)
    for page, numbers in enumerate(margins):
        for number in numbers:
            y = round(pages[page][number].y)
            if max(len(heights[near]) - (page in heights[near]) for near in (y - 1, y, y + 1)) >= _ALIGNED:
                found[page].add(number)


def _counts(ahead: int, shift: int | None, pages: Sequence[Sequence[Line]], page: int, number: int) -> bool:
    """Whether a number counts the page: as the others do, or, in a short document without others, alone in its row."""
    if shift is not None:
        return ahead == shift
    row = pages[page][number].y
    return len(pages) <= _SHORT and sum(abs(line.y - row) < 2 for line in pages[page]) == 1


def _keep_one_sequence(pages: Sequence[Sequence[Line]], found: Sequence[set[int]]) -> None:
    """Gives back lone numbers that do not count the pages, such as those of a table's rows."""
    shift = _printed_shift(pages, found)
    for page, numbers in enumerate(found):
        for number in list(numbers):
            printed = _printed_number(pages[page][number])
            if printed is not None and printed - page != shift:
                numbers.discard(number)


def _printed_number(line: Line) -> int | None:
    """The page number that is the whole line; None if it is none."""
    match = _PAGE_NUMBER.match(line.text)
    return int(match[1]) if match and match[1].isdigit() else None


def _printed_shift(pages: Sequence[Sequence[Line]], found: Sequence[set[int]]) -> int | None:
    """How far the page numbers among the furniture run ahead of the count of pages; None without any."""
    shifts = Counter(
        printed - page
        for page, numbers in enumerate(found)
        for number in numbers
        if (printed := _printed_number(pages[page][number])) is not None
    )
    return shifts.most_common(1)[0][0] if shifts else None


def _margin_lines(lines: Sequence[Line], height: float) -> list[int]:
    """Indices of the lines in the first and last rows of the print, as far as they stand in the margins."""
    ordered = sorted(range(len(lines)), key=lambda number: lines[number].y)
    top = [number for number in _rows(ordered, lines) if lines[number].y < _MARGIN * height]
    foot = [number for number in _rows(ordered[::-1], lines) if lines[number].y > (1 - _MARGIN) * height]
    return top + [number for number in foot if number not in top]


def _rows(ordered: Sequence[int], lines: Sequence[Line]) -> list[int]:
    """Of the first rows from the edge, those that space parts from the text."""
    kept: list[int] = []
    parted = rows = 0
    for number in ordered:
        step = abs(lines[number].y - lines[kept[-1]].y) if kept else 0.0
        rows += not kept or step > 2
        if kept and step > _APART * lines[kept[-1]].face.size:
            parted = len(kept)
        if rows > _ROWS:
            break
        kept.append(number)
    return kept[:parted] if rows > 1 else kept


def _outermost(lines: Sequence[Line], numbers: Sequence[int]) -> list[int]:
    """Those of ``numbers`` that stand in the very first or last row of the page."""
    if not numbers:
        return []
    first, last = min(line.y for line in lines), max(line.y for line in lines)
    return [number for number in numbers if min(abs(lines[number].y - first), abs(lines[number].y - last)) < 3]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text).casefold()


def _repeated(
    same: Sequence[tuple[int, int]], pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> list[tuple[int, int]]:
    """Those of the places of one text that stand at the height of another one, seen from the top or the foot."""
    rows: dict[int, set[int]] = defaultdict(set)
    feet: dict[int, set[int]] = defaultdict(set)
    for page, number in same:
        y = pages[page][number].y
        rows[round(y / _NEAR)].add(page)
        feet[round((heights[page] - y) / _NEAR)].add(page)
    kept = []
    for page, number in same:
        y = pages[page][number].y
        if _on_several(rows, y) or _on_several(feet, heights[page] - y):
            kept.append((page, number))
    return kept


def _on_several(rows: dict[int, set[int]], y: float) -> bool:
    """Whether more than one page has something at the height ``y``."""
    row = round(y / _NEAR)
    near = [rows[place] for place in (row - 1, row, row + 1) if place in rows]
    return any(len(pages) > 1 for pages in near) or len(set().union(*near)) > 1
