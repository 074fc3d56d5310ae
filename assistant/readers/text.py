"""Reads plain text, above all text that was extracted from PDFs and carries their layout."""

from __future__ import annotations

import re

from assistant.domain.study import Bibliography, BlockKind
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.decoding import decode
from assistant.readers.layout.assembly import Assembled, assemble
from assistant.readers.layout.floats import find_floats, part_captions
from assistant.readers.layout.furniture import find_pages, furniture
from assistant.readers.layout.lines import close_up, measure, split_lines
from assistant.readers.layout.quotations import mark_quotations
from assistant.readers.layout.segments import segment
from assistant.readers.layout.structure import structure
from assistant.readers.layout.unglueing import unglue
from assistant.text.hyphens import HyphenJoiner

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>,;]{2,100}[^\s\"'<>,;.)\]]")


def read_text(data: bytes) -> RawStudy:
    """The blocks of a plain text file in reading order, its sentences whole.

    Lines are re-flowed and broken words mended; running heads, page numbers, captions, tables and footnotes are
    blocks of their own, set after the paragraph that they interrupt.

    Args:
        data: The file's bytes in any common encoding.

    Raises:
        UnsupportedFormat: If the content is no text.
    """
    decoded = decode(data)
    raw_lines = split_lines(decoded.text)
    geometry = measure(raw_lines)
    lines = part_captions(unglue(close_up(find_pages(raw_lines), geometry)))
    aside = furniture(lines)
    segments = list(segment(lines, aside, find_floats(lines, aside, geometry), geometry))
    joiner = HyphenJoiner(line.text for line in lines)
    blocks = structure(mark_quotations(assemble(segments, joiner)))
    return RawStudy([_raw(block) for block in blocks], _bibliography(blocks), decoded.notes)


def _raw(block: Assembled) -> RawBlock:
    return RawBlock(
        kind=block.kind,
        text=block.text,
        page=block.page,
        level=block.level,
        speaker=block.speaker,
        section_type=block.opens,
    )


def _bibliography(blocks: list[Assembled]) -> Bibliography:
    """Title and DOI, where the front matter states them."""
    front = [block.text for block in blocks if block.kind is BlockKind.FRONT_MATTER]
    opening = len(blocks) > 1 and blocks[0].kind is BlockKind.FRONT_MATTER and blocks[1].gap > 0
    dois = {match[0].lower() for text in front for match in _DOI.finditer(text)}
    return Bibliography(title=front[0] if opening else "", doi=dois.pop() if len(dois) == 1 else "")
