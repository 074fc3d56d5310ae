"""Running tasks: samples chosen, predictions made, scores given; what fails is counted and named, the rest goes on."""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from assistant.engines.waiting import each_of, in_order
from assistant.errors import MissingExtra, RealistError, UsageError
from evals.suite import records
from evals.suite.corpora import World
from evals.suite.parts import ASKING, Item, Json, Sample, Score, Scorer, System, Task, Unscored, Waiting
from evals.suite.records import Header, Record, TaskHeader

TASKS = ("reading", "retrieval", "answering", "extraction", "grounding", "stability", "safety")
"""Every task, in the order of the tables."""
SPLITS = ("test", "dev")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be run."""

    tasks: tuple[str, ...] = TASKS
    """Names of tasks."""
    systems: tuple[str, ...] = ()
    """Names of systems; each task's own default if empty; ``all`` for all."""
    split: str = "test"
    """``test`` or ``dev``."""
    limit: int | None = None
    """Samples of each set at most, evenly drawn; all if None."""

    @property
    def json(self) -> Json:
        """For the record."""
        return {"tasks": list(self.tasks), "systems": list(self.systems), "split": self.split, "limit": self.limit}


Watch = Callable[[str, int, int], None]
"""Told of progress: what is at work, how many are done, of how many."""


def load_task(name: str) -> Task:
    """The task of ``evals/<name>/task.py``.

    Raises:
        UsageError: If there is none.
        MissingExtra: If a library that it needs is not installed.
    """
    if name not in TASKS:
        raise UsageError(f"There is no task called {name!r}", remedy=f"Tasks are {', '.join(TASKS)}.")
    task = importlib.import_module(f"evals.{name}.task").TASK
    assert isinstance(task, Task)
    missing = [library for library in task.extras if importlib.util.find_spec(library) is None]
    if missing:
        raise MissingExtra(f"The task {name} needs {', '.join(missing)}", extra="eval")
    return task


def chosen_systems(task: Task, names: Sequence[str]) -> tuple[str, ...]:
    """Those of ``names`` that a task has; its default if none is named; for ``all``, all that ask no chat model."""
    if not names:
        return (task.default,)
    return tuple(name for name in task.systems if name in names or ("all" in names and name not in ASKING))


def check_systems(tasks: Sequence[Task], names: Sequence[str]) -> None:
    """Checks that every system named is one of some task.

    Raises:
        UsageError: If one is not; names those there are.
    """
    known = dict.fromkeys(system for task in tasks for system in task.systems)
    for name in names:
        if name != "all" and name not in known:
            raise UsageError(f"There is no system called {name!r}", remedy=f"There are {', '.join(known)}, all.")


def samples_of(task: Task, world: World, split: str, limit: int | None) -> list[Sample]:
    """The samples of one split; with a limit, as many of each set, drawn evenly over kinds and order."""
    found = [sample for sample in task.samples(world) if sample.split == split]
    if limit is None:
        return found
    sets = dict.fromkeys(sample.set for sample in found)
    return [one for name in sets for one in _even([sample for sample in found if sample.set == name], limit)]


