"""What an engine is: it answers from passages and drafts configurations from a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.domain.answers import DraftAnswer, Question
from assistant.domain.cmo import StudyDrafts
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage
from assistant.domain.study import Study


class Engine(Protocol):
    """The two things that an engine does. What it returns is checked against the sources before it is shown.

    Both are asynchronous, so that an engine that waits for a chat model can have many questions or studies in hand
    at once; `assistant.engines.waiting.result_of` waits for one from ordinary code.
    """

    @property
    def record(self) -> EngineRecord:
        """What to write beside each statement."""

    @property
    def in_hand(self) -> int:
        """How many questions or studies keep it busy; 1 where it computes by itself."""

    async def answer(self, question: Question, passages: Sequence[RetrievedPassage]) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason."""

    async def drafts(self, study: Study) -> StudyDrafts:
        """Candidate configurations of ``study`` in the order of its text."""
