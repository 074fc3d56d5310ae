"""Extraction over many studies as a run: finished studies are read back from the journal, the others are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.cmo import CmoConfiguration
from assistant.domain.study import Study
from assistant.engines.protocol import Engine
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


def extract(
    journal: Journal, engine: Engine, studies: Iterator[Study]
) -> Iterator[tuple[Study, tuple[CmoConfiguration, ...]]]:
    """Each study with its candidates, from the journal where they are there, else drafted and journalled first."""
    for study in studies:
        done = journal.finished_items.get(study.id)
        if done is None or done["text_sha256"] != study.sha256:
            candidates = extract_study(study, engine)
            content = {"text_sha256": study.sha256, "candidates": _dump(candidates)}
            journal.append(study.id, content)
        else:
            candidates = _load(done["candidates"])
        yield study, candidates


@cache
def _adapter() -> TypeAdapter[tuple[CmoConfiguration, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[CmoConfiguration, ...])


def _dump(candidates: tuple[CmoConfiguration, ...]) -> Any:
    return _adapter().dump_python(candidates, mode="json")


def _load(candidates: Any) -> tuple[CmoConfiguration, ...]:
    return _adapter().validate_python(candidates)
