"""A record summed up: each metric over each set, beside the committed baseline."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evals.answering.judgements import Judgement, judgements
from evals.suite.gates import Gate, Measured, Verdict, verdicts
from evals.suite.metrics import Interval, Metric, change, interval
from evals.suite.parts import Item, Task, Unscored
from evals.suite.records import Record, read_record
from evals.suite.runs import load_task


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric of one system over one set."""

    value: Interval
    """As measured, or as committed."""
    count: int
    """Items that bear on it."""
    change: Interval | None = None
    """Against the committed baseline, over the items in both; None where that has none of them."""


@dataclass(frozen=True)
class Table:
    """All metrics of a task over one set: a row a metric, a column a system."""

    task: Task
    set: str
    run: tuple[str, ...]
    """Systems that were run."""
    committed: tuple[str, ...]
    """Systems that were not run now, and stand as committed."""
    rows: Mapping[str, Mapping[str, Cell]]
    """By metric, by system; metrics that are defined nowhere are left out."""
    samples: int
    """Items of the set."""
    clusters: int
    """Studies that they are about."""
    unscored: Mapping[str, int]
    """Why items have no score, and how many, over the systems run."""
    regraded: bool = False
    """Whether the gold is no longer the one that the baseline was scored with."""

    @property
    def systems(self) -> tuple[str, ...]:
        """Those run, then those as committed."""
        return (*self.run, *self.committed)

    def metric(self, name: str) -> Metric:
        """The metric of a row."""
        return next(metric for metric in self.task.metrics if metric.name == name)

    def measured(self) -> dict[str, Measured]:
        """What the gates are held against: the system that ships."""
        return {name: self._measured(name, row[self.task.default]) for name, row in self.rows.items()}

    def _measured(self, name: str, cell: Cell) -> Measured:
        if cell.change is None:
            return Measured(cell.value.value)
        return Measured(cell.value.value, cell.change.value if self.metric(name).falling else -cell.change.value)


@dataclass(frozen=True)
class Results:
    """What a run came to."""

    record: Record
    tables: tuple[Table, ...]
    """By task and set."""
    verdicts: tuple[Verdict, ...]
    """Gates of what was run; none where samples were left out."""
    gated: bool
    """Whether gates were applied at all."""

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What a chat model as judge thought of answers, which no gate sees; none where it was not asked."""
        return tuple(judgements(self.record))

    @property
    def passed(self) -> bool:
        """Whether no gate failed."""
        return all(verdict.holds for verdict in self.verdicts)


def committed(task: Task) -> Record | None:
    """The task's committed baseline; None where there is none yet."""
    return read_record(task.baseline) if task.baseline.is_file() else None


def summed_up(record: Record, gates: Sequence[Gate], baselines: Callable[[Task], Record | None] = committed) -> Results:
    """Tables and verdicts of a record.

    Args:
        record: A run.
        gates: Applied to the systems that ship, where no limit was set.
        baselines: What stands beside each task; None where nothing does.
    """
    tasks = [load_task(name) for name in record.tasks]
    tables = tuple(table for task in tasks for table in _tables(task, record, baselines(task)))
    gated = record.header.options.get("limit") is None and record.header.options.get("split", "test") == "test"
    measured = {(table.task.name, table.set): table.measured() for table in tables if table.task.default in table.run}
    return Results(record, tables, verdicts(gates, measured) if gated else (), gated)


def _tables(task: Task, record: Record, baseline: Record | None) -> Iterator[Table]:
    run = record.systems(task.name)
    sets = dict.fromkeys(item.set for name in run for item in record.of(task.name, name))
    others = tuple(name for name in baseline.systems(task.name) if name not in run) if baseline else ()
    for name in sets:
        yield _table(task, name, record, baseline, run, others)


def _table(
    task: Task, name: str, record: Record, baseline: Record | None, run: Sequence[str], others: Sequence[str]
) -> Table:
    now = {system: _within(record, task, system, name) for system in run}
    then = {system: _within(baseline, task, system, name) for system in (*run, *others)} if baseline else {}
    rows = {
        metric.name: {
            **{system: _cell(metric, items, then.get(system, [])) for system, items in now.items()},
            **{system: _cell(metric, then[system], []) for system in others if then[system]},
        }
        for metric in task.metrics
    }
    items = [item for found in now.values() for item in found]
    reasons = [item.score.reason for item in items if isinstance(item.score, Unscored)]
    return Table(
        task=task,
        set=name,
        run=tuple(run),
        committed=tuple(system for system in others if then[system]),
        rows={metric: row for metric, row in rows.items() if any(cell.count for cell in row.values())},
        samples=len({item.id for item in items}),
        clusters=len({item.cluster for item in items}),
        unscored={reason: reasons.count(reason) for reason in dict.fromkeys(reasons)},
        regraded=baseline is not None and _gold(record, task) != _gold(baseline, task),
    )


def _gold(record: Record, task: Task) -> dict[str, str]:
    part = record.header.tasks.get(task.name)
    return part.gold if part else {}


def _within(record: Record | None, task: Task, system: str, name: str) -> list[Item]:
    return [item for item in record.of(task.name, system) if item.set == name] if record else []


def _cell(metric: Metric, items: Sequence[Item], before: Sequence[Item]) -> Cell:
    count = len(metric.terms(items))
    moved = change(metric, before, items) if count and before else None
    return Cell(interval(metric, items), count, None if moved is None or math.isnan(moved.value) else moved)


class Comparison(NamedTuple):
    """One metric in two records, over the items that both scored."""

    task: str
    set: str
    system: str
    metric: Metric
    first: Interval
    second: Interval
    change: Interval
    """From the first to the second, by the paired bootstrap."""

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, or ``no difference`` where the interval of the change holds 0 or has no bounds."""
        low, high = self.change.low, self.change.high
        if math.isnan(low) or low <= 0 <= high:
            return "no difference"
        return "better" if (low > 0) is not self.metric.falling else "worse"


def compared(first: Record, second: Record) -> Iterator[Comparison]:
    """Every metric that two records share.

    Values and change are over the items that both scored. Where the two records share no system of a task, but
    hold one each, those two are compared.
    """
    for name in (task for task in first.tasks if task in second.tasks):
        task = load_task(name)
        for left, right in _pairs(first.systems(name), second.systems(name)):
            before, after = first.of(name, left), second.of(name, right)
            for one in dict.fromkeys(item.set for item in before):
                yield from _compared(task, one, left, right, before, after)


def _pairs(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    same = [(name, name) for name in left if name in right]
    return same or ([(left[0], right[0])] if len(left) == len(right) == 1 else [])


def _compared(
    task: Task, name: str, left: str, right: str, before: Sequence[Item], after: Sequence[Item]
) -> Iterator[Comparison]:
    ids = {item.id for item in before if item.set == name and not isinstance(item.score, Unscored)}
    ids &= {item.id for item in after if not isinstance(item.score, Unscored)}
    old, new = ([item for item in items if item.id in ids] for items in (before, after))
    label = left if left == right else f"{left} → {right}"
    for metric in task.metrics:
        if metric.terms(old) and metric.terms(new):
            values = interval(metric, old), interval(metric, new)
            yield Comparison(task.name, name, label, metric, *values, change(metric, old, new))
