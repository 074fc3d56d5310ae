"""The body of a Word document as blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.builder import RawBlock
from assistant.readers.docx.names import W, local, number_of, value_of
from assistant.readers.docx.runs import Notes, Words
from assistant.readers.docx.styles import ParagraphStyle, Role, Styles, is_numbered, left_indent
from assistant.readers.marks import bracketed
from assistant.text.headings import is_main_heading
from assistant.text.speakers import closing_label, is_quotation, speaker_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "AlternateContent", "Choice"})
_CAPTION = re.compile(r"(?:table|figure|fig\.?|box)\s+[\dA-Z]+[a-z]?\s*[.:–-]\s*\S", re.IGNORECASE)
_CAPTION_WORDS = 60
_SET_IN = 360
"""Indentation beyond that of the running text, in twentieths of a point, that sets a quotation apart (6.4 mm)."""
_HEADING_WORDS = 12
"""Words of the longest bold line that may be a heading."""
_LONGEST_HEADING = 25
"""Words beyond which a whole sentence is running text, whatever its style."""
_WIDEST = 200
"""Columns of the widest table; a cell that spans more is a mistake of the file or an attack."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph before it is known what the others are."""

    text: str
    style: ParagraphStyle
    level: int | None
    indent: int
    listed: bool
    bold: bool


