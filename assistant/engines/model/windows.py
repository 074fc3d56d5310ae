"""Which parts of a study are sent for drafting: whole sections where they fit, or the surroundings of some sentences.

Only sentences that may be coded are sent (`assistant.tagging.places`). A claim never crosses a section, so windows
overlap only where a section is longer than a window and has to be cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from assistant.domain.spans import Span
from assistant.tagging.tags import SentenceInPlace

Stretch = tuple[int, ...]
"""Indices of neighbouring sentences of one section."""


@dataclass(frozen=True, slots=True)
class WindowSize:
    """How long windows are, in code points of the study."""

    most: int = 12_000
    """A window holds no more, unless a single sentence does."""
    overlap: int = 800
    """How much of a section that is cut is sent twice, at least; whole sentences."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a study as it is sent."""

    number: int
    """Counted from 1."""
    spans: tuple[Span, ...]
    """What of the study is sent: runs of neighbouring sentences of one section, in order."""
    sentences: tuple[SentenceInPlace, ...]
    """In reading order."""
    text: str
    """Verbatim but for headings and gaps, which stand on lines of their own."""


def whole_sections(sentences: Sequence[SentenceInPlace]) -> list[Stretch]:
    """Every section as a stretch."""
    return [tuple(group) for _, group in groupby(range(len(sentences)), key=lambda at: sentences[at].section)]


def surroundings(sentences: Sequence[SentenceInPlace], chosen: Collection[int], beside: int) -> list[Stretch]:
    """Stretches around chosen sentences.

    Args:
        sentences: Of a study.
        chosen: Indices of some.
        beside: How many neighbours in the same section are taken with each, on either side.
    """
    near = {
        at
        for index in chosen
        for at in range(max(0, index - beside), min(len(sentences), index + beside + 1))
        if sentences[at].section == sentences[index].section
    }
    return [tuple(group) for group in _runs(sorted(near), sentences)]


def windows(
    study_text: str, sentences: Sequence[SentenceInPlace], stretches: Sequence[Stretch], size: WindowSize
) -> tuple[Window, ...]:
    """Stretches packed into windows in reading order; one that does not fit alone is cut, with overlap.

    Args:
        study_text: The stored text.
        sentences: The study's.
        stretches: What is to be sent, in reading order.
        size: Of a window.
    """
    packed: list[list[int]] = [[]]
    for stretch in stretches:
        for piece in _cut(sentences, stretch, size):
            if packed[-1] and (_repeats(packed[-1], piece) or _length(sentences, (*packed[-1], *piece)) > size.most):
                packed.append([])
            packed[-1].extend(piece)
    return tuple(
        Window(
            number,
            tuple(Span(sentences[run[0]].span.start, sentences[run[-1]].span.end) for run in _runs(places, sentences)),
            tuple(sentences[at] for at in places),
            _text(study_text, sentences, places),
        )
        for number, places in enumerate(filter(None, packed), 1)
    )


def _runs(places: Sequence[int], sentences: Sequence[SentenceInPlace]) -> Iterator[list[int]]:
    run: list[int] = []
    for at in places:
        if run and (at != run[-1] + 1 or sentences[at].section != sentences[run[-1]].section):
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _cut(sentences: Sequence[SentenceInPlace], stretch: Stretch, size: WindowSize) -> Iterator[Stretch]:
    """``stretch`` in pieces that fit; each begins with the last sentences of the one before."""
    piece: list[int] = []
    for at in stretch:
        if piece and _length(sentences, (*piece, at)) > size.most:
            yield tuple(piece)
            piece = _tail(sentences, piece, min(size.overlap, size.most - len(sentences[at].span)))
        piece.append(at)
    if piece:
        yield tuple(piece)


def _tail(sentences: Sequence[SentenceInPlace], piece: Sequence[int], overlap: int) -> list[int]:
    """The last sentences of ``piece`` up to the overlap, never all of them."""
    tail: list[int] = []
    for at in reversed(piece[1:]):
        if _length(sentences, (at, *tail)) > overlap:
            break
        tail.insert(0, at)
    return tail


def _repeats(places: Sequence[int], piece: Stretch) -> bool:
    return places[-1] >= piece[0]


def _length(sentences: Sequence[SentenceInPlace], places: Sequence[int]) -> int:
    """Code points of the study in ``places``, in order."""
    return sum(len(sentences[at].span) for at in places)


def _text(study_text: str, sentences: Sequence[SentenceInPlace], places: Sequence[int]) -> str:
    parts = [_heading(sentences[places[0]]), sentences[places[0]].text]
    for before, at in pairwise(places):
        last, this = sentences[before], sentences[at]
        if this.section != last.section:
            parts.append("\n\n" + _heading(this))
        elif at != before + 1:
            parts.append("\n\n[...]\n\n")
        else:
            parts.append(study_text[last.span.end : this.span.start] if this.block == last.block else "\n\n")
        parts.append(this.text)
    return "".join(parts)


def _heading(sentence: SentenceInPlace) -> str:
    path = " > ".join(" ".join(part.split()) for part in sentence.path)
    return f"# {path or sentence.section_type.value}\n"