def _even(samples: Sequence[Sample], limit: int) -> list[Sample]:
    if len(samples) <= limit:
        return list(samples)
    return [samples[at * len(samples) // limit] for at in range(limit)]


def run_system(samples: Sequence[Sample], system: System, scorer: Scorer, watch: Callable[[int], None]) -> list[Item]:
    """Every sample put to a system and scored, in order."""
    items = []
    for number, (sample, made) in enumerate(zip(samples, _predictions(samples, system), strict=True), 1):
        score = Unscored(made.problem) if made.prediction is None else scorer(sample, made.prediction)
        items.append(_item(sample, score, made.prediction, made.seconds))
        watch(number)
    return items


class _Made(NamedTuple):
    """What came of putting a sample to a system."""

    prediction: Json | None
    seconds: float
    problem: str = ""

    @classmethod
    def failed(cls, error: RealistError) -> _Made:
        return cls(None, 0.0, f"{type(error).__name__}: {error}")


def _predictions(samples: Sequence[Sample], system: System) -> Iterator[_Made]:
    """In the order of the samples, though a system that waits has several in hand."""
    if isinstance(system, Waiting):
        return each_of(in_order(samples, partial(_awaited, system), system.in_hand))
    return map(partial(_predicted, system), samples)


def _predicted(system: System, sample: Sample) -> _Made:
    began = time.perf_counter()
    try:
        return _Made(system.predict(sample), time.perf_counter() - began)
    except RealistError as error:
        return _Made.failed(error)


async def _awaited(system: Waiting, sample: Sample) -> _Made:
    began = time.perf_counter()
    try:
        return _Made(await system.predicted(sample), time.perf_counter() - began)
    except RealistError as error:
        return _Made.failed(error)


def _item(sample: Sample, score: Score | Unscored, prediction: Json | None, seconds: float) -> Item:
    return Item(sample.id, sample.set, sample.cluster, sample.kind, sample.split, score, prediction, seconds)


def run(choice: Choice, world: World, watch: Watch = lambda name, done, total: None) -> Record:
    """Runs what was chosen.

    Raises:
        UsageError: If a task or system does not exist, or nothing was chosen that can be run.
        MissingExtra: If a library is not installed.
    """
    tasks = [load_task(name) for name in dict.fromkeys(choice.tasks)]
    check_systems(tasks, choice.systems)
    started, began = datetime.now(UTC), time.perf_counter()
    items: dict[tuple[str, str], tuple[Item, ...]] = {}
    headers: dict[str, TaskHeader] = {}
    for task in tasks:
        settings: dict[str, Json] = {}
        for name, found, used in _run_task(task, world, choice, watch):
            items[task.name, name] = found
            settings[name] = used
        if settings:
            headers[task.name] = TaskHeader(
                gold=records.gold_hashes(task.gold),
                texts={name: texts.hashes() for name, texts in world.texts.items()},
                settings=settings,
            )
    if not items:
        raise UsageError(
            f"Nothing to run: no task has a system called {' or '.join(choice.systems)}",
            remedy="Leave --system out, or name another task.",
        )
    header = Header(
        commit=records.commit(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - began, 1),
        options=choice.json,
        versions=records.versions(),
        machine=records.machine(),
        chat=world.asked().settings if any(name in ASKING for _, name in items) else {},
        tasks=headers,
    )
    return Record(header, items)


def _run_task(task: Task, world: World, choice: Choice, watch: Watch) -> Iterator[tuple[str, tuple[Item, ...], Json]]:
    systems = chosen_systems(task, choice.systems)
    if not systems:
        return
    samples = samples_of(task, world, choice.split, choice.limit)
    scorer = task.scorer(world)
    for name in systems:
        label = f"{task.name}, {name}"
        try:
            system = task.systems[name](world)
        except MissingExtra:
            if "all" not in choice.systems:
                raise
            watch(f"{label}: left out, its libraries are not installed", 0, len(samples))
            continue
        found = run_system(samples, system, scorer, lambda done, label=label: watch(label, done, len(samples)))  # type: ignore[misc]
        yield name, tuple(found), system.settings


def rescore(record: Record, world: World) -> Record:
    """The record's predictions scored by the scorers and gold of today; no system is asked anything.

    Items whose sample or text is not at hand, or whose prediction was not kept, become unscored and say why.
    """
    items: dict[tuple[str, str], tuple[Item, ...]] = {}
    for name in record.tasks:
        task = load_task(name)
        scorer = task.scorer(world)
        samples = {sample.id: sample for sample in task.samples(world)}
        for system in record.systems(name):
            items[name, system] = tuple(_rescored(item, samples, scorer) for item in record.of(name, system))
    tasks = {
        name: part.model_copy(update={"gold": records.gold_hashes(load_task(name).gold)})
        for name, part in record.header.tasks.items()
    }
    return Record(record.header.model_copy(update={"tasks": tasks}), items)


def _rescored(item: Item, samples: Mapping[str, Sample], scorer: Scorer) -> Item:
    if item.prediction is None:
        reason = item.score.reason if isinstance(item.score, Unscored) else "the record keeps no prediction"
        return replace(item, score=Unscored(reason))
    if item.id not in samples:
        return replace(item, score=Unscored("no such sample now; give --studies where it is about the studies"))
    return replace(item, score=scorer(samples[item.id], item.prediction))
