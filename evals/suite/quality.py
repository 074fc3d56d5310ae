"""The quality table of the README: the committed baselines, a row a system, nothing measured anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.suite.parts import Task
from evals.suite.records import Record
from evals.suite.results import Table, committed, summed_up
from evals.suite.runs import TASKS, load_task
from evals.suite.views import with_interval

NOTHING = "No baseline is committed yet; `make baselines` measures and writes it."


def quality(tasks: Sequence[str] = TASKS) -> str:
    """Markdown: a table for each task and set that has a committed baseline, in the order of the tasks."""
    found = [(task, record) for task in map(load_task, tasks) if (record := committed(task)) is not None]
    if not found:
        return NOTHING + "\n"
    parts = [line for task, record in found for line in _of_task(task, record)]
    commits = {record.header.commit.rstrip("+")[:10] for _, record in found}
    made = f"From the committed records (`evals/*/baseline.jsonl`), measured at {', '.join(sorted(commits))}."
    return "\n".join([*parts, f"{made} Means with 95 % intervals over studies; the test split.", ""])


def _of_task(task: Task, record: Record) -> Iterator[str]:
    for table in summed_up(record, (), lambda task: None).tables:
        names = [name for name in task.columns if name in table.rows]
        yield f"| {task.name}, {table.set} ({table.samples}) | {' | '.join(names)} |"
        yield f"|---|{'---|' * len(names)}"
        yield from (_row(table, system, names) for system in table.run)
        yield ""


def _row(table: Table, system: str, names: Sequence[str]) -> str:
    cells = [table.rows[name].get(system) for name in names]
    shown = [with_interval(cell.value) if cell and cell.count else "–" for cell in cells]
    name = f"**{system}**" if system == table.task.default else system
    return f"| {name} | {' | '.join(shown)} |"
