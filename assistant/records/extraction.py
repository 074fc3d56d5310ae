"""Extraction over many studies as a run: finished studies are read back from the journal, the others are done.

As many studies are in hand at once as keep the engine busy: an engine that waits for a chat model then has calls of
the next studies under way while the last answers about one are awaited.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.cmo import CmoConfiguration, DraftProblem
from assistant.domain.study import Study
from assistant.engines.protocol import Engine
from assistant.engines.waiting import in_order
from assistant.errors import RealistError, StoreError
from assistant.records.runs import Journal, open_run, run_key, take_up
from assistant.work.extracting import extract_study

if TYPE_CHECKING:
    from pydantic import TypeAdapter

KIND = "extract"


def extraction_run(
    runs: Path,
    engine: Engine,
    studies: Sequence[tuple[str, str]],
    *,
    sender: Mapping[str, Any] | None = None,
    fresh: bool = False,
    again: bool = False,
) -> Journal:
    """The unfinished extraction of just these studies by this engine, or a new one.

    Args:
        runs: Folder of all runs.
        engine: Who drafts.
        studies: Pairs of study id and hash of its stored text.
        sender: The chat model with its parameters; None where none is asked.
        fresh: Begin anew even if an unfinished run is there.
        again: Take the last run of these studies up again although it came to its end.

    Raises:
        UsageError: If ``again`` and there is no such run.
    """
    record = engine.drafting_record
    named = {"engine": record.name, "model": record.model, "prompt": record.prompt.hash if record.prompt else None}
    header = {**named, **({"sender": dict(sender)} if sender else {}), "studies": dict(studies)}
    key = run_key(kind=KIND, **header)
    return take_up(runs, KIND, key) if again else open_run(runs, KIND, key, header, fresh=fresh)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of one study."""

    study: str
    """Its id."""
    candidates: tuple[CmoConfiguration, ...] = ()
    """Each statement of a claim by itself; empty where it failed."""
    problem: str = ""
    """Why nothing came of it, and the remedy; empty when all is well."""
    parts: tuple[DraftProblem, ...] = ()
    """Parts of it that gave nothing usable."""
    usage: dict[str, int] | None = None
    """Tokens and calls spent on a chat model; None without one."""


@dataclass
class Extraction:
    """Extraction over many studies; what is finished is in the journal before it is given out."""

    journal: Journal
    """An open run."""
    engine: Engine
    """Who drafts."""
    load: Callable[[str], Study]
    """Gives a study by its id; a study that it can't give is named, and the others go on."""
    retry_failed: bool = False
    """Do studies anew of which a part failed, although they are in the journal."""
    stopped: RealistError | None = None
    """What put an end to it before its time: nothing that came after could have succeeded."""

    async def of(self, studies: Sequence[str]) -> AsyncGenerator[Extracted]:
        """Each study's candidates, in the order of ``studies``; a study that a stop left undone is passed over."""
        async with aclosing(in_order(studies, self._extracted, self.engine.in_hand)) as results:
            async for extracted in results:
                if extracted is not None:
                    yield extracted

    async def _extracted(self, name: str) -> Extracted | None:
        try:
            study = self.load(name)
        except StoreError as error:
            return Extracted(name, problem=str(error))
        if (done := self._finished(study)) is not None:
            return done
        if self.stopped:
            return None
        try:
            found = await extract_study(study, self.engine)
        except RealistError as error:
            self.stopped = self.stopped or error
            return None
        except Exception as error:
            return Extracted(name, problem=f"{type(error).__name__}: {error}")
        extracted = Extracted(name, found.candidates, "", found.problems, found.usage)
        self.journal.append(name, {"text_sha256": study.sha256, **_dump(extracted)})
        return extracted

    def _finished(self, study: Study) -> Extracted | None:
        done = self.journal.finished_items.get(study.id)
        if done is None or done["text_sha256"] != study.sha256 or (self.retry_failed and done.get("parts")):
            return None
        return _load(study.id, done)


@cache
def _candidates() -> TypeAdapter[tuple[CmoConfiguration, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[CmoConfiguration, ...])


def _dump(extracted: Extracted) -> dict[str, Any]:
    return {
        "candidates": _candidates().dump_python(extracted.candidates, mode="json"),
        "parts": [[part.item, part.reason] for part in extracted.parts],
        "usage": extracted.usage,
    }


def _load(study: str, item: Mapping[str, Any]) -> Extracted:
    parts = tuple(DraftProblem(name, reason) for name, reason in item.get("parts", ()))
    return Extracted(study, _candidates().validate_python(item["candidates"]), "", parts, item.get("usage"))
