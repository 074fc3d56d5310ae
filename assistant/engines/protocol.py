"""What an engine is: it answers from passages and drafts configurations from a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.domain.answers import DraftAnswer, Question
from assistant.domain.cmo import DraftConfiguration
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage
from assistant.domain.study import Study


class Engine(Protocol):
    """The two things that an engine does. What it returns is checked against the sources before it is shown."""

    @property
    def record(self) -> EngineRecord:
        """What to write beside each statement."""

    def answer(self, question: Question, passages: Sequence[RetrievedPassage]) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason."""

    def draft(self, study: Study) -> Iterator[DraftConfiguration]:
        """Candidate configurations of ``study`` in the order of its text."""
