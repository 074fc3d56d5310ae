"""The engine that needs no chat model, as the rest of the tool sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.domain.answers import DraftAnswer, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.domain.study import SectionType, Study
from assistant.engines.extractive.answering import ExtractiveAnswering, Rarity, alike
from assistant.engines.extractive.reranking import Bears
from assistant.engines.protocol import ShowClaim

if TYPE_CHECKING:
    from assistant.domain.cmo import StudyDrafts
    from assistant.tagging.tags import Tagger


VERSION = 5
"""Changes when the same question and passages, or the same study, give something else."""


@dataclass(frozen=True)
class ExtractiveEngine:
    """Answers with verbatim sentences, drafts configurations with a tagger; deterministic and offline."""

    reranker: Bears
    """Reads passages with the question in view."""
    tagger: Tagger
    """Finds configurations."""
    rarity: Rarity = alike
    """How telling a stem is in the corpus that is asked."""

    @property
    def record(self) -> EngineRecord:
        """What to write beside each statement."""
        return EngineRecord(name=f"extractive/{VERSION}", model=self.tagger.name)

    @property
    def drafting_record(self) -> EngineRecord:
        """The same."""
        return self.record

    @property
    def in_hand(self) -> int:
        """One: it computes, and waits for nobody."""
        return 1

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason; all at once, without ``show``."""
        return self._answering.answer(question, passages)

    async def drafts(self, study: Study) -> StudyDrafts:
        """Candidate configurations of ``study`` in the order of its text."""
        from assistant.domain.cmo import StudyDrafts
        from assistant.engines.extractive.drafting import draft

        return StudyDrafts(tuple(draft(study, self.tagger)))

    def warm(self) -> None:
        """Loads what the first answer would wait for, by reading one word."""
        word = Span(0, 4)
        self.reranker.bearings("word", [Passage("", 0, word, "word", (word,), SectionType.BODY, ())])

    @cached_property
    def _answering(self) -> ExtractiveAnswering:
        return ExtractiveAnswering(self.reranker, self.rarity)
