"""The batch loop: studies in hand at once, failures that stay where they are, and what a stop leaves behind."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.domain.cmo import DraftConfiguration, DraftProblem, Level, Polarity, Role, StudyDrafts
from assistant.domain.engine import EngineRecord
from assistant.domain.study import Study
from assistant.engines.waiting import each_of
from assistant.errors import BudgetSpent, StoreError, UsageError
from assistant.records.extraction import Extracted, Extraction, extraction_run


def drafted(study: Study) -> StudyDrafts:
    """One configuration, of the study's own words."""
    words = study.text.split(". ")[0].split()
    third = len(words) // 3
    parts = [" ".join(part) for part in (words[:third], words[third : 2 * third], words[2 * third :])]
    marks = tuple(zip((Role.CONTEXT, Role.REASONING, Role.OUTCOME), parts, (None,) * 3, strict=True))
    one = DraftConfiguration(marks, ((" ".join(words), None),), Level.FINDING, Polarity.ENABLING, 0.5)
    return StudyDrafts((one,), usage={"calls": 1})


@dataclass
class Scripted:
    """An engine that does what it is told for each study."""

    script: Callable[[Study], Awaitable[StudyDrafts]]
    in_hand: int = 4
    record: EngineRecord = field(default_factory=lambda: EngineRecord("scripted/1", "test:model"))
    drafting_record: EngineRecord = field(default_factory=lambda: EngineRecord("scripted/1", "test:model"))

    async def drafts(self, study: Study) -> StudyDrafts:
        return await self.script(study)


@pytest.fixture
def run(tmp_path: Path, small_world: Any) -> Callable[..., tuple[list[Extracted], Extraction]]:
    """Extracts the small world's studies, as often as called, in one folder of runs."""

    def go(script: Any, *, again: bool = False, in_hand: int = 4) -> tuple[list[Extracted], Extraction]:
        engine = cast(Any, Scripted(script, in_hand))
        studies = [(study.id, study.sha256) for study in small_world.values()]
        journal = extraction_run(tmp_path, engine, studies, again=again)
        with journal:
            extraction = Extraction(journal, engine, small_world.__getitem__, retry_failed=again)
            found = list(each_of(extraction.of([name for name, _ in studies])))
            if not extraction.stopped:
                journal.finish({})
        return found, extraction

    return go


async def well(study: Study) -> StudyDrafts:
    return drafted(study)


def test_calls_of_the_next_studies_are_under_way_while_one_is_awaited(run: Any, small_world: Any) -> None:
    begun, everyone = [], asyncio.Event()

    async def script(study: Study) -> StudyDrafts:
        begun.append(study.id)
        if len(begun) == len(small_world):
            everyone.set()
        await asyncio.wait_for(everyone.wait(), 5)
        return drafted(study)

    found, _ = run(script, in_hand=len(small_world))
    assert [one.study for one in found] == begun == list(small_world)


def test_one_studys_failure_does_not_stop_the_others(run: Any, small_world: Any) -> None:
    bad, lost, *good = small_world

    async def script(study: Study) -> StudyDrafts:
        if study.id == bad:
            raise ValueError("a bug met on this study")
        return drafted(study)

    def load(name: str) -> Study:
        if name == lost:
            raise StoreError("its text is damaged")
        return cast(Study, small_world[name])

    extraction = Extraction(cast(Any, Memory()), cast(Any, Scripted(script)), load)
    found = {one.study: one for one in each_of(extraction.of(list(small_world)))}
    assert found[bad].problem == "ValueError: a bug met on this study" and found[lost].problem == "its text is damaged"
    assert good and all(found[name].candidates and not found[name].problem for name in good)
    assert extraction.stopped is None


class Memory:
    """A journal that is nowhere."""

    def __init__(self) -> None:
        self.finished_items: dict[str, Any] = {}

    def append(self, item: str, content: Any) -> None:
        self.finished_items[item] = content


def test_when_the_budget_is_spent_what_is_done_is_kept_and_the_next_run_goes_on(run: Any, small_world: Any) -> None:
    asked: list[str] = []

    async def poor(study: Study) -> StudyDrafts:
        asked.append(study.id)
        if len(asked) > 1:
            raise BudgetSpent("stopped")
        return drafted(study)

    async def rich(study: Study) -> StudyDrafts:
        asked.append(study.id)
        return drafted(study)

    found, extraction = run(poor, in_hand=1)
    first, *rest = small_world
    assert [one.study for one in found] == [first] and isinstance(extraction.stopped, BudgetSpent)
    assert len(asked) == 2, "a stop ends the asking"
    asked.clear()
    found, extraction = run(rich)
    assert [one.study for one in found] == [first, *rest] and asked == rest and extraction.stopped is None


def test_failed_parts_are_done_anew_when_asked_for(run: Any, small_world: Any) -> None:
    first, *_ = small_world
    asked: list[str] = []

    async def partly(study: Study) -> StudyDrafts:
        problems = (DraftProblem(f"{study.id}/draft/01", "500"),) if study.id == first else ()
        return StudyDrafts(drafted(study).configurations, problems, {"calls": 6})

    async def well_now(study: Study) -> StudyDrafts:
        asked.append(study.id)
        return drafted(study)

    with pytest.raises(UsageError, match="no earlier run"):
        run(well_now, again=True)
    found, _ = run(partly)
    assert found[0].parts == (DraftProblem(f"{first}/draft/01", "500"),) and found[0].usage == {"calls": 6}
    again, _ = run(well_now, again=True)
    assert asked == [first] and not any(one.parts for one in again) and len(again) == len(small_world)
    asked.clear()
    run(well_now, again=True)
    assert asked == []
