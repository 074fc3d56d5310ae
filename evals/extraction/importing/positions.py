"""How a program counted the positions in a text that it exports: the standard is one thing, programs are another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate

from assistant.domain.spans import Span

Ends = tuple[int, int]
"""Start and end as a file gives them."""
Counting = Callable[[str], int]
"""How far a code point moves the count on."""

_COUNTINGS: dict[str, Counting] = {
    "code points": lambda _: 1,
    "code points, a line end as one": lambda char: int(char != "\r"),
    "UTF-16 units": lambda char: 1 + (ord(char) > 0xFFFF),
    "UTF-16 units, a line end as one": lambda char: int(char != "\r") + (ord(char) > 0xFFFF),
}
"""The standard's own first."""


def spans_of_positions(text: str, positions: Sequence[Ends]) -> tuple[list[Span | None], str]:
    """The spans that ``positions`` mean in ``text``, and how they were counted.

    REFI-QDA counts code points from 0, the end exclusive. Some programs count UTF-16 units, or a line end of two
    characters as one. Of these the one is taken by which most spans begin and end where words do; the standard's
    own where it is as good as another.

    Returns:
        A span for each position, None where it leaves the text or is empty; and the name of the counting.
    """
    readings = {name: [_span(text, ends, counting) for ends in positions] for name, counting in _distinct(text)}
    best = max(readings, key=lambda name: sum(_on_words(text, span) for span in readings[name]))
    return readings[best], best


def _distinct(text: str) -> Sequence[tuple[str, list[int]]]:
    """Where each code point begins, by each counting that differs for this text."""
    found: dict[str, list[int]] = {}
    for name, counting in _COUNTINGS.items():
        starts = [0, *accumulate(counting(char) for char in text)]
        if starts not in found.values():
            found[name] = starts
    return list(found.items())


def _span(text: str, ends: Ends, starts: list[int]) -> Span | None:
    start, end = (bisect_left(starts, at) for at in ends)
    return Span(start, end) if 0 <= start < end <= len(text) else None


def _on_words(text: str, span: Span | None) -> bool:
    """Whether a span neither begins nor ends inside a word, nor takes in white space at an end."""
    if span is None:
        return False
    cut_front = span.start > 0 and text[span.start - 1].isalnum() and text[span.start].isalnum()
    cut_back = span.end < len(text) and text[span.end - 1].isalnum() and text[span.end].isalnum()
    return not (cut_front or cut_back or text[span.start].isspace() or text[span.end - 1].isspace())
