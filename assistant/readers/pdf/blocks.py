"""Pieces to blocks: text joined, parts of the document marked, headings given their level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.builder import RawBlock, RawLine
from assistant.readers.layout.assembly import Assembled
from assistant.readers.layout.quotations import mark_quotations
from assistant.readers.layout.structure import abstract_labels
from assistant.readers.pdf.assembly import Piece, assemble, join, join_rows
from assistant.readers.pdf.layout import Layout
from assistant.readers.pdf.levels import heading_levels
from assistant.readers.pdf.setting import Setting
from assistant.text.headings import heading_type, is_known_heading, is_main_heading
from assistant.text.hyphens import HyphenJoiner
from assistant.text.speakers import speaker_of
from assistant.text.words import STOPWORDS

_RUNNING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION})
_KEYWORDS = re.compile(r"^key ?words\b", re.IGNORECASE)
_FRONT_BLOCKS = 40
"""Blocks within which the first section begins."""
_LONG = 45
"""Words from which a block before the first heading is running text, not front matter."""
_LINKING = 0.25
"""Share of a paragraph's words that are common ones; lists of names and addresses have fewer."""
_LEADERS = re.compile(r"(?:\.\s?){6,}")
_LEAST_WORDS = 6
"""Words of a block quotation at the least."""
_INSET = 0.9
"""Heights of the type by which every line of a block quotation is set in at the least."""


@dataclass(frozen=True, slots=True)
class _Draft:
    piece: Piece
    block: RawBlock


def make_blocks(layout: Layout) -> list[RawBlock]:
    """The blocks of the document in reading order."""
    pieces = assemble(layout.items, layout.setting)
    joiner = HyphenJoiner(line.text for piece in pieces for line in piece.lines)
    drafts = [draft for piece in pieces for draft in _drafts(piece, joiner)]
    drafts = _levelled(_mark_front(drafts))
    drafts = _mark_references(drafts)
    return _quoted(drafts, layout.setting)


def _drafts(piece: Piece, joiner: HyphenJoiner) -> Iterator[_Draft]:
    lines = piece.lines
    joined = join_rows(lines) if piece.kind is BlockKind.TABLE else join(lines, joiner, piece.kind)
    if not joined.text:
        return
    block = RawBlock(piece.kind, joined.text, page=lines[0].page, lines=joined.lines)
    cut = _run_in(piece, joined.text)
    if cut:
        yield _Draft(piece, RawBlock(BlockKind.HEADING, joined.text[:cut].rstrip(" :.—–-"), page=block.page, level=2))
        block = _without_start(block, cut)
    yield _Draft(piece, block)


def _run_in(piece: Piece, text: str) -> int:
    """Characters of a known heading that opens a paragraph in bold, as in structured abstracts; 0 without one."""
    lead = piece.lines[0].lead
    if piece.kind is not BlockKind.PARAGRAPH or not 3 <= lead <= 60 or lead >= len(text):
        return 0
    label = text[:lead].rstrip(" :.—–-")
    return lead if is_known_heading(label) and not _KEYWORDS.match(label) else 0


def _without_start(block: RawBlock, cut: int) -> RawBlock:
    text = block.text[cut:].lstrip(" :.—–-")
    by = len(block.text) - len(text)
    lines = tuple(
        RawLine(max(line.start - by, 0), line.end - by, line.box) for line in block.lines if line.end > by
    )  # fmt: skip
    return replace(block, text=text, lines=lines)


def _levelled(drafts: Sequence[_Draft]) -> list[_Draft]:
    """The drafts, each heading with its level; labels inside an abstract lie below it, however they are set."""
    labels = _with_siblings(abstract_labels([Assembled(d.block.kind, d.block.text) for d in drafts]), drafts)
    result = [
        replace(draft, block=replace(draft.block, level=2)) if number in labels else draft
        for number, draft in enumerate(drafts)
    ]
    open_ = [n for n, draft in enumerate(result) if draft.block.kind is BlockKind.HEADING and draft.block.level is None]
    levels = heading_levels([(result[n].piece.segments[0].first.face, result[n].block.text) for n in open_])
    for number, level in zip(open_, levels, strict=True):
        result[number] = replace(result[number], block=replace(result[number].block, level=level))
    return result


