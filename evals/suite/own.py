"""The user's own coded studies: from a folder of files, or from the project that they were ingested into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain.study import Study, slug
from assistant.errors import UsageError
from assistant.readers.registry import read_study
from evals.extraction.evaluate import codings_in

if TYPE_CHECKING:
    from assistant.store.store import Store


def coded_studies(gold: Path, studies: Path | None, store: Store | None) -> dict[str, Study]:
    """The studies that the codings in a folder are about, by id.

    Args:
        gold: Folder of codings, ``STUDY.CODER.jsonl``.
        studies: Folder of the studies' files; their stems, slugged, are the ids.
        store: Where the project's studies are; used where ``studies`` is None.

    Raises:
        UsageError: If there is no coding, or none of the studies is at hand.
    """
    try:
        names = list(codings_in(gold)) if gold.is_dir() else []
    except ValueError as error:
        raise UsageError(str(error), remedy="Bring codings of your own into this form: realist gold.") from error
    if not names:
        raise UsageError(
            f"{gold} holds no coding", remedy="Make some from your own coding: realist gold FILE --out DIR"
        )
    found = _of_folder(studies, names) if studies is not None else _of_store(store, names)
    if not found:
        raise UsageError(
            f"None of the coded studies ({', '.join(names[:3])}) is at hand",
            remedy="Name their folder with --studies, or ingest them into the project.",
        )
    return found


def _of_folder(folder: Path, names: list[str]) -> dict[str, Study]:
    files = {slug(path.stem): path for path in sorted(folder.rglob("*.*")) if path.is_file()}
    return {name: read_study(files[name]) for name in names if name in files}


def _of_store(store: Store | None, names: list[str]) -> dict[str, Study]:
    if store is None:
        return {}
    known = {entry.id for entry in store.studies()}
    return {name: store.study(name) for name in names if name in known}
