"""Records of runs: JSON lines, a header and then an item a line, so that nothing need be run twice to be scored anew.

A committed baseline is such a record without its predictions: scores only, no word of any text.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import math
import os
import platform
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import __version__
from assistant.errors import UsageError
from assistant.settings.environment import cache_folder
from evals.suite.parts import EVALS, Item, Json, Score, Unscored

_PACKAGES = (
    "chromadb", "ir_measures", "krippendorff", "langchain", "numpy", "onnxruntime", "pydantic", "scipy", "tokenizers"
)  # fmt: skip
_DIGITS = 6


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TaskHeader(_Strict):
    """What one task of a run was run on."""

    gold: dict[str, str] = Field(default_factory=dict)
    """sha256 by file, relative to ``evals/`` or named by the user."""
    texts: dict[str, dict[str, str]] = Field(default_factory=dict)
    """sha256 of each study's file, by set and study."""
    settings: dict[str, Json] = Field(default_factory=dict)
    """By system: versions, weights, prompts and their hashes."""
    judge: Json = Field(default_factory=dict)
    """The chat model that judged, its prompts and their hashes, and how often it read; empty where none did."""


class Header(_Strict):
    """What a run was."""

    record: Literal[1] = 1
    """Version of this format."""
    commit: str = ""
    """Of the checkout, with ``+`` after it where files differed from it; empty outside one."""
    started: str = ""
    """ISO time, UTC."""
    seconds: float = 0.0
    """Wall time of the run."""
    options: Json = Field(default_factory=dict)
    """As typed: tasks, systems, split, limit."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Of the tool, Python and the libraries that bear on numbers."""
    machine: str = ""
    """Architecture and cores."""
    chat: Json = Field(default_factory=dict)
    """The chat model that systems asked, with its parameters and the hashes of the prompts; empty where none did."""
    tasks: dict[str, TaskHeader] = Field(default_factory=dict)
    """By task."""


class _Line(_Strict):
    """An item as it is written."""

    task: str
    system: str
    id: str
    set: str
    cluster: str
    kind: str = ""
    split: str = "test"
    values: dict[str, float | None] | None = None
    reason: str = ""
    prediction: Json | None = None
    seconds: float = 0.0


_Read = TypeVar("_Read", bound=_Strict)


@dataclass(frozen=True)
class Record:
    """A run: its header, and the items of each task and system."""

    header: Header
    """What it was."""
    items: Mapping[tuple[str, str], tuple[Item, ...]] = field(default_factory=dict)
    """By task and system."""

    def of(self, task: str, system: str) -> tuple[Item, ...]:
        """The items of one task and system; none where it was not run."""
        return self.items.get((task, system), ())

    def systems(self, task: str) -> tuple[str, ...]:
        """The systems that were put to a task."""
        return tuple(system for name, system in self.items if name == task)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that were run."""
        return tuple(dict.fromkeys(task for task, _ in self.items))

    @property
    def scored(self) -> bool:
        """Whether any item has a score."""
        return any(isinstance(item.score, Score) for items in self.items.values() for item in items)

    def scores_only(self) -> Record:
        """The same without predictions, reasons and times: what is committed."""
        return Record(
            self.header,
            {key: tuple(_bare(item) for item in items) for key, items in self.items.items()},
        )


def _bare(item: Item) -> Item:
    score = replace(item.score, reason="") if isinstance(item.score, Score) else item.score
    return replace(item, score=score, prediction=None, seconds=0.0)


def write_record(file: Path, record: Record) -> None:
    """Writes a record."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [_dumped(record.header.model_dump()), *(_dumped(line) for line in _lines(record))]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def default_file(record: Record) -> Path:
    """Where a run is kept unless the user names a file: in the cache, by its time."""
    name = record.header.started.replace(":", "").replace("-", "")[:15] or "rescored"
    return cache_folder() / "evals" / "records" / f"{name}.jsonl"


def _lines(record: Record) -> Iterator[dict[str, Any]]:
    for (task, system), items in record.items.items():
        for item in items:
            values = None
            if isinstance(item.score, Score):
                values = {name: _plain(value) for name, value in item.score.values.items()}
            line = _Line(
                task=task,
                system=system,
                id=item.id,
                set=item.set,
                cluster=item.cluster,
                kind=item.kind,
                split=item.split,
                values=values,
                reason=item.score.reason,
                prediction=item.prediction,
                seconds=round(item.seconds, 4),
            )
            yield line.model_dump(exclude_defaults=True)


def _plain(value: float) -> float | None:
    """JSON has no NaN: undefined values are null."""
    return None if math.isnan(value) else round(value, _DIGITS)


def _dumped(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_record(file: Path) -> Record:
    """Reads a record.

    Raises:
        UsageError: If it can't be read, or a line is not as it should be; names the line.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read: {error}", remedy="Name a record of `realist eval`.") from error
    header = _checked(Header, file, 1, lines[0] if lines else "")
    items: dict[tuple[str, str], list[Item]] = {}
    for number, text in enumerate(lines[1:], 2):
        line = _checked(_Line, file, number, text)
        items.setdefault((line.task, line.system), []).append(_item(line))
    return Record(header, {key: tuple(found) for key, found in items.items()})


def _checked(model: type[_Read], file: Path, number: int, text: str) -> _Read:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        remedy = "Name a file that `realist eval` wrote."
        raise UsageError(f"{file}:{number} is no record: {problem}", remedy=remedy) from error


def _item(line: _Line) -> Item:
    score: Score | Unscored = Unscored(line.reason)
    if line.values is not None:
        values = {name: math.nan if value is None else value for name, value in line.values.items()}
        score = Score(values, line.reason)
    return Item(line.id, line.set, line.cluster, line.kind, line.split, score, line.prediction, line.seconds)


def gold_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """sha256 of files and of all files in folders, by their path below ``evals/``, or by name elsewhere."""
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.*")))]
    return {
        file.relative_to(EVALS).as_posix() if file.is_relative_to(EVALS) else file.name: hashlib.sha256(
            file.read_bytes()
        ).hexdigest()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    }


def commit() -> str:
    """The commit of the checkout that this file lies in, ``+`` after it where it was changed; empty outside one."""
    try:
        head = _git("rev-parse", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    line = ["git", "-C", str(EVALS), *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()


def versions() -> dict[str, str]:
    """Of the tool, Python and the libraries that bear on numbers; those not installed are left out."""
    found = {"realist": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """Architecture and number of cores."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
