"""What documents without an article's markup share: title, heading depths, references and front matter, by words.

Pages, word-processor files and e-books say what is a heading and what a paragraph, but seldom what a section is
for. The vocabulary of headings tells where the argument starts, which depth its main sections have, and
which list is the references.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import Bibliography, BlockKind, SectionType
from assistant.readers.builder import RawBlock
from assistant.text.headings import heading_type, is_main_heading, normalise_heading

_MAIN = frozenset(
    {SectionType.BACKGROUND, SectionType.METHODS, SectionType.RESULTS, SectionType.DISCUSSION, SectionType.CONCLUSION}
)
_OPENING = frozenset({SectionType.ABSTRACT, SectionType.BACKGROUND})
_INFORMATION = re.compile(
    r"(?:citation|academic editors?|editors?|received|accepted|published(?: online)?|copyright|data availability|"
    r"funding|competing interests?|conflicts? of interest|correspondence|keywords?|key words|doi|licen[cs]e|"
    r"abbreviations)\s*:",
    re.IGNORECASE,
)
_LINE_WORDS = 60
"""Words up to which a block before the first section counts as a line of the title page."""
_LEFT_BY_LINKS = re.compile(r"(?:\s*(?:[|·•]|\[\s*[,;|]*\s*\]|\(\s*\)))+\s*$")
"""What stays of the row of links behind a reference."""
_REFERRED = frozenset({BlockKind.LIST_ITEM, BlockKind.PARAGRAPH, BlockKind.QUOTATION})


@dataclass(frozen=True, slots=True)
class Arranged:
    """A document's blocks with their parts told apart."""

    blocks: list[RawBlock]
    """In reading order."""
    title: str
    """Of the heading that is the document's title; empty where none is."""


def arrange(blocks: Sequence[RawBlock], known: Bibliography, *, article: bool = False) -> Arranged:
    """``blocks`` with title and title page as front matter, even heading depths, and references as such.

    Args:
        blocks: As the file has them, in reading order.
        known: What is known of the document; its title is found among the headings.
        article: Whether the file says that it is an article, whose title page may be long.
    """
    at = _title_at(blocks, known.title)
    title = blocks[at].text if at is not None else ""
    front, body = _part(list(blocks), at, article=article)
    body = _information(_references(_even_levels(body)))
    if not title and known.title:
        front = [RawBlock(BlockKind.FRONT_MATTER, known.title), *front]
    if front:
        front[0] = replace(front[0], section_type=SectionType.BACK_MATTER)
        body = _opened(body)
    return Arranged([*front, *body], " ".join(title.split()))


def _title_at(blocks: Sequence[RawBlock], known: str) -> int | None:
    """Index of the heading that is the title: the one that says it, or the only one of the outermost depth."""
    headings = [number for number, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    if not headings:
        return None
    wanted = normalise_heading(known)
    if wanted:
        for number in headings[:6]:
            if normalise_heading(blocks[number].text) == wanted:
                return number
    depth = min(blocks[number].level or 1 for number in headings)
    outermost = [number for number in headings if (blocks[number].level or 1) == depth]
    first = outermost[0]
    alone = len(outermost) == 1 and len(headings) > 1 and first in headings[:3]
    return first if alone and heading_type(blocks[first].text) is None else None


def _part(blocks: list[RawBlock], title: int | None, *, article: bool) -> tuple[list[RawBlock], list[RawBlock]]:
    """Title page and the rest."""
    start = 0 if title is None else title + 1
    opening = next(
        (
            number
            for number, block in enumerate(blocks)
            if number >= start and block.kind is BlockKind.HEADING and heading_type(block.text) is not None
        ),
        None,
    )
    end = start
    if opening is not None and _is_title_page(blocks[start:opening], blocks[opening], article=article):
        end = opening
    front = [replace(block, kind=_front_kind(block), level=None, section_type=None) for block in blocks[:end]]
    return front, blocks[end:]


def _is_title_page(between: Sequence[RawBlock], opening: RawBlock, *, article: bool) -> bool:
    kind = heading_type(opening.text)
    if article and kind is SectionType.ABSTRACT:
        return True
    short = all(len(block.text.split()) <= _LINE_WORDS or _INFORMATION.match(block.text) for block in between)
    headed = any(block.kind is BlockKind.HEADING for block in between)
    return kind in _OPENING and short and not headed


def _front_kind(block: RawBlock) -> BlockKind:
    return block.kind if block.kind in {BlockKind.TABLE, BlockKind.FOOTNOTE} else BlockKind.FRONT_MATTER


def _even_levels(blocks: list[RawBlock]) -> list[RawBlock]:
    """Depths from 1 without gaps; what stands above the main sections is set beside them.

    Publishers give an abstract, or the line above the whole article, a heading of higher rank than its sections.
    """
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    kinds: dict[int, set[SectionType]] = {}
    for block in headings:
        kind = heading_type(block.text)
        if kind in _MAIN and is_main_heading(block.text):
            kinds.setdefault(block.level or 1, set()).add(kind)
    main = min((level for level, found in kinds.items() if len(found) > 1), default=0)
    ranks = {level: rank for rank, level in enumerate(sorted({max(block.level or 1, main) for block in headings}), 1)}
    return [
        replace(block, level=ranks[max(block.level or 1, main)]) if block.kind is BlockKind.HEADING else block
        for block in blocks
    ]


def _references(blocks: list[RawBlock]) -> list[RawBlock]:
    """Entries under a heading of references as references."""
    listed = False
    result: list[RawBlock] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            listed = heading_type(block.text) is SectionType.REFERENCES
        elif listed and block.kind in _REFERRED:
            block = replace(block, kind=BlockKind.REFERENCE, text=_LEFT_BY_LINKS.sub("", block.text), speaker=None)
        result.append(block)
    return result


def _information(blocks: list[RawBlock]) -> list[RawBlock]:
    """Lines that only say something about the publication as front matter, wherever a page shows them."""
    return [
        replace(block, kind=BlockKind.FRONT_MATTER)
        if block.kind is BlockKind.PARAGRAPH and _INFORMATION.match(block.text.lstrip())
        else block
        for block in blocks
    ]


def _opened(body: list[RawBlock]) -> list[RawBlock]:
    """``body`` with a section of its own where it opens without a heading, so that it is not taken for front matter."""
    if not body or body[0].kind is BlockKind.HEADING:
        return body
    later = {heading_type(block.text) for block in body if block.kind is BlockKind.HEADING}
    empirical = later & {SectionType.METHODS, SectionType.RESULTS}
    return [replace(body[0], section_type=SectionType.BACKGROUND if empirical else SectionType.BODY), *body[1:]]
