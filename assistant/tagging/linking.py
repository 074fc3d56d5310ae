"""From sentences' tags to claims: what the neighbouring sentence adds is added, what is unsaid stays unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from assistant.tagging.chains import Node
from assistant.tagging.confidence import adjusted
from assistant.tagging.phrases import lead_end, trim, words_in
from assistant.tagging.roles import source_role
from assistant.tagging.tags import Mark, MarkSet, SentenceInPlace, SentenceTags, TaggedClaim

_MAX_SENTENCES = 4
"""Longest passage, by the codebook."""
_MAX_ANTECEDENT = 45
"""Words of a sentence that may as a whole be what "this" means."""


def link(sentences: Sequence[SentenceInPlace], tags: Sequence[SentenceTags]) -> tuple[TaggedClaim, ...]:
    """The claims of one study, in the order of the text.

    Args:
        sentences: As given to the tagger.
        tags: What it said of them.

    Returns:
        Claims with an outcome and a context or a mechanism, each in a passage of one to four sentences.
    """
    claims: list[TaggedClaim] = []
    for index, tag in enumerate(tags):
        for claim in tag.claims:
            if claim.part:
                continue
            linked = (
                _with_antecedent(sentences, tags, index, claim) if claim.anaphor else _alone(sentences[index], claim)
            )
            if linked is not None:
                claims.append(linked)
    claims.extend(_joined_parts(sentences, tags))
    return tuple(sorted(claims, key=lambda claim: (claim.passage, claim.marks)))


def _alone(sentence: SentenceInPlace, claim: MarkSet) -> TaggedClaim | None:
    return _claim(sentence.span, claim.marks, claim, claim.score)


def _claim(passage: Span, marks: Sequence[Mark], claim: MarkSet, score: float) -> TaggedClaim | None:
    """The claim, if it says an outcome and what brings it about."""
    roles = {mark.role for mark in marks}
    if Role.OUTCOME not in roles or len(roles) < 2:
        return None
    return TaggedClaim(passage, tuple(sorted(marks)), claim.level, claim.polarity, score)


def _with_antecedent(
    sentences: Sequence[SentenceInPlace], tags: Sequence[SentenceTags], index: int, claim: MarkSet
) -> TaggedClaim | None:
    """The claim widened to the sentence before, with what its pronoun stands for marked there."""
    assert claim.anaphor is not None
    sentence = sentences[index]
    before = sentences[index - 1] if index and sentences[index - 1].block == sentence.block else None
    if before is None:
        return _claim(sentence.span, claim.marks, claim, adjusted(claim.score, {"unresolved": 1.0}))
    passage = Span(before.span.start, sentence.span.end)
    score = adjusted(claim.score, {"resolved": 1.0})
    antecedent = _antecedent(before, tags[index - 1]) if claim.anaphor.bare else None
    if antecedent is None:
        return _claim(passage, claim.marks, claim, score)
    kept = [mark for mark in claim.marks if mark != claim.anaphor.pronoun]
    return _claim(passage, [antecedent, *kept], claim, score)


def _antecedent(before: SentenceInPlace, tags: SentenceTags) -> Mark | None:
    """What "this" means: the outcome that the sentence before states, else what it says as a whole."""
    outcomes = [span for claim in tags.claims for span in claim.runs(Role.OUTCOME)]
    if outcomes:
        local = outcomes[-1].shifted(-before.span.start)
        run = trim(before.text, local.start, local.end)
    else:
        run = trim(before.text, lead_end(before.text), len(before.text))
    if run is None or words_in(run.of(before.text)) > _MAX_ANTECEDENT:
        return None
    role = source_role(before.text, Node(run, 0.0))
    return Mark(Span(run.start, run.end).shifted(before.span.start), role)


def _joined_parts(sentences: Sequence[SentenceInPlace], tags: Sequence[SentenceTags]) -> Iterator[TaggedClaim]:
    """Claims whose labelled parts stand in sentences that follow one another."""
    held: list[tuple[int, MarkSet]] = []
    for index, tag in enumerate(tags):
        parts = [claim for claim in tag.claims if claim.part]
        if not parts or (held and not _continues(sentences, held, index, parts[0])):
            yield from _close(sentences, held)
            held = []
        if parts:
            held.append((index, parts[0]))
    yield from _close(sentences, held)


def _continues(
    sentences: Sequence[SentenceInPlace], held: Sequence[tuple[int, MarkSet]], index: int, part: MarkSet
) -> bool:
    """Whether a labelled part belongs to those held: next sentence, same section, a role not yet filled."""
    first, last = held[0][0], held[-1][0]
    roles = {mark.role for _, one in held for mark in one.marks}
    same_section = sentences[index].section == sentences[last].section
    return (
        same_section
        and index == last + 1
        and index - first < _MAX_SENTENCES
        and not roles & {mark.role for mark in part.marks}
    )


def _close(sentences: Sequence[SentenceInPlace], held: Sequence[tuple[int, MarkSet]]) -> Iterator[TaggedClaim]:
    if not held:
        return
    passage = Span(sentences[held[0][0]].span.start, sentences[held[-1][0]].span.end)
    marks = [mark for _, part in held for mark in part.marks]
    main = max((part for _, part in held), key=lambda part: part.score)
    claim = _claim(passage, marks, replace(main, part=False), main.score)
    if claim is not None:
        yield claim
