"""From what the heads say of a study's sentences to its claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from assistant.domain.cmo import Level, Role
from assistant.domain.spans import Span
from assistant.tagging.phrases import trim
from assistant.tagging.stance import quotations
from assistant.tagging.tags import Mark, SentenceInPlace, TaggedClaim
from assistant.tagging.trained.heads import Heads, Reading, level_from, polarity_from
from assistant.tagging.trained.joining import Joined, Joining, join
from assistant.tagging.trained.labels import NO_ROLE, runs_of
from assistant.tagging.trained.relations import Placed, feature_rows, pairs
from assistant.tagging.trained.windows import Tokens

if TYPE_CHECKING:
    from assistant.tagging.trained.heads import Array


@dataclass(frozen=True, slots=True)
class Decoding:
    """What is chosen after training, on articles that were held out."""

    favour: float = 0.5
    """Taken from the score of playing no role."""
    lenience: float = 3.0
    """Log-likelihood that a sentence's tags may lose for being whole: an outcome and something else."""
    whole: float = 0.4
    """Detection from which a sentence is granted that."""
    trust: float = 0.25
    """How much a sentence's log-odds of detection add to that."""
    floor: float = 0.2
    """Detection below which a sentence is left alone."""
    keep: float = 0.0
    """Confidence below which a claim is dropped."""
    joining: Joining = field(default_factory=Joining)
    calibration: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0, 0.0)
    """Weights of the evidence in the log-odds of a claim."""


class Found(NamedTuple):
    """A claim and what tells how sure it is."""

    claim: TaggedClaim
    evidence: tuple[float, ...]
    """As `_evidence` gives it."""


class _Marked(NamedTuple):
    """The runs of a study, with what is known of each."""

    runs: list[Placed]
    """In reading order."""
    states: list[Array]
    """The mean state of each."""
    sure: list[float]
    """How sure its tokens are, 0 to 1."""


class _Text(NamedTuple):
    """A study as it was read."""

    sentences: Sequence[SentenceInPlace]
    tokens: Sequence[Tokens]
    readings: Sequence[Reading | None]
    quoted: Sequence[bool]
    """For each sentence, whether most of it is a participant's words."""


def decode(
    sentences: Sequence[SentenceInPlace],
    tokens: Sequence[Tokens],
    readings: Sequence[Reading | None],
    heads: Heads,
    decoding: Decoding,
) -> tuple[Found, ...]:
    """The claims of one study, in the order of the text.

    Args:
        sentences: In reading order.
        tokens: Theirs.
        readings: Theirs; None for a sentence without a token.
        heads: That read them.
        decoding: How to choose.
    """
    import numpy as np

    text = _Text(sentences, tokens, readings, tuple(quotations(sentences)))
    marked = _marked(text, heads, decoding)
    pairs_found = pairs(marked.runs)
    if not pairs_found:
        return ()
    states = np.stack(marked.states)
    left, right = [head for head, _ in pairs_found], [other for _, other in pairs_found]
    hints = {run.sentence: reading.hints for run in marked.runs if (reading := readings[run.sentence])}
    relations = heads.relate(states[left], states[right], feature_rows(marked.runs, pairs_found, hints))
    found = [
        _claim(text, marked, joined, decoding) for joined in join(marked.runs, pairs_found, relations, decoding.joining)
    ]
    kept = [one for one in found if one is not None and one.claim.confidence >= decoding.keep]
    return tuple(sorted(kept, key=lambda one: (one.claim.passage, one.claim.marks)))


def _marked(text: _Text, heads: Heads, decoding: Decoding) -> _Marked:
    """The runs of all sentences."""
    marked = _Marked([], [], [])
    for index, reading in enumerate(text.readings):
        if reading is None or reading.detected < decoding.floor:
            continue
        favour = decoding.favour + decoding.trust * _odds(reading.detected)
        tags = heads.tags(reading.emissions, favour, decoding.lenience if reading.detected >= decoding.whole else 0.0)
        if not any(tags):
            continue
        marginals = heads.marginals(reading.emissions)
        place = text.sentences[index]
        for run in runs_of(tags):
            marked.runs.append(Placed(run.role, index, place.block, place.section, run.start, run.end))
            marked.states.append(reading.states[run.start : run.end].mean(axis=0))
            marked.sure.append(float(1.0 - marginals[run.start : run.end, NO_ROLE].mean()))
    return marked


def _odds(probability: float) -> float:
    held = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def _claim(text: _Text, marked: _Marked, joined: Joined, decoding: Decoding) -> Found | None:
    marks: list[Mark] = []
    for at, role in joined.runs:
        run = marked.runs[at]
        span = _span(text.sentences[run.sentence], text.tokens[run.sentence], run)
        if span is not None:
            marks.append(Mark(span, role))
    roles = {mark.role for mark in marks}
    if Role.OUTCOME not in roles or len(roles) < 2:
        return None
    places = sorted(marked.runs[at].sentence for at, _ in joined.runs)
    first, last = places[0], places[-1]
    held = [one for one in text.readings[first : last + 1] if one is not None]
    evidence = _evidence(held, [marked.sure[at] for at, _ in joined.runs], joined.certainty, roles)
    claim = TaggedClaim(
        Span(text.sentences[first].span.start, text.sentences[last].span.end),
        tuple(sorted(marks)),
        Level.QUOTE if all(text.quoted[first : last + 1]) else level_from(held),
        polarity_from(held),
        _confidence(evidence, decoding.calibration),
    )
    return Found(claim, evidence)


def _span(sentence: SentenceInPlace, tokens: Tokens, run: Placed) -> Span | None:
    """The run's code points in the study, without what the codebook leaves out at the ends."""
    trimmed = trim(sentence.text, tokens.offsets[run.start][0], tokens.offsets[run.end - 1][1])
    return Span(trimmed.start, trimmed.end).shifted(sentence.span.start) if trimmed else None


def _evidence(
    readings: Sequence[Reading], sure: Sequence[float], certainty: float, roles: set[Role]
) -> tuple[float, ...]:
    """What tells how sure a claim is: one, log-odds of detection, of the marks, of the links, completeness."""
    complete = Role.CONTEXT in roles and bool(roles & {Role.RESOURCE, Role.REASONING})
    detected = sum(_odds(one.detected) for one in readings) / len(readings)
    return 1.0, detected, _odds(sum(sure) / len(sure)), _odds(certainty), float(complete)


def _confidence(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(value * weight for value, weight in zip(values, weights, strict=True))
    return round(1.0 / (1.0 + math.exp(-total)), 4)
