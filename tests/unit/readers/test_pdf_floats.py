from __future__ import annotations

from typing import Any

from assistant.domain.study import BlockKind

from .pdf_sheets import LEFT, PROSE, RIGHT, WIDTH, column, draw, line
from .test_pdf_reader import prose, read, texts

FULL = RIGHT + WIDTH - LEFT


def rows(canvas: Any, cells: list[tuple[str, ...]], x: float, y: float, step: float, *, size: float = 8) -> float:
    for row in cells:
        for number, cell in enumerate(row):
            line(canvas, cell, x + step * number, y, size=size)
        y -= 11
    return y


def test_a_table_across_both_columns_parts_neither() -> None:
    def page(canvas: Any) -> None:
        y = line(
            canvas,
            "Table 2. What was lent and by whom in each of the years that were looked at here",
            LEFT,
            780,
            size=8,
            font="Times-Bold",
        )
        canvas.line(LEFT, y + 4, LEFT + FULL, y + 4)
        y = rows(
            canvas,
            [("Tool", "Lender", "Year"), ("Pump", "The parish", "2019"), ("Shredder", "The school", "2020")],
            LEFT,
            y - 8,
            160,
        )
        canvas.line(LEFT, y + 6, LEFT + FULL, y + 6)
        y = line(canvas, "* Lent twice.", LEFT, y - 4, size=7)
        column(canvas, PROSE * 4, LEFT, y - 24)
        column(canvas, PROSE * 4, RIGHT, y - 24)

    study = read(draw(page))
    assert texts(study, BlockKind.TABLE) == [
        "Tool | Lender | Year\nPump | The parish | 2019\nShredder | The school | 2020"
    ]
    assert texts(study, BlockKind.FOOTNOTE) == ["* Lent twice."]
    assert prose(study).count("Volunteers kept") == 8
    assert "Shredder" not in prose(study)


def test_a_figure_keeps_its_lettering_from_the_text() -> None:
    def page(canvas: Any) -> None:
        y = column(canvas, PROSE * 4, LEFT, 780)
        line(canvas, "trust", LEFT + 30, y - 30, size=7, font="Helvetica")
        line(canvas, "tools lent", LEFT + 130, y - 50, size=7, font="Helvetica")
        y = column(canvas, "Figure 1. How tools that are lent build trust.", LEFT, y - 90, size=8, font="Times-Bold")
        column(canvas, PROSE * 2, LEFT, y - 20)
        column(canvas, PROSE * 5, RIGHT, 780)

    study = read(draw(page))
    assert texts(study, BlockKind.CAPTION) == ["Figure 1. How tools that are lent build trust."]
    assert texts(study, BlockKind.TABLE) == ["trust\ntools lent"]
    assert prose(study).count("Volunteers kept") == 11


def test_a_sentence_that_opens_with_a_figure_is_no_caption() -> None:
    def page(canvas: Any) -> None:
        y = column(canvas, PROSE * 4, LEFT, 780, width=480)
        column(canvas, "Figure 1 shows how the tools were lent. " + PROSE, LEFT, y, width=480)

    study = read(draw(page))
    assert not texts(study, BlockKind.CAPTION)
    assert "Figure 1 shows how the tools were lent." in prose(study)


def test_a_caption_whose_table_is_on_the_next_page_leaves_the_footnotes_alone() -> None:
    def page(canvas: Any) -> None:
        y = column(canvas, PROSE * 8, LEFT, 780, width=480)
        line(canvas, "Table 1. Reasons given", LEFT, y - 10, size=9, font="Times-Bold")
        canvas.line(LEFT, 120, LEFT + 150, 120)
        canvas.setFont("Times-Roman", 5)
        canvas.drawString(LEFT, 108, "9")
        line(canvas, "The parish of the north.", LEFT + 4, 105, size=8)

    study = read(draw(page))
    assert not texts(study, BlockKind.TABLE)
    assert texts(study, BlockKind.FOOTNOTE) == ["[9] The parish of the north."]


def test_rows_without_a_caption_are_a_table() -> None:
    def page(canvas: Any) -> None:
        y = rows(
            canvas,
            [("North", "31", "12"), ("South", "44", "15"), ("West", "52", "9"), ("East", "12", "3")],
            LEFT,
            780,
            150,
            size=10,
        )
        column(canvas, PROSE * 5, LEFT, y - 20, width=480)

    study = read(draw(page))
    assert texts(study, BlockKind.TABLE) == ["North | 31 | 12\nSouth | 44 | 15\nWest | 52 | 9\nEast | 12 | 3"]


def test_a_page_that_is_all_table_on_one_side_still_has_columns() -> None:
    def first(canvas: Any) -> None:
        for x in (LEFT, RIGHT):
            column(canvas, PROSE * 7, x, 780)

    def third(canvas: Any) -> None:
        y = line(canvas, "Table 3. Plots", LEFT, 780, size=8, font="Times-Bold")
        canvas.line(LEFT, y, LEFT + WIDTH, y)
        y = rows(canvas, [(f"Plot {n}", str(n * 3), str(n * 5)) for n in range(1, 30)], LEFT, y - 12, 70)
        canvas.line(LEFT, y, LEFT + WIDTH, y)
        column(canvas, PROSE * 5, RIGHT, 780)

    study = read(draw(first, first, third))
    assert prose(study).count("Volunteers kept") == 33
    assert "Plot 4 | 12 | 20" in texts(study, BlockKind.TABLE)[0]
