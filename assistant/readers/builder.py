"""From the blocks that a reader saw to a `Study`: stored text, offsets, sections, pages.

Every reader ends here, so that all formats share one form of stored text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.domain.spans import Span
from assistant.domain.study import (
    Bibliography,
    Block,
    BlockKind,
    Page,
    PageBox,
    PrintedLine,
    ReadingNote,
    Section,
    SectionType,
    SourceFile,
    Study,
)
from assistant.errors import EmptyStudy
from assistant.text.headings import SectionTyper

_BREAK = "\n\n"
_SPACE = re.compile(r"[^\S\n]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)
_TERMINAL_SEQUENCE = re.compile(
    r"""
    (?: \x1b\[ | \x9b(?=[0-?]) ) [0-?]{0,64} [\x20-/]{0,8} [@-~]?               # CSI: colours, cursor
    | (?: \x1b\] | \x9d(?=[0-9]) ) [^\x07\x1b\x9c\n]{0,2000} (?:\x07|\x1b\\|\x9c)  # OSC: titles, links
    | \x1b\] [0-9]{0,4} ;?                                                     # OSC that nothing ends
    | \x1b [PX^_] [^\x07\x1b\x9c\n]{0,2000} (?:\x1b\\|\x9c)                    # device control, private strings
    | \x1b [()*+] [0-9A-Za-z]                                                  # character sets
    """,
    re.VERBOSE,
)
"""Control sequences with what would stay of them as text once their control character is gone."""

_LINE_SEPARATORS = str.maketrans(
    {"\r": "\n", "\t": " ", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\u00ad": None}
)


@dataclass(frozen=True, slots=True)
class RawLine:
    """A printed line of a block, for formats whose pages are fixed."""

    start: int
    """Offset of its first code point in the block's text."""
    end: int
    """Offset after its last one."""
    box: PageBox
    """Where it stands on the page."""


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as a reader hands it over: its words are not yet part of a stored text."""

    kind: BlockKind
    """What it is."""
    text: str
    """Its words; white space is evened out by the builder (tables keep their line feeds)."""
    page: int | None = None
    """Page that it starts on, from 1."""
    level: int | None = None
    """Of a heading: depth from 1."""
    speaker: str | None = None
    """Of a quotation: who speaks, as printed."""
    section_type: SectionType | None = None
    """Of a heading: its section's type, where the format states it. Of another block: it opens a section
    of this type that has no heading."""

    lines: tuple[RawLine, ...] = ()
    """Its printed lines, in order; they count only where `text` is clean already, so that their offsets hold."""


@dataclass(frozen=True, slots=True)
class RawStudy:
    """What a reader made of a file."""

    blocks: Sequence[RawBlock]
    """In reading order."""
    bibliography: Bibliography = field(default_factory=Bibliography)
    """What the file says of itself."""
    notes: tuple[ReadingNote, ...] = ()
    """What the researcher should know about the reading."""
    id: str = ""
    """The id that the file gives itself; empty where it gives none."""


def clean(text: str, *, keep_lines: bool = False) -> str:
    """``text`` as it is stored: NFC, nothing that controls a terminal or the direction, single spaces, trimmed.

    Args:
        text: Words of one block.
        keep_lines: Keep line feeds (tables); otherwise they become spaces.
    """
    text = text.replace("\r\n", "\n")
    if any(opening in text for opening in "\x1b\x9b\x9d"):
        text = _TERMINAL_SEQUENCE.sub("", text)
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text.translate(_LINE_SEPARATORS)))
    if keep_lines:
        lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
        return "\n".join(line for line in lines if line)
    return " ".join(text.split())


def build_study(study_id: str, source: SourceFile, raw: RawStudy) -> Study:
    """Lays the blocks out as a stored text and finds the sections and pages on it.

    Raises:
        EmptyStudy: If no block holds a word.
    """
    kept = [(block, clean(block.text, keep_lines=block.kind is BlockKind.TABLE)) for block in raw.blocks]
    kept = [(block, text) for block, text in kept if text]
    if not any(any(char.isalnum() for char in text) for _, text in kept):
        raise EmptyStudy(f"{source.name} holds no text", remedy="Check that the file is the one you meant.")
    spans = _lay_out(text for _, text in kept)
    sections, owners = _find_sections(kept, spans)
    blocks = tuple(
        Block(block.kind, span, owner, block.page, block.level, clean(block.speaker or "") or None)
        for (block, _), span, owner in zip(kept, spans, owners, strict=True)
    )
    return Study(
        id=study_id,
        text=_BREAK.join(text for _, text in kept),
        blocks=blocks,
        sections=sections,
        bibliography=_cleaned(raw.bibliography),
        source=source,
        pages=_find_pages(blocks),
        notes=tuple(ReadingNote(clean(note.message), note.page) for note in raw.notes),
        lines=tuple(_printed_lines(kept, spans)),
    )


def _printed_lines(kept: Sequence[tuple[RawBlock, str]], spans: Sequence[Span]) -> Iterator[PrintedLine]:
    for (block, text), span in zip(kept, spans, strict=True):
        if text == block.text:
            for line in block.lines:
                yield PrintedLine(Span(span.start + line.start, span.start + line.end), line.box)


def _cleaned(known: Bibliography) -> Bibliography:
    """``known`` as safe to print as the stored text."""
    return Bibliography(
        title=clean(known.title),
        authors=tuple(name for author in known.authors if (name := clean(author))),
        year=known.year,
        journal=clean(known.journal),
        doi=clean(known.doi),
        licence=clean(known.licence),
    )


def _lay_out(texts: Iterable[str]) -> list[Span]:
    spans: list[Span] = []
    offset = 0
    for text in texts:
        spans.append(Span(offset, offset + len(text)))
        offset += len(text) + len(_BREAK)
    return spans


def _find_sections(
    kept: Sequence[tuple[RawBlock, str]], spans: Sequence[Span]
) -> tuple[tuple[Section, ...], list[int]]:
    """Sections in order, and for each block the index of its section."""
    openings = [index for index in range(len(kept)) if _opens_section(kept, index)]
    starts = sorted({0, *openings})
    paths, hints = _heading_paths(kept, starts)
    types = SectionTyper().types(paths, hints)
    sections: list[Section] = []
    owners: list[int] = []
    for number, first in enumerate(starts):
        after = starts[number + 1] if number + 1 < len(starts) else len(kept)
        span = Span(spans[first].start, spans[after - 1].end)
        sections.append(Section(types[number], paths[number], span))
        owners.extend([number] * (after - first))
    return tuple(sections), owners


def _opens_section(kept: Sequence[tuple[RawBlock, str]], index: int) -> bool:
    """Whether a section opens here: at a heading, or where blocks of a stated type begin."""
    block = kept[index][0]
    if block.kind is BlockKind.HEADING or block.section_type is None:
        return block.kind is BlockKind.HEADING
    before = kept[index - 1][0] if index else None
    return before is None or before.kind is BlockKind.HEADING or before.section_type is not block.section_type


def _heading_paths(
    kept: Sequence[tuple[RawBlock, str]], starts: Sequence[int]
) -> tuple[list[tuple[str, ...]], list[SectionType | None]]:
    paths: list[tuple[str, ...]] = []
    hints: list[SectionType | None] = []
    above: list[tuple[int, str]] = []
    for first in starts:
        block, text = kept[first]
        if block.kind is BlockKind.HEADING:
            level = block.level or 1
            above = [(depth, title) for depth, title in above if depth < level]
            above.append((level, text))
        elif block.section_type:
            above = []
        paths.append(tuple(title for _, title in above))
        hints.append(block.section_type)
    return paths, hints


def _find_pages(blocks: Sequence[Block]) -> tuple[Page, ...]:
    starts: dict[int, int] = {}
    for block in blocks:
        if block.page is not None:
            starts.setdefault(block.page, block.span.start)
    numbers = sorted(starts, key=lambda number: starts[number])
    ends = [*(starts[number] for number in numbers[1:]), blocks[-1].span.end]
    return tuple(Page(number, Span(starts[number], end)) for number, end in zip(numbers, ends, strict=False))
