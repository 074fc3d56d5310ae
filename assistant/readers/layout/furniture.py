"""Page furniture: running heads, page numbers, what conversions leave behind; and the pages that they tell of."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from assistant.readers.layout.lines import Line
from assistant.readers.layout.markers import bullet_length, is_caption, is_image, is_package_file, item_number
from assistant.readers.layout.sentence_ends import is_unfinished
from assistant.text.headings import is_known_heading

_PAGE_OF = re.compile(r"\bpage\s+(\d{1,4})\s+(?:of|/)\s+\d{1,4}\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"^(?:page\s+|[-–|]\s*)?(\d{1,4})(?:\s*[-–|])?$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ADDRESS = re.compile(r"https?://|www\.|doi\b", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$")
_LONGEST_HEAD = 140
"""Characters up to which a line may be a running head."""
_HEAD_WORDS = 4
"""Words from which a head that repeats but for its numbers is taken for one without knowing the pages."""
_FULL_LINE = 40
"""Characters from which a line before a number may be one of running text."""
_REPEATS = 3
"""Times that a running head is repeated at the least."""
_LEAST_APART = 700
"""Characters that usually lie between two repeats: the better part of a page."""
_PAGE_LENGTH = (600, 9_000)
"""Characters that a page usually holds."""
_LEAST_PAGES = 3
"""Marks without which leading spaces say nothing of pages."""


def furniture(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines that are running heads, page numbers, image places or a conversion's leavings."""
    found = {number for number, line in enumerate(lines) if _is_furniture(line.text)}
    heads = {_PAGE_OF.sub("", lines[number].text).strip() for number in found} - {""}
    found |= {number for number, line in enumerate(lines) if line.text in heads}
    found |= _repeated(lines) | _package(lines)
    return found | _page_numbers(lines, found)


def _is_furniture(text: str) -> bool:
    if len(text) > _LONGEST_HEAD:
        return is_image(text)
    return bool(is_image(text) or _PAGE_OF.search(text) or _CONTENTS.search(text))


def _repeated(lines: Sequence[Line]) -> set[int]:
    """Short lines that come again and again, pages apart, the numbers in them aside."""
    places: dict[str, list[int]] = defaultdict(list)
    offsets: list[int] = []
    offset = 0
    for number, line in enumerate(lines):
        offsets.append(offset)
        offset += len(line.text)
        if _may_repeat(line):
            places[_DIGITS.sub("#", line.text)].append(number)
    found: set[int] = set()
    for numbers in places.values():
        if len(numbers) >= _REPEATS:
            apart = [offsets[after] - offsets[before] for before, after in itertools.pairwise(numbers)]
            alike = len({lines[number].text for number in numbers}) == 1
            if median(apart) >= _LEAST_APART and min(apart) > 200 and (alike or _at_edges(lines, numbers)):
                found.update(numbers)
    return found


def _at_edges(lines: Sequence[Line], numbers: Sequence[int]) -> bool:
    """Whether most of some lines are the first or last two of a page; of some words, where pages are unknown."""
    if not any(line.opens_page for line in lines):
        return len(lines[numbers[0]].text.split()) >= _HEAD_WORDS
    edges = sum(any(line.opens_page for line in lines[max(0, number - 1) : number + 3]) for number in numbers)
    return edges >= len(numbers) / 2


def _may_repeat(line: Line) -> bool:
    text = line.text
    if not 4 <= len(text) <= _LONGEST_HEAD or bullet_length(text) or item_number(text) or is_known_heading(text):
        return False
    return (
        not text.startswith(("(", "“", "‘", '"'))
        and not text.endswith((")", "-", ",", ";", ":"))
        and (text[0].isupper() or text[0].isdigit() or bool(_ADDRESS.match(text)))
    )


def _package(lines: Sequence[Line]) -> set[int]:
    """Names of package files, and the short set-in lines after them, such as an e-book's navigation."""
    found: set[int] = set()
    for number, line in enumerate(lines):
        if is_package_file(line.text) or (number - 1 in found and line.indent and len(line.text.split()) < 40):
            found.add(number)
    return found


def _page_numbers(lines: Sequence[Line], known: set[int]) -> set[int]:
    """Lone numbers with blank lines around, in rising order from page to page."""
    found: list[int] = []
    for number, line in enumerate(lines):
        match = _PAGE_NUMBER.match(line.text)
        if match is None or number in known or line.glued:
            continue
        if any(is_caption(before.text) for before in lines[max(0, number - 2) : number]):
            continue
        closes = number + 1 == len(lines) or lines[number + 1].opens_page
        alone = line.opens_page or closes or (line.gap and lines[number + 1].gap) or _interrupts(lines, number)
        if alone and (not found or int(match[1]) > _number(lines[found[-1]])):
            found.append(number)
    return set(found)


def _interrupts(lines: Sequence[Line], number: int) -> bool:
    """Whether a sentence runs on over the line."""
    before, after = lines[number - 1].text, lines[number + 1].text
    return number > 0 and len(before) >= _FULL_LINE and is_unfinished(before) and after[0].islower()


def _number(line: Line) -> int:
    match = _PAGE_NUMBER.match(line.text)
    return int(match[1]) if match else 0


def find_pages(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with the page that each stands on, where the text tells it; untouched where it doesn't.

    A page begins after a form feed; or, in texts whose form feeds were turned into a space, at a line that is
    set in by one without the blank line that its neighbours have.
    """
    opens = {number for number, line in enumerate(lines) if line.opens_page} or set(_marked_by_space(lines))
    numbers = _page_numbers(lines, set())
    if not opens and len(numbers) < _LEAST_PAGES:
        return list(lines)
    opens |= {number + 1 for number in numbers if not opens & {number, number + 1}} | {0}
    pages, page = [], 0
    for number, _line in enumerate(lines):
        page += number in opens
        pages.append(page)
    offset = _printed_offset(lines, pages)
    return [
        replace(line, opens_page=number in opens and number > 0, page=page + offset)
        for number, (line, page) in enumerate(zip(lines, pages, strict=True))
    ]


def _marked_by_space(lines: Sequence[Line]) -> list[int]:
    usual = median([line.gap for line in lines]) if lines else 0
    deepest = 1 if usual == 0 else 12
    starts = [
        number
        for number, line in enumerate(lines)
        if number and line.gap == 0 and not line.glued and 1 <= line.indent <= deepest
    ]
    lengths, length, opening = [], 0, set(starts)
    for number, line in enumerate(lines):
        if number in opening:
            lengths.append(length)
            length = 0
        length += len(line.text)
    if len(starts) < _LEAST_PAGES or not _PAGE_LENGTH[0] <= median(lengths) <= _PAGE_LENGTH[1]:
        return []
    return starts


def _printed_offset(lines: Sequence[Line], pages: Sequence[int]) -> int:
    """How far printed page numbers lie above counted ones, where they agree on it; else 0."""
    offsets: set[int] = set()
    found = _page_numbers(lines, set())
    for number, line in enumerate(lines):
        match = _PAGE_OF.search(line.text) if len(line.text) <= _LONGEST_HEAD else None
        if match or number in found:
            offsets.add((int(match[1]) if match else _number(line)) - pages[number])
    return offsets.pop() if len(offsets) == 1 and min(offsets) >= 0 else 0