def _with_siblings(labels: set[int], drafts: Sequence[_Draft]) -> set[int]:
    """The labels inside an abstract with those that follow in the same type, such as ``Trial registration``."""
    if not labels:
        return labels
    face = drafts[max(labels)].piece.segments[0].first.face
    found = set(labels)
    for number in range(max(labels) + 1, len(drafts)):
        if drafts[number].block.kind is BlockKind.HEADING:
            if drafts[number].piece.segments[0].first.face != face or is_main_heading(drafts[number].block.text):
                break
            found.add(number)
    return found


def _mark_front(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Title, authors and the like before the first section; keywords after the abstract; a table of contents."""
    first = next(
        (n for n, draft in enumerate(drafts[:_FRONT_BLOCKS]) if _opens_text(draft.block)), 0
    )  # fmt: skip
    result: list[_Draft] = []
    opened = False
    for number, draft in enumerate(drafts):
        block = draft.block
        front = number < first and block.kind in _RUNNING | {BlockKind.HEADING}
        if front or (block.kind in _RUNNING and (_KEYWORDS.match(block.text) or _LEADERS.search(block.text))):
            opening = SectionType.BACK_MATTER if front and not opened else None
            opened = True
            block = replace(block, kind=BlockKind.FRONT_MATTER, level=None, section_type=opening)
        result.append(replace(draft, block=block))
    return result


def _opens_text(block: RawBlock) -> bool:
    if block.kind is BlockKind.HEADING:
        return is_main_heading(block.text)
    words = block.text.split()
    if block.kind not in _RUNNING or len(words) < _LONG or _KEYWORDS.match(block.text):
        return False
    return sum(word.lower() in STOPWORDS for word in words) >= _LINKING * len(words)


def _mark_references(drafts: Sequence[_Draft]) -> list[_Draft]:
    inside = False
    result: list[_Draft] = []
    for draft in drafts:
        block = draft.block
        if block.kind is BlockKind.HEADING:
            inside = heading_type(block.text) is SectionType.REFERENCES
        elif inside and block.kind in _RUNNING:
            block = replace(block, kind=BlockKind.REFERENCE)
        result.append(replace(draft, block=block))
    return result


def _quoted(drafts: Sequence[_Draft], setting: Setting) -> list[RawBlock]:
    """The blocks with participants' words, set in or marked by quotation marks and labels, as quotations."""
    blocks = [
        replace(draft.block, kind=BlockKind.QUOTATION) if _is_inset(draft, setting) else draft.block
        for draft in drafts
    ]  # fmt: skip
    marked = mark_quotations([Assembled(block.kind, block.text, block.page) for block in blocks])
    return [
        replace(block, kind=found.kind, speaker=_speaker(found) if found.kind is BlockKind.QUOTATION else None)
        for block, found in zip(blocks, marked, strict=True)
    ]


def _speaker(quotation: Assembled) -> str | None:
    label = quotation.speaker or speaker_of(quotation.text)
    return label if label and (label[0].isupper() or " " in label) and any(map(str.isalpha, label)) else None


def _is_inset(draft: _Draft, setting: Setting) -> bool:
    """Whether a paragraph is set in on all its lines, or is small among larger text, as block quotations are."""
    if draft.block.kind is not BlockKind.PARAGRAPH:
        return False
    segments = draft.piece.segments
    inset = all(segment.inset >= _INSET for segment in segments)
    lines = draft.piece.lines
    if len(lines) == 1:
        quoted = draft.block.text[:1] in "“‘\"'" or speaker_of(draft.block.text) is not None
        return inset and quoted and len(draft.block.text.split()) >= _LEAST_WORDS
    return inset and len(draft.block.text.split()) >= _LEAST_WORDS
