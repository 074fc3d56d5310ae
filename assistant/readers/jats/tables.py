"""Tables as lines of cells, captions, and the notes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.readers.jats.inline import plain

if TYPE_CHECKING:
    from lxml.etree import _Element

_WIDEST = 100
"""Columns, and rows of one cell, beyond which a span is a mistake of the file or an attack."""


def table_text(table: _Element) -> str:
    """Rows on lines of their own, cells separated by `` | ``.

    A cell that spans columns or rows is written once, in its first row and column; the places that it covers
    stay empty, so that columns keep their order without repeating words that the study says once.
    """
    covered: dict[int, int] = {}
    lines: list[str] = []
    for row in table.iter("tr"):
        if cells := _row(row, covered):
            lines.append(" | ".join(cells))
    return "\n".join(lines)


def _row(row: _Element, covered: dict[int, int]) -> list[str]:
    """Texts of one row's cells, without the empty ones at its end.

    Args:
        row: The row.
        covered: By column, the number of further rows that a cell above covers; counted down here.
    """
    cells: list[str] = []

    def skip_covered() -> None:
        while covered.get(len(cells), 0) > 0:
            covered[len(cells)] -= 1
            cells.append("")

    for cell in row.iterchildren("td", "th"):
        skip_covered()
        across = min(_span(cell, "colspan"), max(_WIDEST - len(cells), 1))
        down = _span(cell, "rowspan") if len(cells) < _WIDEST else 1
        for column in range(len(cells), len(cells) + across):
            covered[column] = down - 1
        cells.append(" ".join(plain(cell).split()).replace(" | ", " / "))
        cells.extend([""] * (across - 1))
    skip_covered()
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _span(cell: _Element, attribute: str) -> int:
    value = cell.get(attribute, "1").strip()
    return min(max(int(value), 1), _WIDEST) if value.isdecimal() else 1


def caption_text(element: _Element) -> str:
    """Label, title and text of a figure's, table's or box's caption, in one run."""
    label = " ".join(plain(element.find("label")).split())
    parts = [label] if label else []
    for caption in element.findall("caption"):
        parts.extend(" ".join(plain(part).split()) for part in caption)
    stopped = [part if part[-1:] in ".:;?!" else f"{part}." for part in parts if part]
    return " ".join(stopped)
