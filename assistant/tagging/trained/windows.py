"""Sentences as the encoder reads them: a window of neighbours behind the type and heading of their section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.embedding.vocabulary import OPENING, PARTING
from assistant.tagging.tags import SentenceInPlace

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CORE = 144
"""Tokens whose tags are taken from a window, at least one sentence."""
_BESIDE = 40
"""Tokens on each side that are only read."""
_LONGEST = 224
"""Tokens of a sentence that are read; a longer one is a list or a long quotation and seldom one claim."""
_HEADING = 12
"""Tokens of a heading that are read."""
_SOFT = 0.6
"""Share of the core from which a window ends with its paragraph."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence's tokens."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    """Half-open code points of each token, counted in the sentence."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once."""

    ids: tuple[int, ...]
    first: int
    """Index of the first sentence that it holds."""
    starts: tuple[int, ...]
    """Where each sentence's tokens begin in ``ids``."""
    core: range
    """Indices of the sentences that are tagged from this window."""


def tokens_of(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Tokens]:
    """The tokens of each sentence, cut at the longest that is read."""
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [Tokens(tuple(one.ids[:_LONGEST]), tuple(one.offsets[:_LONGEST])) for one in encodings]


def prefix_of(tokenizer: Tokenizer, section_type: str, path: Sequence[str]) -> tuple[int, ...]:
    """The tokens that tell where a window stands: the section's type and its own heading."""
    heading = path[-1] if path else ""
    kind = tokenizer.encode(section_type.replace("_", " "), add_special_tokens=False).ids
    named = tokenizer.encode(heading, add_special_tokens=False).ids[:_HEADING]
    return (OPENING, *kind, PARTING, *named, PARTING) if named else (OPENING, *kind, PARTING)


def assemble(prefix: Sequence[int], tokens: Sequence[Tokens], first: int, core: range) -> Window:
    """The window over ``tokens``, the sentences from index ``first`` on."""
    ids, starts = list(prefix), []
    for one in tokens:
        starts.append(len(ids))
        ids.extend((*one.ids, PARTING))
    return Window(tuple(ids), first, tuple(starts), core)


def as_it_is() -> float:
    """The size of windows when a study is read."""
    return 1.0


def windows(
    tokenizer: Tokenizer,
    sentences: Sequence[SentenceInPlace],
    tokens: Sequence[Tokens],
    *,
    alone: bool = False,
    size: Callable[[], float] = as_it_is,
    first: float = 1.0,
) -> Iterator[Window]:
    """Windows in reading order whose cores partition the sentences.

    Args:
        tokenizer: The encoder's.
        sentences: Of one study, in reading order.
        tokens: Theirs.
        alone: Whether each sentence is read by itself, without place or neighbours.
        size: Gives what each part of a window is longer by, as a factor.
        first: The same of a section's first core: with less, all later windows begin elsewhere.
    """
    for _, group in groupby(range(len(sentences)), key=lambda index: sentences[index].section):
        members = list(group)
        inside = range(members[0], members[-1] + 1)
        sentence = sentences[members[0]]
        prefix = (OPENING,) if alone else prefix_of(tokenizer, sentence.section_type.value, sentence.path)
        for core in [range(at, at + 1) for at in inside] if alone else _cores(sentences, tokens, inside, size, first):
            span = core if alone else _widened(tokens, core, inside, size)
            yield assemble(prefix, tokens[span.start : span.stop], span.start, core)


def _cores(
    sentences: Sequence[SentenceInPlace],
    tokens: Sequence[Tokens],
    inside: range,
    size: Callable[[], float],
    first: float,
) -> Iterator[range]:
    """Runs of sentences of some ``_CORE`` tokens, ended with a paragraph where that is near."""
    begin, held, room = inside.start, 0, _CORE * size() * first
    for index in inside:
        length = len(tokens[index].ids)
        parts = index > begin and sentences[index].block != sentences[index - 1].block
        if index > begin and (held + length > room or (parts and held > _SOFT * room)):
            yield range(begin, index)
            begin, held, room = index, 0, _CORE * size()
        held += length
    yield range(begin, inside.stop)


def _widened(tokens: Sequence[Tokens], core: range, inside: range, size: Callable[[], float]) -> range:
    """The core with the neighbours that are read beside it: those that fit, on each side."""
    start, room = core.start, _BESIDE * size()
    while start > inside.start and (length := len(tokens[start - 1].ids)) <= room:
        start, room = start - 1, room - length
    stop, room = core.stop, _BESIDE * size()
    while stop < inside.stop and (length := len(tokens[stop].ids)) <= room:
        stop, room = stop + 1, room - length
    return range(start, stop)
