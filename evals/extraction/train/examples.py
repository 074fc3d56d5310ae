"""From marked documents to what the model is trained on: windows with tags, and runs with their relations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from assistant.tagging.trained.hints import Hints, hints
from assistant.tagging.trained.labels import LEVELS, POLARITIES, Run, tags_of
from assistant.tagging.trained.relations import UNRELATED, Placed
from assistant.tagging.trained.windows import Tokens, Window, as_it_is, assemble, prefix_of, tokens_of, windows
from evals.extraction.train.documents import Document, inside

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = -100
"""Level or polarity of a sentence that belongs to no configuration."""
_PACKED = 170
"""Tokens of passages that are put into one window."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be learnt of one sentence."""

    tags: tuple[int, ...]
    """A tag a token."""
    detected: bool
    """Whether it lies in a configuration."""
    level: int
    """Index of the level; `UNKNOWN` outside configurations."""
    polarity: int
    """Index of the polarity; `UNKNOWN` outside configurations."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document in tokens."""

    document: Document
    prefix: tuple[int, ...]
    """Of its first section; windows of articles build their own."""
    tokens: tuple[Tokens, ...]
    labels: tuple[Labels, ...]
    hints: tuple[Hints, ...]
    """What the rules say of each sentence."""
    runs: tuple[Placed, ...]
    """In reading order, each once."""
    claims: tuple[tuple[tuple[int, Role], ...], ...]
    """For each configuration its runs, by index, and what they play in it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window with what is to be learnt from it."""

    window: Window
    labels: tuple[Labels, ...]
    """Of the core's sentences."""
    hints: tuple[Hints, ...]
    """Of the window's sentences."""
    runs: tuple[Placed, ...]
    """Of the window's sentences, these counted from the window's first."""
    claims: tuple[tuple[tuple[int, Role], ...], ...]
    """Configurations that the window holds whole."""


def prepare(tokenizer: Tokenizer, document: Document) -> Prepared:
    """The tokens of a document and what is marked on them."""
    tokens = tuple(tokens_of(tokenizer, [sentence.text for sentence in document.sentences]))
    placed: dict[Placed, None] = {}
    claims: list[tuple[tuple[Placed, Role], ...]] = []
    for one in document.configurations:
        own = [run for role in Role for span in getattr(one, role.value) for run in _runs(document, tokens, span, role)]
        placed.update(dict.fromkeys(own))
        claims.append(tuple((run, run.role) for run in own))
    runs = sorted(placed, key=lambda run: (run.sentence, run.start, run.end))
    number = {run: at for at, run in enumerate(runs)}
    first = document.sentences[0]
    return Prepared(
        document,
        prefix_of(tokenizer, first.section_type.value, first.path),
        tokens,
        tuple(_labels(document, tokens, runs)),
        tuple(hints(document.sentences, tokens)),
        tuple(runs),
        tuple(tuple((number[run], role) for run, role in claim) for claim in claims),
    )


def _runs(document: Document, tokens: Sequence[Tokens], span: Span, role: Role) -> Iterator[Placed]:
    """The tokens of a marked span, a run for each sentence that it touches."""
    for index in inside(document, span):
        sentence = document.sentences[index]
        start, end = span.start - sentence.span.start, span.end - sentence.span.start
        held = [at for at, (left, right) in enumerate(tokens[index].offsets) if left < end and right > start]
        if held:
            yield Placed(role, index, sentence.block, sentence.section, held[0], held[-1] + 1)


def _labels(document: Document, tokens: Sequence[Tokens], runs: Sequence[Placed]) -> Iterator[Labels]:
    level, polarity = [UNKNOWN] * len(tokens), [UNKNOWN] * len(tokens)
    for one in document.configurations:
        for index in inside(document, one.passage):
            level[index], polarity[index] = LEVELS.index(one.level), POLARITIES.index(one.polarity)
    for index, own in enumerate(tokens):
        here = [Run(run.role, run.start, run.end) for run in runs if run.sentence == index]
        longest_first = sorted(here, key=lambda run: run.start - run.end)
        tags = tuple(tags_of(longest_first, len(own.ids)))
        yield Labels(tags, level[index] != UNKNOWN, level[index], polarity[index])


def of_article(
    tokenizer: Tokenizer, prepared: Prepared, *, alone: bool = False, size: Callable[[], float] = as_it_is
) -> Iterator[Example]:
    """The windows of an article, as the tagger will cut them unless ``size`` varies them."""
    for window in windows(tokenizer, prepared.document.sentences, prepared.tokens, alone=alone, size=size):
        held = range(window.first, window.first + len(window.starts))
        yield _example(prepared, window, held)


def _example(prepared: Prepared, window: Window, held: range) -> Example:
    kept = [at for at, run in enumerate(prepared.runs) if run.sentence in held]
    number = {at: new for new, at in enumerate(kept)}
    return Example(
        window,
        tuple(prepared.labels[index] for index in window.core),
        tuple(prepared.hints[index] for index in held),
        tuple(prepared.runs[at]._replace(sentence=prepared.runs[at].sentence - held.start) for at in kept),
        tuple(
            tuple((number[at], role) for at, role in claim)
            for claim in prepared.claims
            if all(at in number for at, _ in claim)
        ),
    )


def packed(
    passages: Sequence[Prepared], rng: random.Random, *, size: Callable[[], float] = as_it_is
) -> Iterator[Example]:
    """Windows that hold several passages of one section type, as a study's paragraph would; other each time."""
    groups: dict[tuple[int, ...], list[Prepared]] = {}
    for passage in passages:
        groups.setdefault(passage.prefix, []).append(passage)
    for members in groups.values():
        members = list(members)
        rng.shuffle(members)
        batch: list[Prepared] = []
        room = size() * _PACKED
        for passage in members:
            if batch and sum(map(_length, batch)) + _length(passage) > room:
                yield _packed(batch, rng)
                batch, room = [], size() * _PACKED
            batch.append(passage)
        if batch:
            yield _packed(batch, rng)


def _length(passage: Prepared) -> int:
    return sum(len(one.ids) for one in passage.tokens)


def _packed(batch: Sequence[Prepared], rng: random.Random) -> Example:
    tokens = [one for passage in batch for one in passage.tokens]
    runs: list[Placed] = []
    claims: list[tuple[tuple[int, Role], ...]] = []
    first, block = 0, 0
    for passage in batch:
        base = len(runs)
        block += rng.random() < 0.5
        runs.extend(run._replace(sentence=run.sentence + first, block=block) for run in passage.runs)
        claims.extend(tuple((at + base, role) for at, role in claim) for claim in passage.claims)
        first += len(passage.tokens)
    window = assemble(batch[0].prefix, tokens, 0, range(len(tokens)))
    labels = tuple(one for passage in batch for one in passage.labels)
    said = tuple(one for passage in batch for one in passage.hints)
    return Example(window, labels, said, tuple(runs), tuple(claims))


def relations(example: Example, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """For each pair of an outcome and another run, what the other plays in a claim of the outcome's."""
    known = {
        (head, other): 1 + list(Role).index(role)
        for claim in example.claims
        for head, played in claim
        if played is Role.OUTCOME
        for other, role in claim
    }
    return [known.get(pair, UNRELATED) for pair in pairs]
