"""The seam between taggers and drafting: sentences in their place go in, claims with role marks come out.

Rules and the trained model stand behind the same `Tagger`. The rules say of each sentence which runs play which
role, one `MarkSet` a claim, and leave what the neighbouring sentences add to `assistant.tagging.linking`; the
trained tagger has a linker of its own (`assistant.tagging.trained.joining`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SectionType


@dataclass(frozen=True, slots=True)
class SentenceInPlace:
    """A sentence that may be coded, and what surrounds it."""

    text: str
    """Its words: ``study.text[span.start:span.end]``."""
    span: Span
    """Where it stands in the stored text."""
    block: int
    """Index of its block in `Study.blocks`; neighbours in the list with the same block are contiguous."""
    kind: BlockKind
    """Paragraph, list item or quotation."""
    section: int
    """Index of its section in `Study.sections`."""
    section_type: SectionType
    """What that section is for."""
    path: tuple[str, ...]
    """Headings above it, outermost first."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A run of the stored text that plays a role."""

    span: Span
    """Contiguous, trimmed, inside its sentence."""
    role: Role
    """What it plays."""


@dataclass(frozen=True, slots=True)
class Anaphor:
    """What points back to the sentence before: "This allowed …", "As a result, …"."""

    pronoun: Mark | None
    """The pronoun phrase in its role; None where a bare connective points back."""
    bare: bool
    """Whether the antecedent should replace it: ``This`` is bare, ``This lack of time`` is not."""


@dataclass(frozen=True, slots=True)
class MarkSet:
    """The marks of one claim in one sentence; runs of one set do not overlap."""

    marks: tuple[Mark, ...]
    """In the order of the text; the pronoun phrase of ``anaphor`` included."""
    level: Level
    """Who makes the claim."""
    polarity: Polarity
    """Which way it goes."""
    score: float
    """0 to 1, higher is surer, from the sentence alone; not calibrated by the rules."""
    anaphor: Anaphor | None = None
    """What points back; None where the sentence stands alone."""
    part: bool = False
    """Whether this is one labelled part of a claim that its neighbours complete ("Mechanism: …")."""

    def runs(self, *roles: Role) -> tuple[Span, ...]:
        """The runs that play any of ``roles``, in order."""
        return tuple(mark.span for mark in self.marks if mark.role in roles)


@dataclass(frozen=True, slots=True)
class SentenceTags:
    """What the rules say of one sentence."""

    score: float
    """Detection: 0 to 1, how surely the sentence belongs to a configuration."""
    claims: tuple[MarkSet, ...] = ()
    """One entry a claim; several where a sentence makes several."""


NOTHING = SentenceTags(0.0)
"""The tags of a sentence that is not coded."""


@dataclass(frozen=True, slots=True)
class TaggedClaim:
    """A configuration as marked in the text, before it is drafted."""

    passage: Span
    """One to four contiguous sentences of one section that carry the whole claim."""
    marks: tuple[Mark, ...]
    """Inside the passage, in the order of the text; at least an outcome and a context or a mechanism."""
    level: Level
    """Who makes it."""
    polarity: Polarity
    """Which way it goes."""
    confidence: float
    """0 to 1, higher is surer."""


class Tagger(Protocol):
    """Finds the claims of one study."""

    @property
    def name(self) -> str:
        """Name and version, written beside each candidate."""

    def claims(self, sentences: Sequence[SentenceInPlace]) -> Sequence[TaggedClaim]:
        """The claims in the order of the text; the list holds one study's sentences in reading order."""
