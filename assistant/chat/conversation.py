"""A conversation: what was asked and answered, and which studies it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.chat.followups import standalone, study_focus
from assistant.domain.answers import Answer, Question


@dataclass(slots=True)
class Conversation:
    """The turns so far; follow-up questions are filled in from them before they are asked."""

    ask: Callable[[Question], Answer]
    """Answers a question that stands alone."""
    studies: tuple[str, ...] = ()
    """Ids that the conversation is narrowed to; empty for all."""
    turns: list[Answer] = field(default_factory=list)
    """Answers in the order given."""
    fill: Callable[[str, Sequence[Answer]], str] = standalone
    """Makes a follow-up question stand alone, given the answers so far; by rules unless an engine does it."""

    def say(self, text: str) -> Answer:
        """The answer to ``text``, which may lean on what was said before."""
        filled = self.fill(text, self.turns)
        studies = self.studies or study_focus(text, self.turns)
        question = Question(text, studies, standalone="" if filled == text else filled)
        answer = self.ask(question)
        self.turns.append(answer)
        return answer

    @property
    def last(self) -> Answer | None:
        """The latest answer; None at the start."""
        return self.turns[-1] if self.turns else None
