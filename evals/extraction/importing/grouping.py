"""Placed marks to configurations: as the file says, else by passage, else by sentence.

1. Marks that the file puts into one configuration are one.
2. A mark that it puts nowhere, inside a marked passage, belongs to that passage's configuration; inside several,
   to the shortest's.
3. What is left is one configuration a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from assistant.domain.study import PROSE_KINDS, Study
from assistant.text.sentences import sentence_spans
from evals.extraction.importing.placing import PlacedMark

LONGEST = 4
"""Sentences that the codebook lets a passage have."""


@dataclass
class Group:
    """One configuration, as far as it is known."""

    name: str
    """As the file names it; empty where it does not."""
    how: str
    """By which rule its first mark came to it."""
    marks: list[PlacedMark] = field(default_factory=list)
    """Found marks with a role."""
    passages: list[PlacedMark] = field(default_factory=list)
    """Found passages."""

    def role(self, role: Role) -> tuple[Span, ...]:
        """Where a role is marked, in the text's order."""
        return tuple(sorted({one.span for one in self.marks if one.mark.role is role}))


def grouped(marks: Sequence[PlacedMark], sentences: Sequence[Span]) -> list[Group]:
    """Configurations of the marks that were found, in the text's order; those without a role too.

    Args:
        marks: Of one coder in one study.
        sentences: Of the study, in order.
    """
    found = [one for one in marks if one.quote.found]
    named: dict[str, Group] = {}
    alone: list[Group] = []
    for passage in (one for one in found if one.mark.role is None):
        for name in passage.mark.groups:
            named.setdefault(name, Group(name, "as the file groups them")).passages.append(passage)
        if not passage.mark.groups:
            alone.append(Group("", "inside a passage", passages=[passage]))
    by_sentence: dict[object, Group] = {}
    for one in (one for one in found if one.mark.role is not None):
        for group in _homes(one, named, alone, by_sentence, sentences):
            group.marks.append(one)
    groups = [*named.values(), *alone, *by_sentence.values()]
    return sorted(groups, key=lambda group: min(one.span for one in [*group.marks, *group.passages]))


def _homes(
    one: PlacedMark,
    named: dict[str, Group],
    alone: Sequence[Group],
    by_sentence: dict[object, Group],
    sentences: Sequence[Span],
) -> Iterable[Group]:
    if one.mark.groups:
        return [named.setdefault(name, Group(name, "as the file groups them")) for name in one.mark.groups]
    covering = [
        (len(passage.span), at, group)
        for at, group in enumerate([*named.values(), *alone])
        for passage in group.passages
        if passage.span.covers(one.span)
    ]
    if covering:
        return [min(covering, key=lambda each: each[:2])[2]]
    sentence = next((span for span in sentences if span.overlaps(one.span)), one.span)
    return [by_sentence.setdefault(sentence, Group("", "in one sentence"))]


def passage_of(group: Group, sentences: Sequence[Span]) -> Span:
    """The passage of a configuration: as marked, else the sentences that hold its marks.

    Where its marks lie over more than `LONGEST` sentences, the passage is the sentences of its outcome, or of its
    first mark if it has none; else everything between would count as found.
    """
    if group.passages:
        spans = [one.span for one in group.passages]
        return Span(min(span.start for span in spans), max(span.end for span in spans))
    marks = sorted(one.span for one in group.marks)
    whole = _sentences_of(marks, sentences)
    if sum(span.overlaps(whole) for span in sentences) <= LONGEST:
        return whole
    return _sentences_of((group.role(Role.OUTCOME) or marks)[:1], sentences)


def _sentences_of(spans: Sequence[Span], sentences: Sequence[Span]) -> Span:
    held = [one for one in sentences if any(one.overlaps(span) for span in spans)] or list(spans)
    return Span(min(one.start for one in held), max(one.end for one in held))


def sentences_in(study: Study) -> tuple[Span, ...]:
    """Every sentence of the study's prose, coded sections or not."""
    return tuple(
        span
        for block in study.blocks
        if block.kind in PROSE_KINDS
        for span in sentence_spans(study.text, block.span.start, block.span.end)
    )


def counts_by_rule(groups: Sequence[Group]) -> Mapping[str, int]:
    """How many configurations came about by each rule."""
    return {how: sum(group.how == how for group in groups) for how in dict.fromkeys(group.how for group in groups)}
