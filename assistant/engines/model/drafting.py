"""Drafting configurations with a chat model: window by window, every quote looked up, asked once more at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace

from assistant.domain.cmo import DraftConfiguration, DraftProblem, StudyDrafts
from assistant.domain.study import Study
from assistant.engines.model.placing import Placing
from assistant.engines.model.prompting import Prompts, request_for
from assistant.engines.model.replies import CONFIGURATIONS, DraftReply
from assistant.engines.model.requests import Caller, ModelRequest, Usage
from assistant.engines.model.settling import Settling
from assistant.engines.model.windows import Stretch, Window, WindowSize, whole_sections, windows
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import SentenceInPlace

Look = Callable[[Sequence[SentenceInPlace]], list[Stretch]]
"""The sentences of a study that may be coded to the stretches that are sent."""


@dataclass(frozen=True, slots=True)
class _Drafted:
    """What came of one window."""

    configurations: tuple[DraftConfiguration, ...]
    problems: tuple[DraftProblem, ...]
    usage: Usage


@dataclass(frozen=True)
class ModelDrafting:
    """Drafts configurations of studies."""

    caller: Caller
    """Who asks the chat model."""
    prompts: Prompts
    """In what words."""
    size: WindowSize = field(default_factory=WindowSize)
    """How much of a study is sent at once."""
    look: Look = whole_sections
    """Which parts of a study are sent."""
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)
    """Held while one study is looked through; several at once would only share the processor."""

    async def drafts(self, study: Study) -> StudyDrafts:
        """All that the model proposes for ``study``, in the order of its windows.

        Raises:
            BudgetSpent: If the limit of calls or cost would be passed; what was under way is awaited first.
        """
        async with self._looking:
            # In a thread, because a tagger computes for seconds, and replies about other studies come meanwhile.
            parts_of_it = await asyncio.to_thread(study_windows, study, self.look, self.size)
        under_way = [self._window(study, window) for window in parts_of_it]
        done = await asyncio.gather(*under_way, return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        parts = [one for one in done if isinstance(one, _Drafted)]
        usage = sum((part.usage for part in parts), Usage())
        return StudyDrafts(
            tuple(draft for part in parts for draft in part.configurations),
            tuple(problem for part in parts for problem in part.problems),
            asdict(usage),
        )

    async def _window(self, study: Study, window: Window) -> _Drafted:
        request = draft_request(study, window, self.prompts)
        placing = Placing(study.text, window)
        settling = Settling(self.caller, self.prompts.repair, CONFIGURATIONS, placing.fault)
        settled = await settling.settle(request, await self.caller.call(request))
        drafts = [placing.drafted(stated) for stated in (*settled.items, *settled.apart)]
        unfit = sum(draft is None for draft in drafts)
        lost = len(settled.apart) - unfit
        reasons = [
            settled.problem,
            f"{unfit} of its items lack an outcome, or a context and a mechanism" if unfit else "",
            f"{lost} of its candidates quote what is not there, even after one repair (quarantined)" if lost else "",
        ]
        return _Drafted(
            tuple(replace(draft, request=request.item) for draft in drafts if draft is not None),
            tuple(DraftProblem(request.item, reason) for reason in reasons if reason),
            settled.usage,
        )


def study_windows(study: Study, look: Look, size: WindowSize) -> tuple[Window, ...]:
    """The parts of a study that are sent."""
    sentences = codable_sentences(study)
    return windows(study.text, sentences, look(sentences), size)


def draft_request(study: Study, window: Window, prompts: Prompts) -> ModelRequest:
    """What is asked about one of them."""
    return request_for(f"{study.id}/draft/{window.number:02}", prompts.draft, DraftReply, {"window": window.text})
