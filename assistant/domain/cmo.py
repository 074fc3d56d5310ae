"""Context-mechanism-outcome configurations.

Source: Pawson and Tilley 1997; resource and reasoning after Dalkin et al. 2015,
doi:10.1186/s13012-015-0237-x; reporting after RAMESES II, doi:10.1186/s12916-016-0643-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote


class Role(StrEnum):
    """The part that a span plays in a configuration."""

    CONTEXT = "context"
    RESOURCE = "resource"
    REASONING = "reasoning"
    OUTCOME = "outcome"


class Level(StrEnum):
    """Who makes the claim."""

    FINDING = "finding"
    """The authors' own result or conclusion."""
    QUOTE = "quote"
    """A participant's words."""
    HYPOTHESIS = "hypothesis"
    """An initial or candidate theory."""
    BACKGROUND = "background"
    """The literature's claim."""


class Polarity(StrEnum):
    """Which way the claim goes."""

    ENABLING = "enabling"
    CONSTRAINING = "constraining"
    MIXED = "mixed"


class CandidateStatus(StrEnum):
    """Whether every quote of a candidate stands in its study."""

    CANDIDATE = "candidate"
    QUARANTINED = "quarantined"
    """A quote was not found: set apart, never evidence."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """What generates the outcome: what is offered, and how people respond to it."""

    resource: tuple[Quote, ...] = ()
    """What the programme adds."""
    reasoning: tuple[Quote, ...] = ()
    """People's reasoning or response."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Which parts the passage says; what it leaves unsaid stays unsaid."""

    context: bool
    mechanism: bool
    outcome: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that carries the claim whole."""

    quote: Quote
    """One to four contiguous sentences, verbatim."""
    section: str
    """Heading of its section; its type where it has none."""
    page: int | None
    """Page on which it starts; None where the format has none."""


@dataclass(frozen=True, slots=True)
class DraftConfiguration:
    """What an engine proposes, before its quotes are located: words, and where it took them from if it knows.

    Each entry of ``marks`` and ``passages`` is a verbatim quote with the offset into the stored text at which
    the engine read it, or None when it does not know.
    """

    marks: tuple[tuple[Role, str, int | None], ...]
    """Role, quote, offset."""
    passages: tuple[tuple[str, int | None], ...]
    """The sentences that carry the claim: quote, offset."""
    level: Level
    polarity: Polarity
    confidence: float
    """0 to 1, higher is surer."""
    statement: str = ""
    """The engine's own sentence; empty to have it built from the spans."""
    request: str = ""
    """Names what a chat model was asked, as the run's journal of calls does; empty where none was."""


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """A part of a study that gave nothing, or not all that it might; it can be tried again."""

    item: str
    """Names the piece of work, as the journal of calls does: ``marston-2022/draft/03``."""
    reason: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class StudyDrafts:
    """All that an engine proposes for one study."""

    configurations: tuple[DraftConfiguration, ...]
    """In the order of the text, repeats of a claim included."""
    problems: tuple[DraftProblem, ...] = ()
    """What failed; empty where the whole study was read."""
    usage: dict[str, int] | None = None
    """Tokens and calls spent on a chat model; None without one."""


@dataclass(frozen=True, slots=True)
class CmoConfiguration:
    """A candidate configuration with every quote located.

    Raises:
        ValueError: If it has no outcome, or neither context nor mechanism, or its confidence leaves 0 to 1.
    """

    id: str
    """Stable for the same study text and spans: ``<study>-<eight hexadecimal digits>``."""
    study: str
    """Id of the study."""
    statement: str
    """One readable sentence built from the spans."""
    context: tuple[Quote, ...]
    """Conditions that stand before or around the programme."""
    mechanism: Mechanism
    """Resource and reasoning."""
    outcome: tuple[Quote, ...]
    """What follows."""
    evidence: tuple[Evidence, ...]
    """Passages that carry the claim, the fullest first; repeats of the claim in the same study after it."""
    level: Level
    """Who makes the claim."""
    polarity: Polarity
    """Which way it goes."""
    confidence: float
    """0 to 1, higher is surer."""
    engine: EngineRecord
    """Who drafted it."""
    request: str = ""
    """As in `DraftConfiguration`; of several statements of a claim, that of the surest."""

    def __post_init__(self) -> None:
        if not self.outcome or not (self.context or self.mechanism.resource or self.mechanism.reasoning):
            raise ValueError(f"{self.id}: a configuration needs an outcome and a context or a mechanism")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"{self.id}: confidence {self.confidence} is not in 0..1")

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote of the configuration, evidence last."""
        roles = (*self.context, *self.mechanism.resource, *self.mechanism.reasoning, *self.outcome)
        return (*roles, *(evidence.quote for evidence in self.evidence))

    @property
    def stated(self) -> Stated:
        """Which parts the passage says."""
        mechanism = bool(self.mechanism.resource or self.mechanism.reasoning)
        return Stated(context=bool(self.context), mechanism=mechanism, outcome=bool(self.outcome))

    @property
    def status(self) -> CandidateStatus:
        """Candidate when every quote stands in the study, else quarantined."""
        found = all(quote.found for quote in self.quotes)
        return CandidateStatus.CANDIDATE if found else CandidateStatus.QUARANTINED
