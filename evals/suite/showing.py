"""Finding an item in a record, and what its task would show of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from assistant.errors import UsageError
from evals.suite.corpora import World
from evals.suite.facing import Facing
from evals.suite.parts import Item
from evals.suite.records import Record
from evals.suite.runs import load_task


def shown_items(record: Record, name: str, world: World) -> Iterator[tuple[Item, Facing]]:
    """Every item called ``name``, of each task and system, with gold and prediction face to face.

    Args:
        record: A run.
        name: An item's id, or its end: ``dev-001``.
        world: The texts, which a record does not hold.

    Raises:
        UsageError: If there is no such item, its prediction was not kept, or its texts are not at hand.
    """
    found = [
        (task, item)
        for (task, _), items in record.items.items()
        for item in items
        if item.id == name or item.id.endswith(f"/{name}")
    ]
    if not found:
        ids = [item.id for items in record.items.values() for item in items]
        near = difflib.get_close_matches(name, ids, 3, 0.4) or ids[:3]
        raise UsageError(f"The record has no item {name!r}", remedy=f"It has, for instance, {', '.join(near)}.")
    for task, item in found:
        yield item, _facing(task, item, world)


def _facing(name: str, item: Item, world: World) -> Facing:
    task = load_task(name)
    if item.prediction is None:
        raise UsageError(f"The record keeps no prediction of {item.id}", remedy="Show a record of your own run.")
    sample = next((one for one in task.samples(world) if one.id == item.id), None)
    if sample is None:
        raise UsageError(f"The text of {item.id} is not at hand", remedy="Name its folder with --studies.")
    return task.facing(world, sample, item.prediction)
