"""From segments to blocks: lines joined, words mended, and sentences made whole over what interrupted them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.layout.lines import Line
from assistant.readers.layout.markers import BULLET, bullet_length, is_lone_number, item_number
from assistant.readers.layout.segments import Segment, is_bare_label
from assistant.readers.layout.sentence_ends import ends_abbreviated, hangs, is_unfinished, label_at_end
from assistant.text.hyphens import HYPHENS, HyphenJoiner

_ASIDE = frozenset({BlockKind.RUNNING_HEAD, BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FOOTNOTE})
"""Kinds that stand in the way of a sentence."""
_TIGHT = ("/", "—")
"""What joins words over a line end without a space."""
_SHORTEST_OPEN = 40
"""Characters under which a block without a stop is taken for a short item, not for an open sentence."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A block on its way: its text is whole, its kind may still change."""

    kind: BlockKind
    """As far as its lines tell."""
    text: str
    """Joined; a table keeps its lines."""
    page: int | None = None
    """Page that it starts on."""
    glued: bool = False
    """Whether the extraction had glued it to the block before."""
    indent: int = 0
    """Columns that its first line was set in by."""
    gap: int = 0
    """Blank lines above."""
    opens_page: bool = False
    """Whether a page begins with it."""
    level: int | None = None
    """Of a heading."""
    speaker: str | None = None
    """Of a quotation."""
    opens: SectionType | None = None
    """Type of the section without a heading that it opens."""


def join_lines(texts: Iterable[str], joiner: HyphenJoiner) -> str:
    """Lines of one paragraph as running text."""
    parts: list[str] = []
    for text in texts:
        last = parts[-1] if parts else ""
        if last[-1:] in HYPHENS and len(last) > 1 and not last[-2].isspace():
            head, space, word = last.rpartition(" ")
            parts[-1:] = [head + space, joiner.join(word, text)] if space else [joiner.join(word, text)]
        elif last.endswith(_TIGHT) and not last[-2:-1].isspace():
            parts.append(text)
        else:
            parts.extend([" ", text] if parts else [text])
    return joiner.mend_spaced("".join(parts))


def assemble(segments: Sequence[Segment], joiner: HyphenJoiner) -> list[Assembled]:
    """The blocks of ``segments``; what interrupts a sentence comes after the block that it interrupted."""
    done: list[tuple[Assembled, list[str]]] = []
    aside: list[tuple[Assembled, list[str]]] = []
    for segment in segments:
        block = _block(segment, joiner)
        if block.kind in _ASIDE:
            aside.append((block, []))
        elif done and _goes_on(*done[-1], block, crossed=bool(aside) or block.opens_page):
            done[-1][1].append(block.text)
        else:
            done.extend(aside)
            aside = []
            done.append((block, []))
    return [
        replace(block, text=join_lines([block.text, *more], joiner)) if more else block for block, more in done + aside
    ]


def _block(segment: Segment, joiner: HyphenJoiner) -> Assembled:
    first = segment.first
    if segment.kind is BlockKind.TABLE:
        text = "\n".join(line.text for line in segment.lines)
    else:
        text = join_lines(
            (_even_marker(segment.kind, line, number) for number, line in enumerate(segment.lines)), joiner
        )
    return Assembled(segment.kind, text, first.page, first.glued, first.indent, first.gap, first.opens_page)


def _even_marker(kind: BlockKind, line: Line, number: int) -> str:
    """The text of an item's first line with its bullet evened out and a space after its number."""
    if kind is not BlockKind.LIST_ITEM or number:
        return line.text
    if length := bullet_length(line.text):
        return BULLET + line.text[length:]
    mark = item_number(line.text)
    if mark is None or mark.lone or is_lone_number(line.text):
        return line.text
    return f"{line.text[: mark.length].rstrip()} {line.text[mark.length :]}"


def _goes_on(open_block: Assembled, more: Sequence[str], block: Assembled, *, crossed: bool) -> bool:
    """Whether ``block`` continues the sentence of ``open_block``.

    Args:
        open_block: The last block of running text.
        more: Texts that were found to continue it.
        block: The next one.
        crossed: Whether a float, running head or page start lies between them.
    """
    if (
        block.kind is not BlockKind.PARAGRAPH
        or block.glued
        or open_block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    ):
        return False
    text, start = more[-1] if more else open_block.text, block.text[0]
    if is_bare_label(block.text):
        return True
    if len(text) < _SHORTEST_OPEN and not more and not crossed:
        return False
    if start.islower():
        return is_unfinished(text)
    if start in "([0123456789":
        return is_unfinished(text) and (crossed or block.gap <= 1) and not text.endswith(")")
    if crossed and open_block.kind is BlockKind.PARAGRAPH and (more or len(text) > 2 * _SHORTEST_OPEN):
        return is_unfinished(text) and label_at_end(text) is None and not ends_abbreviated(text)
    return hangs(text) and (crossed or not text.endswith((",", ";")))
