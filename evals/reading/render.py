"""Sets an article as a journal would: two justified columns, hyphens, running heads, floats, footnotes.

The article comes from the studies folder at run time and nothing of it is kept. What the PDF holds is known
exactly, so that reading it back measures the reader alone.
Run as ``python -m evals.reading.render ARTICLE.nxml OUT.pdf [--raised] [--one-column]``.
"""

from __future__ import annotations

import argparse
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.domain.study import Block, BlockKind, SectionType, Study
from assistant.readers.registry import read_study

_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_FILES = {"": "DejaVuSerif.ttf", "b": "DejaVuSerif-Bold.ttf", "i": "DejaVuSerif-Italic.ttf"}
_BUILT_IN = {"": "Times-Roman", "b": "Times-Bold", "i": "Times-Italic"}
_MARK = re.compile(r"\s?\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]")
_BREAK = re.compile(r"(?<=[aeiouy][bcdfghklmnprstvwxz])(?=[bcdfghklmnpqrstvwxz]?[aeiouy])")
_SHORTEST = 7
"""Letters of a word that may be broken."""
_WIDTH, _HEIGHT = 595.0, 842.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """How pages are set; lengths in points."""

    columns: int = 2
    """Columns of the body."""
    gutter: float = 18.0
    """Between them."""
    margin: float = 56.0
    """At the left and right."""
    top: float = 76.0
    """Above the text."""
    bottom: float = 70.0
    """Below it."""
    size: float = 8.6
    """Of running text."""
    raised: bool = False
    """Whether citation marks are superscripts."""
    hyphens: bool = True
    """Whether words are broken at line ends."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a block is set."""

    size: float
    """Height of the type."""
    face: str = ""
    """``b`` bold, ``i`` italic, or neither."""
    above: float = 0.0
    """Space above."""
    first: float = 0.0
    """Indentation of the first line."""
    rest: float = 0.0
    """Indentation of the further lines."""
    right: float = 0.0
    """Indentation from the right."""
    justified: bool = True
    """Whether lines are spread to the full width."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the mark raised after it."""

    text: str
    """The word."""
    mark: str = ""
    """Raised behind it."""


def render(study: Study, sheet: Sheet = Sheet()) -> bytes:
    """The PDF of ``study``."""
    setter = _Setter(sheet, study)
    setter.run()
    return setter.finish()