@dataclass
class BodyReader:
    """Reads the body and, where the text refers to them, the notes."""

    styles: Styles
    """The document's styles."""
    footnotes: Mapping[str, _Element]
    """Footnotes by id."""
    endnotes: Mapping[str, _Element]
    """Endnotes by id."""
    notes: Notes = field(default_factory=Notes)
    """Those referred to so far."""
    items: list[_Paragraph | RawBlock] = field(default_factory=list)
    """What was read, in order."""
    _carried: str = ""
    """Text of a paragraph whose end was deleted, so that it goes on in the next."""

    def read(self, body: _Element) -> list[RawBlock]:
        """The blocks of ``body`` in reading order, endnotes at the end."""
        self._contents(body)
        blocks = _as_blocks(self.items)
        return blocks + [
            RawBlock(BlockKind.FOOTNOTE, text, section_type=SectionType.BACK_MATTER) for text in self._endnotes()
        ]

    @property
    def title(self) -> str:
        """The first paragraph that is styled as the document's title; empty where none is."""
        titles = (item.text for item in self.items if isinstance(item, _Paragraph) and item.style.role is Role.TITLE)
        return next(titles, "")

    def _contents(self, parent: _Element) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name in _CONTAINERS:
                self._contents(child)

    def _paragraph(self, element: _Element) -> None:
        properties = element.find(f"{W}pPr")
        style = self.styles.of(properties)
        before = len(self.notes.footnotes)
        words = Words(self.styles, self.notes, style.bold)
        text = words.read(element)
        text, self._carried = f"{self._carried} {text}".strip(), ""
        if _end_is_deleted(properties):
            self._carried = text
            return
        if text:
            self.items.append(
                _Paragraph(
                    text,
                    style,
                    _level(properties, style),
                    left_indent(properties, style.indent),
                    is_numbered(properties, style.numbered),
                    words.is_bold,
                )
            )
        self._footnotes(self.notes.footnotes[before:], before)
        for box in words.boxes:
            self._contents(box)

    def _footnotes(self, ids: Sequence[str], before: int) -> None:
        for number, id in enumerate(ids, start=before + 1):
            text = self._note_text(self.footnotes.get(id))
            if text:
                self.items.append(RawBlock(BlockKind.FOOTNOTE, f"{bracketed('', str(number))} {text}"))

    def _endnotes(self) -> Iterator[str]:
        for number, id in enumerate(self.notes.endnotes, start=1):
            if text := self._note_text(self.endnotes.get(id)):
                yield f"{bracketed('', str(number))} {text}"

    def _note_text(self, note: _Element | None) -> str:
        if note is None:
            return ""
        # Notes have their own notes left out: a reference inside one would have no place to stand.
        return " ".join(filter(None, (Words(self.styles, Notes()).read(part) for part in note.iter(f"{W}p"))))

    def _table(self, table: _Element) -> None:
        rows = [row for row in _within(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
        cells = [cell for row in rows for cell in _within(row, "tc")]
        if len(cells) == 1:
            self._contents(cells[0])
            return
        before = len(self.notes.footnotes)
        lines = [line for row in rows if (line := " | ".join(self._row(row))).strip(" |")]
        if lines:
            self.items.append(RawBlock(BlockKind.TABLE, "\n".join(lines)))
        self._footnotes(self.notes.footnotes[before:], before)

    def _row(self, row: _Element) -> list[str]:
        """Texts of a row's cells; a cell that spans others is followed by empty ones."""
        texts: list[str] = []
        for cell in _within(row, "tc"):
            properties = cell.find(f"{W}tcPr")
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            covered = merged is not None and (merged.get(f"{W}val") or "continue") == "continue"
            parts = [Words(self.styles, self.notes).read(part) for part in cell.iter(f"{W}p")]
            texts.append("" if covered else " ".join(filter(None, parts)).replace(" | ", " / "))
            span = number_of(value_of(properties, "gridSpan")) or 1
            texts.extend([""] * (min(max(span, 1), _WIDEST) - 1))
        while texts and not texts[-1]:
            texts.pop()
        return texts


def _within(parent: _Element, tag: str) -> Iterator[_Element]:
    """The rows or cells directly in ``parent``, or in containers that hold them."""
    for child in parent:
        if child.tag == f"{W}{tag}":
            yield child
        elif local(child) in _CONTAINERS:
            yield from _within(child, tag)


def _level(properties: _Element | None, style: ParagraphStyle) -> int | None:
    """Depth of a heading: by the paragraph's own outline level, else its style's; None of running text."""
    own = number_of(value_of(properties, "outlineLvl"))
    if own is not None and style.role in {Role.BODY, Role.HEADING}:
        return own + 1 if 0 <= own < 9 else None
    return style.level


def _end_is_deleted(properties: _Element | None) -> bool:
    mark = properties.find(f"{W}rPr") if properties is not None else None
    return mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)


def _as_blocks(items: Sequence[_Paragraph | RawBlock]) -> list[RawBlock]:
    paragraphs = [item for item in items if isinstance(item, _Paragraph)]
    plain = Counter(item.indent for item in paragraphs if item.style.role is Role.BODY and not item.listed)
    usual = plain.most_common(1)[0][0] if plain else 0
    styled = any(item.level is not None for item in paragraphs)
    blocks = [item if isinstance(item, RawBlock) else _block(item, usual, styled=styled) for item in items]
    return [block for block in blocks if block is not None]


def _block(item: _Paragraph, usual: int, *, styled: bool) -> RawBlock | None:
    """The block that a paragraph is; None for a line of a table of contents.

    Args:
        item: The paragraph.
        usual: Left indentation of most running text.
        styled: Whether the document's headings have styles, so that bold lines are not taken for headings.
    """
    role, text = item.style.role, item.text
    if role is Role.CONTENTS:
        return None
    if role is Role.TITLE:
        return RawBlock(BlockKind.HEADING, text, level=1)
    if item.level is not None and not (len(text.split()) > _LONGEST_HEADING and text[-1] in ".:;"):
        return RawBlock(BlockKind.HEADING, text, level=item.level)
    if role is Role.CAPTION or (_CAPTION.match(text) and len(text.split()) <= _CAPTION_WORDS and role is Role.BODY):
        return RawBlock(BlockKind.CAPTION, text)
    if role in {Role.FRONT, Role.REFERENCE}:
        return RawBlock(BlockKind.FRONT_MATTER if role is Role.FRONT else BlockKind.REFERENCE, text)
    if not styled and (level := _heading_by_looks(item)):
        return RawBlock(BlockKind.HEADING, text, level=level)
    if role is Role.QUOTE or (role is Role.BODY and not item.listed and item.indent >= usual + _SET_IN):
        return RawBlock(BlockKind.QUOTATION, text, speaker=speaker_of(text))
    if item.listed or role is Role.LIST:
        return RawBlock(BlockKind.LIST_ITEM, text)
    if is_quotation(text):
        return RawBlock(BlockKind.QUOTATION, text, speaker=closing_label(text))
    return RawBlock(BlockKind.PARAGRAPH, text)


def _heading_by_looks(item: _Paragraph) -> int | None:
    """Depth of a line that looks like a heading, in a document whose headings have no styles."""
    if item.listed or len(item.text.split()) > _HEADING_WORDS or item.text[-1] in ".;,?!":
        return None
    if is_main_heading(item.text):
        return 1
    return 2 if item.bold and not item.text.endswith(":") else None


def with_speakers(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """``blocks`` where a speaker's label that stands alone after a quotation is joined to it."""
    result: list[RawBlock] = []
    for block in blocks:
        last = result[-1] if result else None
        alone = block.kind is BlockKind.QUOTATION and re.fullmatch(r"[(\[][^()\[\]]{1,100}[)\]]\.?", block.text)
        if alone and last is not None and last.kind is BlockKind.QUOTATION and last.speaker is None:
            joined = f"{last.text} {block.text}"
            result[-1] = replace(last, text=joined, speaker=closing_label(joined))
        else:
            result.append(block)
    return result
