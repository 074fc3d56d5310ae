"""Segments and floats to blocks: lines joined to running text, sentences made whole over what interrupts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import BlockKind, PageBox, SectionType
from assistant.readers.builder import RawLine, clean
from assistant.readers.layout.markers import BULLET, bullet_length
from assistant.readers.layout.sentence_ends import hangs, is_unfinished
from assistant.readers.pdf.lines import Line
from assistant.readers.pdf.paragraphs import Segment
from assistant.readers.pdf.setting import Setting
from assistant.text.headings import heading_type
from assistant.text.hyphens import HYPHENS, HyphenJoiner

_ADDRESS = re.compile(r"(?:://|www\.)\S*[-/._]$")
"""The end of a line inside an address, whose hyphens are its own."""
_TIGHT = ("/", "—")
"""What joins words over a line end without a space."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A block on its way: its lines are known, its text not yet joined."""

    kind: BlockKind
    """As far as its lines tell."""
    segments: tuple[Segment, ...]
    """One, or the parts of what a column, page or float has cut."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """All its lines."""
        return tuple(line for segment in self.segments for line in segment.lines)


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines as running text."""

    text: str
    """Clean, as it is stored."""
    lines: tuple[RawLine, ...]
    """Where each line stands in it, and on the page."""


def assemble(items: Sequence[Segment | Piece], setting: Setting) -> list[Piece]:
    """The pieces in reading order; what interrupts a sentence, given as a piece, comes after it."""
    done: list[Piece] = []
    aside: list[Piece] = []
    listed = False
    for item in items:
        if isinstance(item, Piece):
            aside.append(item)
        elif done and (_goes_on(done[-1], item, setting, crossed=bool(aside)) or (listed and _belongs(done[-1], item))):
            done[-1] = replace(done[-1], segments=(*done[-1].segments, item))
        else:
            done.extend(aside)
            aside = []
            done.append(Piece(item.kind, (item,)))
            if item.kind is BlockKind.HEADING:
                listed = heading_type(" ".join(line.text for line in item.lines)) is SectionType.REFERENCES
    return done + aside


def _belongs(piece: Piece, segment: Segment) -> bool:
    """Whether an unnumbered segment is part of the numbered reference before it."""
    return segment.kind is BlockKind.PARAGRAPH and piece.kind is BlockKind.LIST_ITEM and segment.indent > 0.5


def _goes_on(piece: Piece, segment: Segment, setting: Setting, *, crossed: bool) -> bool:
    """Whether ``segment`` continues the text of ``piece``."""
    if segment.kind is not BlockKind.PARAGRAPH or piece.kind is BlockKind.HEADING:
        return False
    before, text = piece.segments[-1].last, segment.first.text
    if abs(before.face.size - segment.first.face.size) > 0.06 * before.face.size:
        return False
    crossed = crossed or (before.page, before.column) != (segment.first.page, segment.first.column)
    if text[0].islower():
        return is_unfinished(before.text) and (crossed or not before.text.endswith(":"))
    if not crossed:
        return hangs(before.text) and not before.text.endswith((",", ";")) and before.face == segment.first.face
    if hangs(before.text):
        return True
    if is_unfinished(before.text):
        return piece.segments[-1].full and segment.aligned_with(piece.segments[-1])
    return setting.indents and piece.kind is BlockKind.PARAGRAPH and piece.segments[-1].full and segment.indent < 0.6


def join(lines: Sequence[Line], joiner: HyphenJoiner, kind: BlockKind) -> Joined:
    """``lines`` as the running text of a block of the ``kind``, with the place of each."""
    parts: list[str] = []
    length = 0
    places: list[tuple[int, Line]] = []
    for number, line in enumerate(lines):
        text = _even_marker(joiner.mend_spaced(clean(line.text)), kind if number == 0 else BlockKind.PARAGRAPH)
        if not text:
            continue
        if parts:
            joined = _join_two(parts[-1], text, joiner)
            length += len(joined) - len(parts[-1])
            parts[-1] = joined[: len(joined) - len(text)]
            parts.append(text)
        else:
            parts, length = [text], len(text)
        places.append((length - len(text), line))
    text = "".join(parts)
    whole = clean(text)
    if whole != text or not places:  # an accent that joined the letter before it has moved what follows
        return Joined(whole, ())
    ends = [*(start for start, _ in places[1:]), len(whole)]
    spans = ((start, end - (whole[end - 1] == " "), line) for (start, line), end in zip(places, ends, strict=True))
    return Joined(whole, tuple(_raw_line(start, end, line) for start, end, line in spans if start < end))


def join_rows(lines: Iterable[Line]) -> Joined:
    """The lines of a table: what stands on one baseline in one row, cells parted by `` | ``."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.page, round(line.y), line.x0)):
        if rows and rows[-1][0].page == line.page and abs(rows[-1][0].y - line.y) < 0.4 * line.face.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    text, found = "", []
    for row in rows:
        for number, cell in enumerate(sorted(row, key=lambda line: line.x0)):
            words = clean(cell.text).replace(" | ", " / ")
            if not words:
                continue
            text += ("\n" if number == 0 else " | ") if text else ""
            found.append(_raw_line(len(text), len(text) + len(words), cell))
            text += words
    return Joined(text, tuple(found))


def _join_two(left: str, right: str, joiner: HyphenJoiner) -> str:
    if _ADDRESS.search(left):
        return left + right
    if left[-1] in HYPHENS and len(left) > 1 and not left[-2].isspace():
        return joiner.join(left, right)
    if left.endswith(_TIGHT) and not left[-2:-1].isspace():
        return left + right
    if left[-1] in "–-" and left[-2:-1].isdigit() and right[0].isdigit():
        return left + right
    return f"{left} {right}"


def _even_marker(text: str, kind: BlockKind) -> str:
    if kind is BlockKind.LIST_ITEM and (length := bullet_length(text)):
        return BULLET + text[length:]
    return text


def _raw_line(start: int, end: int, line: Line) -> RawLine:
    box = PageBox(line.page, round(line.x0, 1), round(line.top, 1), round(line.x1, 1), round(line.bottom, 1))
    return RawLine(start, end, box)