@dataclass
class _Setter:
    sheet: Sheet
    study: Study
    page: int = 0
    column: int = 0
    y: float = 0.0
    top: float = 0.0
    waiting: list[tuple[str, str]] = field(default_factory=list)
    """Captions and tables that the next column opens with."""

    def __post_init__(self) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(self._buffer, pagesize=(_WIDTH, _HEIGHT), pageCompression=1)
        self._canvas.setTitle(self.study.bibliography.title)
        self._faces = _faces()
        self._columns = 1

    def run(self) -> None:
        self._open_page()
        blocks = list(self.study.blocks)
        body = next((n for n, block in enumerate(blocks) if self._type(block) is not SectionType.ABSTRACT
                     and block.kind is BlockKind.HEADING), 0)  # fmt: skip
        self._front(blocks[:body])
        self._columns = self.sheet.columns
        self.top = self.y - 14
        self.column, self.y = 0, self.top
        after_heading = True
        for number, block in enumerate(blocks[body:], body):
            if block.kind in (BlockKind.CAPTION, BlockKind.TABLE):
                self._float(blocks, number)
                continue
            self._set(block.span.of(self.study.text), self._style(block, first=after_heading))
            after_heading = block.kind is BlockKind.HEADING

    def finish(self) -> bytes:
        while self.waiting:
            self._next_column()
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def _type(self, block: Block) -> SectionType:
        return self.study.section_of(block).type

    def _front(self, blocks: Sequence[Block]) -> None:
        known = self.study.bibliography
        self._set(known.title, Style(17, "b", justified=False))
        self._set(
            ", ".join(" ".join(reversed(name.split(", "))) for name in known.authors),
            Style(10, above=8, justified=False),
        )
        for block in blocks:
            if block.kind is not BlockKind.FRONT_MATTER:
                self._set(block.span.of(self.study.text), replace(self._style(block, first=True), first=0.0))

    def _style(self, block: Block, *, first: bool) -> Style:
        size = self.sheet.size
        match block.kind:
            case BlockKind.HEADING:
                level = block.level or 1
                large = Style(size + 2.4, "b", above=12, justified=False)
                return large if level == 1 else Style(size, "b" if level == 2 else "i", above=9, justified=False)
            case BlockKind.QUOTATION:
                return Style(size, above=5, first=14, rest=14, right=10)
            case BlockKind.LIST_ITEM:
                return Style(size, first=6, rest=16)
            case BlockKind.REFERENCE:
                return Style(size - 1.4, rest=12)
            case BlockKind.FOOTNOTE:
                return Style(size - 1.6, above=4)
            case _:
                return Style(size, first=0 if first else 10)

    def _float(self, blocks: Sequence[Block], number: int) -> None:
        words = blocks[number].span.of(self.study.text)
        self.waiting.append((blocks[number].kind.value, words))

    def _set(self, text: str, style: Style) -> None:
        self.y -= style.above
        leading = style.size * 1.22
        lines = list(self._lines(text, style))
        for number, (words, last) in enumerate(lines):
            if self.y - leading < self.sheet.bottom or (
                style.face and number == 0 and self.y - 4 * leading < self.sheet.bottom
            ):
                self._next_column()
            self.y -= leading
            self._draw(words, style, style.first if number == 0 else style.rest, last=last or not style.justified)

    def _lines(self, text: str, style: Style) -> Iterator[tuple[list[Word], bool]]:
        """Lines as words, and whether a line is the block's last; a broken word's rest opens the next line."""
        waiting = list(reversed(self._words(text)))
        line: list[Word] = []
        indent = style.first
        while waiting:
            word = waiting.pop()
            room = (
                self._measure - indent - style.right - self._width([*line], style) - (self._space(style) if line else 0)
            )
            if self._width([word], style) <= room:
                line.append(word)
                continue
            head, tail = self._broken(word, room, style)
            if head is not None:
                line.append(head)
                word = tail
            elif not line:
                line.append(word)
                word = Word("")
            if word.text:
                waiting.append(word)
            yield line, False
            line, indent = [], style.rest
        if line:
            yield line, True

    def _words(self, text: str) -> list[Word]:
        if not self.sheet.raised:
            return [Word(word) for word in text.split()]
        words: list[Word] = []
        for number, part in enumerate(_MARK.split(text)):
            if number % 2 and words:
                words[-1] = Word(words[-1].text, part.replace(" ", ""))
            elif not number % 2:
                fresh = part.split()
                if number and fresh and not part[:1].isspace() and words and words[-1].mark:
                    words.append(Word("\u2060" + fresh.pop(0)))
                words.extend(map(Word, fresh))
        return words

    def _broken(self, word: Word, room: float, style: Style) -> tuple[Word | None, Word]:
        letters = word.text
        cuts = [match.start() for match in re.finditer(r"(?<=\w)(?<!\d)-(?=\w)|(?<=\w)/(?=\w)", letters)]
        options = [(letters[: cut + 1], letters[cut + 1 :]) for cut in cuts]
        if self.sheet.hyphens and len(letters) >= _SHORTEST and letters.isalpha() and letters[1:].islower():
            cuts = [match.start() for match in _BREAK.finditer(letters) if 3 <= match.start() <= len(letters) - 3]
            options += [(f"{letters[:cut]}-", letters[cut:]) for cut in cuts]
        fitting = [(head, tail) for head, tail in options if self._width([Word(head)], style) <= room]
        if not fitting:
            return None, word
        head, tail = max(fitting, key=lambda option: len(option[0]))
        return Word(head), Word(tail, word.mark)

    @property
    def _measure(self) -> float:
        width = _WIDTH - 2 * self.sheet.margin
        return (width - (self._columns - 1) * self.sheet.gutter) / self._columns

    def _space(self, style: Style) -> float:
        return 0.27 * style.size

    def _width(self, words: Sequence[Word], style: Style) -> float:
        total = sum(self._length(word, style) for word in words)
        return total + self._space(style) * sum(not word.text.startswith("\u2060") for word in words[1:])

    def _length(self, word: Word, style: Style) -> float:
        from reportlab.pdfbase.pdfmetrics import stringWidth

        text = word.text.lstrip("\u2060")
        return float(
            stringWidth(text, self._faces[style.face], style.size)
            + stringWidth(word.mark, self._faces[""], 0.62 * style.size)
        )

    def _draw(self, words: Sequence[Word], style: Style, indent: float, *, last: bool) -> None:
        x = self.sheet.margin + self.column * (self._measure + self.sheet.gutter) + indent
        spaces = sum(not word.text.startswith("\u2060") for word in words[1:])
        slack = self._measure - indent - style.right - self._width(words, style)
        gap = self._space(style) + (slack / spaces if spaces and not last else 0)
        for number, word in enumerate(words):
            x += gap if number and not word.text.startswith("\u2060") else 0
            self._canvas.setFont(self._faces[style.face], style.size)
            self._canvas.drawString(x, self.y, word.text.lstrip("\u2060"))
            if word.mark:
                self._canvas.setFont(self._faces[""], 0.62 * style.size)
                self._canvas.drawRightString(x + self._length(word, style), self.y + 0.36 * style.size, word.mark)
            x += self._length(word, style)

    def _next_column(self) -> None:
        self.column += 1
        if self.column >= self._columns:
            self._canvas.showPage()
            self._open_page()
        self.y = self.top
        if self.waiting and self._columns == self.sheet.columns:
            self._set_floats()

    def _set_floats(self) -> None:
        """Sets the floats that wait at the top of the column, rules above and below tables."""
        floats, self.waiting = self.waiting, []
        for kind, text in floats:
            if kind == BlockKind.CAPTION.value:
                self._set(text, Style(self.sheet.size - 1.2, "b", above=4, justified=False))
            else:
                self._table([line.split(" | ") for line in text.split("\n")])
        self.y -= 14

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        count = max(map(len, rows))
        left = self.sheet.margin + self.column * (self._measure + self.sheet.gutter)
        size = self.sheet.size - 1.6
        width = self._measure / count
        self._rule(left)
        for row in rows:
            cells = [self._cell(cell, width - 6, size) for cell in row]
            height = max(map(len, cells), default=1) * size * 1.15 + 2
            if self.y - height < self.sheet.bottom:
                self._next_column()
                left = self.sheet.margin + self.column * (self._measure + self.sheet.gutter)
            for number, cell in enumerate(cells):
                self._canvas.setFont(self._faces[""], size)
                for line_number, line in enumerate(cell):
                    self._canvas.drawString(left + number * width, self.y - (line_number + 1) * size * 1.15, line)
            self.y -= height
        self._rule(left)

    def _cell(self, text: str, width: float, size: float) -> list[str]:
        from reportlab.lib.utils import simpleSplit

        return list(simpleSplit(text, self._faces[""], size, width))

    def _rule(self, left: float) -> None:
        self.y -= 3
        self._canvas.setLineWidth(0.5)
        self._canvas.line(left, self.y, left + self._measure, self.y)
        self.y -= 2

    def _open_page(self) -> None:
        self.page += 1
        self.column, self.top = 0, _HEIGHT - self.sheet.top
        self.y = self.top
        known = self.study.bibliography
        head = f"{known.label or 'Authors'} {known.journal or 'Journal of Tests'}"
        self._canvas.setFont(self._faces["i"], 7.5)
        if self.page % 2:
            self._canvas.drawString(self.sheet.margin, _HEIGHT - 44, head)
        else:
            self._canvas.drawRightString(_WIDTH - self.sheet.margin, _HEIGHT - 44, known.title[:60])
        self._canvas.setFont(self._faces[""], 7.5)
        self._canvas.drawCentredString(_WIDTH / 2, 40, str(self.page))


def _faces() -> dict[str, str]:
    """Names of the fonts by face; built-in ones, which lack many characters, where no others are installed."""
    if not all((_FONTS / name).exists() for name in _FILES.values()):
        return dict(_BUILT_IN)
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for face, name in _FILES.items():
        pdfmetrics.registerFont(TTFont(f"Serif{face}", str(_FONTS / name)))
    return {face: f"Serif{face}" for face in _FILES}


def main(arguments: Sequence[str] | None = None) -> None:
    """Renders one article."""
    parser = argparse.ArgumentParser(prog="evals.reading.render", description=__doc__.partition("\n")[0])
    parser.add_argument("article", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--raised", action="store_true", help="citation marks as superscripts")
    parser.add_argument("--one-column", action="store_true")
    chosen = parser.parse_args(arguments)
    sheet = Sheet(raised=chosen.raised, columns=1 if chosen.one_column else 2)
    chosen.out.write_bytes(render(read_study(chosen.article), sheet))


if __name__ == "__main__":
    main()
