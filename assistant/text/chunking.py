"""Passages of a study: whole sentences of one section, sized in the embedder's tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.domain.study import EVIDENCE_SECTIONS, PROSE_KINDS, Block, BlockKind, Study
from assistant.text.sentences import sentence_spans

CHUNKING_VERSION = 1
"""Changes when the same study and sizes give other passages; part of the store's fingerprint."""

TokenCounter = Callable[[Sequence[str]], Sequence[int]]
"""Texts to their lengths in the embedder's tokens, special tokens included."""

_CHUNKED = PROSE_KINDS | {BlockKind.CAPTION, BlockKind.TABLE}
_SPECIAL = 2
"""Special tokens that the embedder adds to each text."""


@dataclass(frozen=True, slots=True)
class ChunkSize:
    """How long passages are, in the embedder's tokens."""

    target: int = 200
    """A passage is closed once its sentences reach this length."""
    limit: int = 256
    """No passage is longer, its headings and special tokens included; the embedder never truncates."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that alone is beyond the limit."""

    span: Span
    tokens: int


def embedding_text(passage: Passage) -> str:
    """What is embedded for a passage: the headings above it, then its text."""
    return embedded_with_path(passage.path, passage.text)


def embedded_with_path(path: Sequence[str], text: str) -> str:
    """``text`` under its headings, as the embedder sees it."""
    heading = " > ".join(path[-2:])
    return f"{heading}\n{text}" if heading else text


def chunk(study: Study, count: TokenCounter, size: ChunkSize = ChunkSize()) -> tuple[Passage, ...]:
    """The passages of a study in reading order; references and back matter give none.

    Args:
        study: What was read.
        count: The embedder's token counter.
        size: Lengths in its tokens.

    Returns:
        Passages whose sentences partition the prose, tables and captions of the study's evidence sections.
    """
    passages: list[Passage] = []
    for blocks in _runs(study):
        section = study.section_of(blocks[0])
        path = _fitting_path(section.path, count, size)
        head = count([embedded_with_path(path, "")])[0] if path else _SPECIAL
        pieces = [piece for block in blocks for piece in _pieces(study.text, block, count, size.limit - head)]
        for group in _groups(pieces, size, head):
            span = Span(group[0].span.start, group[-1].span.end)
            first = study.block_at(span.start)
            passages.append(
                Passage(
                    study=study.id,
                    index=len(passages),
                    span=span,
                    text=span.of(study.text),
                    sentences=tuple(piece.span for piece in group),
                    section=section.type,
                    path=path,
                    page=first.page if first else None,
                    tokens=head + sum(piece.tokens for piece in group),
                )
            )
    return tuple(passages)


def _runs(study: Study) -> Iterator[list[Block]]:
    """Runs of blocks that may share a passage: neighbours of one section; a table or caption stands alone."""
    run: list[Block] = []
    for block in study.blocks:
        if block.kind not in _CHUNKED or study.section_of(block).type not in EVIDENCE_SECTIONS:
            if block.kind is not BlockKind.HEADING:
                if run:
                    yield run
                run = []
            continue
        alone = block.kind not in PROSE_KINDS
        if run and (alone or run[-1].kind not in PROSE_KINDS or run[-1].section != block.section):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _fitting_path(path: tuple[str, ...], count: TokenCounter, size: ChunkSize) -> tuple[str, ...]:
    """``path``, or nothing where its headings alone would fill half a passage."""
    if not path or count([embedded_with_path(path, "")])[0] > size.limit // 2:
        return ()
    return path


def _pieces(text: str, block: Block, count: TokenCounter, room: int) -> Iterator[_Piece]:
    spans = sentence_spans(text, block.span.start, block.span.end)
    for span, tokens in zip(spans, _lengths(text, spans, count), strict=True):
        if tokens <= room:
            yield _Piece(span, tokens)
        else:
            yield from _halve(text, span, count, room)


def _lengths(text: str, spans: Sequence[Span], count: TokenCounter) -> list[int]:
    return [tokens - _SPECIAL for tokens in count([span.of(text) for span in spans])]


def _halve(text: str, span: Span, count: TokenCounter, room: int) -> Iterator[_Piece]:
    """Parts of a sentence that fit, cut at the clause, space or code point nearest to the middle."""
    (tokens,) = _lengths(text, [span], count)
    if tokens <= room or len(span) == 1:
        yield _Piece(span, tokens)
        return
    cut = _cut_near_middle(text, span)
    left, right = text[span.start : cut].rstrip(), text[cut : span.end].lstrip()
    yield from _halve(text, Span(span.start, span.start + len(left)), count, room)
    yield from _halve(text, Span(span.end - len(right), span.end), count, room)


def _cut_near_middle(text: str, span: Span) -> int:
    middle = span.start + len(span) // 2
    for marks in ("\n", ";:", ",)", " "):
        cuts = [at + 1 for at in range(span.start, span.end - 1) if text[at] in marks]
        cuts = [at for at in cuts if text[span.start : at].strip() and text[at : span.end].strip()]
        nearest = min(cuts, key=lambda at: abs(at - middle), default=None)
        if nearest is not None and abs(nearest - middle) <= len(span) // 3:
            return nearest
    return middle


def _groups(pieces: Sequence[_Piece], size: ChunkSize, head: int) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    tokens = head
    for piece in pieces:
        if group and (tokens >= size.target or tokens + piece.tokens > size.limit):
            yield group
            group, tokens = [], head
        group.append(piece)
        tokens += piece.tokens
    if group:
        yield group
