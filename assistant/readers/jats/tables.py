"""Tables as lines of cells, captions, and the notes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.readers.jats.inline import plain

if TYPE_CHECKING:
    from lxml.etree import _Element

_WIDEST = 1000
"""Columns beyond which a span is a mistake of the file."""


def table_text(table: _Element) -> str:
    """Rows on lines of their own, cells separated by `` | ``.

    A cell that spans columns or rows is written once, in its first row and column; the places that it covers
    stay empty, so that columns keep their order without repeating words that the study says once.
    """
    covered: dict[int, int] = {}
    lines: list[str] = []
    for row in table.iter("tr"):
        cells = _row(row, covered)
        if any(cells):
            lines.append(" | ".join(cells).rstrip())
    return "\n".join(lines)


def _row(row: _Element, covered: dict[int, int]) -> list[str]:
    """Texts of one row's cells; ``covered`` counts, by column, the rows that a cell above still covers."""
    cells: list[str] = []

    def skip_covered() -> None:
        while covered.get(len(cells), 0) > 0:
            covered[len(cells)] -= 1
            cells.append("")

    for cell in row.iterchildren("td", "th"):
        skip_covered()
        across, down = _span(cell, "colspan"), _span(cell, "rowspan")
        for column in range(len(cells), len(cells) + across):
            covered[column] = down - 1
        cells.append(" ".join(plain(cell).split()).replace(" | ", " / "))
        cells.extend([""] * (across - 1))
    skip_covered()
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
