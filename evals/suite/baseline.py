"""``python -m evals.suite.baseline [TASK…] --studies DIR``: measures every system and writes the committed baselines.

A baseline keeps every score of the system that ships, so that later runs are compared with it item by item, and of
the other systems the few values that they are set beside it in. It keeps no prediction and no word of a text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.settings.environment import cache_folder, studies_folder
from evals.suite.corpora import World
from evals.suite.parts import ASKING, Item, Score, Task
from evals.suite.records import Record, write_record
from evals.suite.runs import TASKS, Choice, load_task, run


def baseline_of(record: Record, task: Task) -> Record:
    """What is committed of a run of one task."""
    shown = {name for metric in task.metrics if metric.name in task.columns for name in (metric.part, metric.whole)}
    all_values = {name for metric in task.metrics for name in (metric.part, metric.whole)}
    bare = record.scores_only()
    items = {
        (name, system): tuple(_kept(item, all_values if system == task.default else shown) for item in found)
        for (name, system), found in bare.items.items()
    }
    return Record(bare.header, items)


def _kept(item: Item, names: set[str | None]) -> Item:
    if not isinstance(item.score, Score):
        return item
    values = {name: value for name, value in item.score.values.items() if name in names}
    return replace(item, score=Score(values, item.score.reason))


def main(arguments: Sequence[str]) -> int:
    """Writes the baselines of the tasks named, or of all."""
    parser = argparse.ArgumentParser(prog="python -m evals.suite.baseline", description=__doc__.partition("\n")[0])
    parser.add_argument("tasks", nargs="*", default=TASKS)
    parser.add_argument("--studies", type=Path, default=studies_folder(), help="folder of the studies and articles")
    chosen = parser.parse_args(arguments)
    world = World.at_hand(chosen.studies, cache_folder())
    for name in chosen.tasks:
        task = load_task(name)
        record = run(Choice((name,), ("all",)), world)
        missing = set(task.systems) - ASKING - set(record.systems(name))
        write_record(task.baseline, baseline_of(record, task))
        left_out = f"; left out, not installed: {', '.join(sorted(missing))}" if missing else ""
        print(f"{task.baseline}: {record.header.seconds:.0f} s{left_out}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
