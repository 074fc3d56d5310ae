"""Questions, and answers whose every statement carries checked citations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage
from assistant.domain.spans import Quote
from assistant.domain.study import SectionType


class AbstentionReason(StrEnum):
    """Why no answer is given; three different things."""

    NO_EVIDENCE = "no_evidence"
    """Passages on the topic were found, and none of them supports an answer."""
    NOT_RETRIEVED = "not_retrieved"
    """Nothing near the question was found, in the studies and sections that were searched."""
    OUT_OF_SCOPE = "out_of_scope"
    """The question is not about what studies report."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and where to look."""

    text: str
    """As typed."""
    studies: tuple[str, ...] = ()
    """Ids to search; empty for all."""
    sections: tuple[SectionType, ...] = ()
    """Section types to search; empty for all that may be evidence."""
    standalone: str = ""
    """A follow-up with what it refers to filled in; empty where ``text`` stands alone."""

    @property
    def search_text(self) -> str:
        """What retrieval looks for."""
        return self.standalone or self.text


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote with the place that it was checked against."""

    marker: int
    """Number in the answer, from 1."""
    study: str
    """Id of the study quoted."""
    quote: Quote
    """The words, and how they stand in the study's stored text."""
    section: str
    """Heading of the section that holds the quote; its type where it has no heading."""
    page: int | None
    """Page on which it starts; None where the format has none."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a draft answer and the quotes that it rests on, not yet checked."""

    text: str
    """The statement."""
    support: tuple[tuple[str, str], ...]
    """Pairs of study id and verbatim quote."""
    at: tuple[int | None, ...] = ()
    """For each pair, where the engine took the quote from, as an offset into the stored text; None if unknown."""


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """What an engine proposes before its quotes are checked."""

    claims: tuple[Claim, ...]
    """In the order to be shown; empty when it abstains."""
    reason: AbstentionReason | None = None
    """Why it abstains; None when it answers."""
    usage: dict[str, int] | None = None
    """Tokens and calls spent on a chat model; None without one."""
    problem: str = ""
    """What of a chat model's reply is missing, and why; empty where all of it was read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as shown: text with ``[n]`` markers, and the citations that they number."""

    question: Question
    """What was asked."""
    text: str
    """Statements with their markers, grouped by study; on abstention, the sentence that says why."""
    citations: tuple[Citation, ...]
    """By marker."""
    passages: tuple[RetrievedPassage, ...]
    """What was retrieved, best first."""
    engine: EngineRecord
    """Who answered."""
    seconds: float
    """From question to answer, wall time."""
    reason: AbstentionReason | None = None
    """Why there is no answer; None when there is one."""
    usage: dict[str, int] | None = None
    """As in `DraftAnswer`."""
    unsupported: int = 0
    """Statements of the draft without a single quote that was found: set apart or dropped, never evidence."""
    problem: str = ""
    """As in `DraftAnswer`."""

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return self.reason is not None
