"""Extraction over many studies as a run: finished studies are read back from the journal, the others are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.cmo import CmoConfiguration
from assistant.domain.study import Study
from assistant.engines.protocol import Engine
from assistant.errors import StoreError
from assistant.records.runs import Journal, open_run, run_key
from assistant.work.extracting import extract_study

if TYPE_CHECKING:
    from pydantic import TypeAdapter

KIND = "extract"


def extraction_run(runs: Path, engine: Engine, studies: Sequence[tuple[str, str]], *, fresh: bool = False) -> Journal:
    """The unfinished extraction of just these studies by this engine, or a new one.

    Args:
        runs: Folder of all runs.
        engine: Who drafts.
        studies: Pairs of study id and hash of its stored text.
        fresh: Begin anew even if an unfinished run is there.
    """
    record = engine.record
    named = {"engine": record.name, "model": record.model, "prompt": record.prompt.hash if record.prompt else None}
    header = {**named, "studies": dict(studies)}
    return open_run(runs, KIND, run_key(kind=KIND, **header), header, fresh=fresh)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of one study."""

    study: str
    """Its id."""
    candidates: tuple[CmoConfiguration, ...]
    """In the order of its text; empty where it failed."""
    problem: str = ""
    """Why it could not be read from the store, and the remedy; empty when all is well."""


def extract(
    journal: Journal, engine: Engine, studies: Iterable[str], load: Callable[[str], Study]
) -> Iterator[Extracted]:
    """Each study's candidates, from the journal where they are there, else drafted and journalled first.

    Args:
        journal: An open run.
        engine: Who drafts.
        studies: Ids.
        load: Gives a study by its id; a study that it can't give is named, and the others go on.
    """
    for name in studies:
        try:
            study = load(name)
        except StoreError as error:
            yield Extracted(name, (), str(error))
            continue
        done = journal.finished_items.get(name)
        if done is None or done["text_sha256"] != study.sha256:
            candidates = extract_study(study, engine)
            journal.append(name, {"text_sha256": study.sha256, "candidates": _dump(candidates)})
        else:
            candidates = _load(done["candidates"])
        yield Extracted(name, candidates)


@cache
def _adapter() -> TypeAdapter[tuple[CmoConfiguration, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[CmoConfiguration, ...])


def _dump(candidates: tuple[CmoConfiguration, ...]) -> Any:
    return _adapter().dump_python(candidates, mode="json")


def _load(candidates: Any) -> tuple[CmoConfiguration, ...]:
    return _adapter().validate_python(candidates)
