"""Journals of runs: what was done is written down once and never again, so that a killed run goes on.

A run is a folder with ``run.json`` (what was asked), ``journal.jsonl`` (one line a finished item, appended and
flushed to the disk) and, at the end, ``done.json``. A line that a kill cut short is dropped when the run is
opened again; its item is done anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import StoreLocked, UsageError
from assistant.files import write_whole
from assistant.records.lines import append_lines, drop_torn_line, read_lines, writing

JOURNAL = "journal.jsonl"
_HEADER, _DONE, _LOCK = "run.json", "done.json", "lock"


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run as it lies on the disk."""

    folder: Path
    """Its folder; the name begins with the time it started."""
    kind: str
    """``extract``, ``ask``, …"""
    key: str
    """Hash of all that decides the results; runs of one key are interchangeable."""
    started: str
    """ISO 8601, UTC."""
    done: bool
    """Whether it came to its end."""


class Journal:
    """An open run; a context manager that holds the run's lock."""

    def __init__(self, folder: Path, *, resumed: bool) -> None:
        self.folder = folder
        self.resumed = resumed
        self._lock = FileLock(folder / _LOCK, timeout=0)
        self._items: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Journal:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise StoreLocked(
                f"another process is at work on {self.folder.name}",
                remedy="Wait for it, or stop it; what it finished is kept.",
                path=self.folder,
            ) from error
        drop_torn_line(self.folder / JOURNAL)
        self._items = {item["item"]: item for item in read_lines(self.folder / JOURNAL)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    @property
    def finished_items(self) -> Mapping[str, dict[str, Any]]:
        """What is done, by item."""
        return self._items

    def append(self, item: str, content: Mapping[str, Any]) -> None:
        """Writes that ``item`` is done, with what came of it, and waits until the disk has it."""
        record = {"item": item, **content}
        append_lines(self.folder / JOURNAL, [record])
        self._items[item] = record

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Marks the run as ended."""
        with writing(self.folder):
            write_whole(self.folder / _DONE, json.dumps({"finished": _now(), **summary}, ensure_ascii=False) + "\n")


def open_run(runs: Path, kind: str, key: str, header: Mapping[str, Any], *, fresh: bool = False) -> Journal:
    """The unfinished run of this kind and key, or a new one.

    Args:
        runs: Folder of all runs.
        kind: What is done.
        key: From `run_key`.
        header: What to write about a new run, for people to read.
        fresh: Begin anew even if an unfinished run is there.

    Raises:
        StoreNotWritable: If a new run's folder can't be made.
    """
    if not fresh:
        for entry in reversed(list_runs(runs)):
            if entry.kind == kind and entry.key == key and not entry.done:
                return Journal(entry.folder, resumed=True)
    started = datetime.now(UTC)
    folder = runs / f"{started:%Y%m%dT%H%M%S.%f}Z-{kind}"
    with writing(runs):
        folder.mkdir(parents=True)
        record = {"kind": kind, "key": key, "started": started.isoformat(timespec="seconds"), **header}
        write_whole(folder / _HEADER, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return Journal(folder, resumed=False)


def take_up(runs: Path, kind: str, key: str) -> Journal:
    """The last run of this kind and key, at its end or not; from now on it is unfinished.

    Raises:
        UsageError: If there is none.
    """
    for entry in reversed(list_runs(runs)):
        if entry.kind == kind and entry.key == key:
            with writing(entry.folder):
                (entry.folder / _DONE).unlink(missing_ok=True)
            return Journal(entry.folder, resumed=True)
    raise UsageError("there is no earlier run of this to go on with", remedy="`realist logs` lists the runs.")


def list_runs(runs: Path) -> list[RunEntry]:
    """All runs, oldest first; a folder without a readable header (killed while it was made) is passed over."""
    entries = []
    for folder in sorted(runs.glob("*-*")):
        try:
            header = read_header(folder)
        except (OSError, ValueError):
            continue
        entries.append(RunEntry(folder, header["kind"], header["key"], header["started"], (folder / _DONE).exists()))
    return entries


def read_header(folder: Path) -> dict[str, Any]:
    """What was written about a run when it began.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is not whole.
    """
    header: dict[str, Any] = json.loads((folder / _HEADER).read_text("utf-8"))
    return header


def run_key(**parts: Any) -> str:
    """Sixteen hexadecimal digits that stand for all that decides a run's results."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
