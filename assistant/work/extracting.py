"""From a study to its candidates: drafted, every quote located."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.cmo import CmoConfiguration, DraftProblem
from assistant.domain.study import Study
from assistant.engines.protocol import Engine
from assistant.work.candidates import configure


@dataclass(frozen=True, slots=True)
class StudyCandidates:
    """What came of one study."""

    candidates: tuple[CmoConfiguration, ...]
    """Each statement of a claim by itself; those with a quote not found are quarantined."""
    problems: tuple[DraftProblem, ...] = ()
    """Parts that gave nothing usable."""
    usage: dict[str, int] | None = None
    """Tokens and calls spent on a chat model; None without one."""


async def extract_study(study: Study, engine: Engine) -> StudyCandidates:
    """The candidates of one study."""
    drafts = await engine.drafts(study)
    candidates = tuple(configure(study, draft, engine.drafting_record) for draft in drafts.configurations)
    return StudyCandidates(candidates, drafts.problems, drafts.usage)
