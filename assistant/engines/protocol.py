"""What an engine is: it answers from passages and drafts configurations from a study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.domain.answers import Claim, DraftAnswer, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage

if TYPE_CHECKING:
    from assistant.domain.cmo import StudyDrafts
    from assistant.domain.study import Study

ShowClaim = Callable[[Claim], None]
"""Is given a claim as soon as its quotes are found in the passages."""


class Engine(Protocol):
    """The two things that an engine does. What it returns is checked against the sources before it is shown.

    Both are asynchronous, so that an engine that waits for a chat model can have many questions or studies in hand
    at once; `assistant.engines.waiting.result_of` waits for one from ordinary code.
    """

    @property
    def record(self) -> EngineRecord:
        """What to write beside each answer."""

    @property
    def drafting_record(self) -> EngineRecord:
        """What to write beside each candidate; changes when the same study may give others."""

    @property
    def in_hand(self) -> int:
        """How many questions or studies keep it busy; 1 where it computes by itself."""

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason.

        Args:
            question: What is asked.
            passages: Best first.
            show: Is given claims while others are still awaited, by an engine that streams; they are the first of
                those returned, in that order. Other engines pass it by.
        """

    async def drafts(self, study: Study) -> StudyDrafts:
        """Candidate configurations of ``study`` in the order of its text."""


@runtime_checkable
class Condenser(Protocol):
    """What an engine does besides that knows how to make a follow-up question stand alone."""

    async def condensed(self, question: str, turns: Sequence[tuple[str, str]]) -> str:
        """``question`` with what it leans on filled in; empty where that failed.

        Args:
            question: As typed.
            turns: Questions and answers so far, oldest first.
        """
