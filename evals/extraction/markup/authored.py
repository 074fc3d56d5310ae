"""What an authored passage holds once its marks are read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.domain.study import SectionType


class NegativeKind(StrEnum):
    """Why a passage that looks like evidence carries no configuration."""

    METHODS = "methods"
    AIM = "aim"
    DEFINITION = "definition"
    DESCRIPTION = "description"
    """Of a programme, place or event."""
    RESULT = "result"
    """Bare: nothing is said to bring it about."""
    THEORY = "theory"
    """What a theory is or who wrote it, with no claim about this effect."""
    ADVICE = "advice"
    SAMPLE = "sample"
    TABLE = "table"
    """Rows and figures run together."""
    LIMITATION = "limitation"
    OPINION = "opinion"
    """A view or quotation that says no what by what."""


class Register(StrEnum):
    """How the prose sounds."""

    PLAIN = "plain"
    REPORT = "report"
    ACADEMIC = "academic"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True, order=True)
class MarkedSpan:
    """Words that play a role."""

    span: Span
    """Where they stand in the passage's plain text, half-open, in code points."""
    role: Role
    """The part that they play."""


@dataclass(frozen=True, slots=True)
class AuthoredConfiguration:
    """One marked configuration.

    Raises:
        ValueError: If it has no outcome, or neither context nor mechanism, or a character with two roles.
    """

    number: int
    """Number in the passage's tags, from 1."""
    level: Level
    """Who makes the claim."""
    polarity: Polarity
    """Which way it goes."""
    marks: tuple[MarkedSpan, ...]
    """By place; disjoint."""
    extent: Span
    """The whole sentences that carry it, as a span of the plain text."""

    def __post_init__(self) -> None:
        roles = {mark.role for mark in self.marks}
        if Role.OUTCOME not in roles:
            raise ValueError(f"configuration {self.number} has no outcome")
        if len(roles) == 1:
            raise ValueError(f"configuration {self.number} has neither context nor mechanism")
        for left, right in zip(self.marks, self.marks[1:], strict=False):
            if right.span.start < left.span.end:
                raise ValueError(f"configuration {self.number} has two marks on the same words")

    def spans(self, role: Role) -> tuple[Span, ...]:
        """Where ``role`` is played, in order."""
        return tuple(mark.span for mark in self.marks if mark.role is role)

    @property
    def is_complete(self) -> bool:
        """Whether context, mechanism and outcome are all said."""
        roles = {mark.role for mark in self.marks}
        return Role.CONTEXT in roles and bool(roles & {Role.RESOURCE, Role.REASONING})


@dataclass(frozen=True, slots=True)
class AuthoredPassage:
    """A passage written for training, as plain text with what was marked on it."""

    source: str
    """Name of its file."""
    line: int
    """Line of the file on which it starts, from 1."""
    field: str
    """Field of practice that it is set in: the file's name without its number."""
    text: str
    """Plain text, one space for any white space."""
    sentences: tuple[Span, ...]
    """Its sentences as spans of ``text``."""
    section: SectionType
    """Type of the section in which a study would have it."""
    configurations: tuple[AuthoredConfiguration, ...]
    """By number; empty for a negative."""
    negative: NegativeKind | None
    """Why it has no configuration; None exactly where it has one."""
    register: Register | None = None
    """How it sounds; None where its author did not say."""
    continues: bool = False
    """Whether it is the next paragraph of the section that the passage before it belongs to."""

    @property
    def detected(self) -> tuple[bool, ...]:
        """For each sentence, whether it lies in a configuration."""
        extents = [configuration.extent for configuration in self.configurations]
        return tuple(any(e.start <= s.start and s.end <= e.end for e in extents) for s in self.sentences)
