"""The engine that asks a chat model, as the rest of the tool sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.domain.answers import DraftAnswer, Question
from assistant.domain.cmo import StudyDrafts
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage
from assistant.domain.study import Study
from assistant.engines.model.answering import ModelAnswering
from assistant.engines.model.cascade import Cascade
from assistant.engines.model.drafting import ModelDrafting
from assistant.engines.model.followups import ModelFollowups
from assistant.engines.model.prompting import Prompts
from assistant.engines.model.requests import Caller
from assistant.engines.model.windows import WindowSize, whole_sections
from assistant.engines.protocol import ShowClaim

VERSION = 2
"""Changes when the same replies of the model give something else."""


@dataclass(frozen=True)
class ModelEngine:
    """Answers, drafts and follows up with a chat model; every quote is looked up before it counts."""

    model: str
    """Name of the chat model, written beside each statement."""
    caller: Caller
    """Who asks it."""
    prompts: Prompts
    """In what words."""
    in_hand: int = 4
    """Requests that it takes at once."""
    size: WindowSize = field(default_factory=WindowSize)
    """How much of a study is sent at once for drafting."""
    cascade: Cascade | None = None
    """Who proposes where in a study to look; all of it is sent if None."""

    @property
    def record(self) -> EngineRecord:
        """What to write beside each answer."""
        return EngineRecord(f"model/{VERSION}", self.model, self.prompts.answer.record)

    @property
    def drafting_record(self) -> EngineRecord:
        """What to write beside each candidate; names what decides which parts of a study are seen."""
        seen = f"{self.size.most}.{self.size.overlap}"
        name = f"cascade/{VERSION}.{seen}.{self.cascade.name}" if self.cascade else f"model/{VERSION}.{seen}"
        return EngineRecord(name, self.model, self.prompts.draft.record)

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        """Answers from ``passages`` alone, or abstains with the reason; streams where ``show`` is given."""
        return await ModelAnswering(self.caller, self.prompts).answer(question, passages, show)

    async def drafts(self, study: Study) -> StudyDrafts:
        """Candidate configurations of ``study`` in the order of its text."""
        return await self._drafting.drafts(study)

    async def condensed(self, question: str, turns: Sequence[tuple[str, str]]) -> str:
        """``question`` with what it leans on filled in; empty where the model was of no help."""
        return await ModelFollowups(self.caller, self.prompts).condensed(question, turns)

    @cached_property
    def _drafting(self) -> ModelDrafting:
        look = self.cascade.look if self.cascade else whole_sections
        return ModelDrafting(self.caller, self.prompts, self.size, look)
