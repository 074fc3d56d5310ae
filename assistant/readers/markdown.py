"""Markdown with YAML front matter, parsed as CommonMark with pipe tables and footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography, BlockKind, ReadingNote, SectionType
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.decoding import decode
from assistant.readers.markdown_front_matter import split_front_matter
from assistant.readers.markdown_inline import Inline, read_inline, without_html
from assistant.text.headings import heading_type, normalise_heading
from assistant.text.speakers import speaker_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_DEEPEST = 20
"""Levels of lists and quotations in each other; what lies deeper is left out, and noted."""
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,60})\]:[ \t]*(.*)")


def read_markdown(data: bytes) -> RawStudy:
    """The document in ``data`` as blocks, and its front matter as what identifies it.

    A heading of level 1 that opens the document alone above all others is the title: it becomes front matter,
    and the headings below it move up by one level.

    Args:
        data: The whole file.

    Raises:
        MalformedStudy: If its front matter is not valid.
        UnsupportedFormat: If it is no text.
    """
    decoded = decode(data)
    notes = decoded.notes
    front = split_front_matter(decoded.text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    tokens = _parser().parse(front.body)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        notes += (
            ReadingNote(f"Lists or quotations nest deeper than {_DEEPEST} levels; what lies deeper was left out."),
        )
    blocks, title = _with_title(_Walk().blocks_of(tokens), front.bibliography.title)
    known = replace(front.bibliography, title=front.bibliography.title or title)
    return RawStudy(
        blocks=[*_front_blocks(known, blocks, titled=bool(title)), *blocks],
        bibliography=known,
        notes=notes + front.notes,
        id=front.id,
    )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.block.ruler.before("reference", "footnote", _footnote_rule, {"alt": ["paragraph", "reference"]})
    return parser


def _footnote_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Takes a footnote's definition, whose further lines are indented, off the document."""
    match = _FOOTNOTE.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if match is None:
        return False
    if silent:
        return True
    lines = [match[2]]
    line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] > state.blkIndent:
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        line += 1
    state.line = line
    token = state.push("footnote", "", 0)
    token.info = match[1]
    token.content = " ".join(lines)
    token.map = [start, line]
    return True


@dataclass
class _Walk:
    """Turns the parser's stream of tokens into blocks."""

    blocks: list[RawBlock] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    """Lists and quotations that are open, outermost first."""
    rows: list[list[str]] = field(default_factory=list)
    """Of the table that is open."""

    def blocks_of(self, tokens: Sequence[Token]) -> list[RawBlock]:
        """The blocks of a document."""
        opened: Token | None = None
        for token in tokens:
            if token.type == "inline":
                self._inline(token, opened)
            elif token.type in {"bullet_list_open", "ordered_list_open", "blockquote_open"}:
                self.holders.append(token.type)
            elif token.type in {"bullet_list_close", "ordered_list_close", "blockquote_close"}:
                self.holders.pop()
            elif token.type == "tr_open":
                self.rows.append([])
            elif token.type == "table_close":
                self._table()
            elif token.type in {"fence", "code_block"}:
                self._add(self._kind(), token.content)
            elif token.type == "html_block":
                self._add(self._kind(), without_html(token.content))
            elif token.type == "footnote":
                self._footnote(token)
            if token.nesting == 1:
                opened = token
        return self.blocks

    def _inline(self, token: Token, opened: Token | None) -> None:
        inline = read_inline(token.children or [])
        tag = opened.type if opened else ""
        if tag == "heading_open" and opened is not None:
            self._add(BlockKind.HEADING, inline.text, level=int(opened.tag[1:]))
        elif tag in {"th_open", "td_open"}:
            self.rows[-1].append(" ".join(inline.text.split()).replace(" | ", " / "))
        else:
            self._add(self._kind(), inline.text)
        self._captions(inline)

    def _captions(self, inline: Inline) -> None:
        for caption in inline.captions:
            self._add(BlockKind.CAPTION, caption)

    def _kind(self) -> BlockKind:
        if "blockquote_open" in self.holders:
            return BlockKind.QUOTATION
        return BlockKind.LIST_ITEM if self.holders else BlockKind.PARAGRAPH

    def _add(self, kind: BlockKind, text: str, *, level: int | None = None) -> None:
        if text.strip():
            speaker = speaker_of(" ".join(text.split())) if kind is BlockKind.QUOTATION else None
            self.blocks.append(RawBlock(kind, text, level=level, speaker=speaker))

    def _table(self) -> None:
        self._add(BlockKind.TABLE, "\n".join(" | ".join(row) for row in self.rows if any(row)))
        self.rows = []

    def _footnote(self, token: Token) -> None:
        inline = read_inline(_parser().parseInline(token.content)[0].children or [])
        self._add(BlockKind.FOOTNOTE, f"[{token.info}] {inline.text}" if inline.text.strip() else "")
        self._captions(inline)


def _with_title(blocks: list[RawBlock], title: str) -> tuple[list[RawBlock], str]:
    """The blocks with the document's title, if it has one as a heading, made front matter; and that title."""
    if not blocks or blocks[0].kind is not BlockKind.HEADING or blocks[0].level != 1:
        return blocks, ""
    first, rest = blocks[0], blocks[1:]
    alone = not any(block.kind is BlockKind.HEADING and block.level == 1 for block in rest)
    same = bool(title) and normalise_heading(first.text) == normalise_heading(title)
    if not same and not (alone and heading_type(first.text) is None):
        return blocks, ""
    if alone:
        rest = [
            replace(block, level=(block.level or 2) - 1) if block.kind is BlockKind.HEADING else block for block in rest
        ]
    return [replace(first, kind=BlockKind.FRONT_MATTER, level=None), *rest], first.text


def _front_blocks(known: Bibliography, blocks: list[RawBlock], *, titled: bool) -> list[RawBlock]:
    """Title and authors as front matter, as far as the document does not show them itself.

    They count as back matter only where a heading follows, because text that follows them directly belongs to
    the same section.
    """
    body = blocks[1:] if titled else blocks
    closed = not body or body[0].kind is BlockKind.HEADING
    kind = SectionType.BACK_MATTER if closed else None
    if titled:
        blocks[0] = replace(blocks[0], section_type=kind)
    lines = [] if titled else [known.title, "; ".join(known.authors)]
    return [RawBlock(BlockKind.FRONT_MATTER, line, section_type=kind) for line in lines if line]
