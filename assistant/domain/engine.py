"""What an engine is: it answers from passages and drafts configurations from a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.domain.answers import DraftAnswer, Question
    from assistant.domain.cmo import DraftConfiguration
    from assistant.domain.passages import RetrievedPassage
    from assistant.domain.study import Study


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """Which prompt an engine used."""

    id: str
    """Name of the prompt file, without its ending."""
    hash: str
    """sha256 of its content, hexadecimal."""


@dataclass(frozen=True, slots=True)
class EngineRecord:
    """Which engine made a statement; travels with every answer and candidate."""

    name: str
    """``extractive`` or ``model``, with its version: ``extractive/1``."""
    model: str | None = None
    """The chat model, or the tagger's name; None where none is used."""
    prompt: PromptRecord | None = None
    """The prompt; None where none is used."""


class Engine(Protocol):
    """The two things that an engine does. What it returns is checked against the sources before it is shown."""

    @property
    def record(self) -> EngineRecord:
        """What to write beside each statement."""

    def answer(self, question: Question, passages: Sequence[RetrievedPassage]) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason."""

    def draft(self, study: Study) -> Iterator[DraftConfiguration]:
        """Candidate configurations of ``study`` in the order of its text."""
