"""What an evaluation is made of, each part by itself: sample, system, score, scorer, task.

A system makes a prediction for a sample; a scorer turns the two into a score with its reason; metrics
(`evals.suite.metrics`) turn many scores into a number. Scorers know no system and metrics know no sample, so that
a recorded prediction can be scored again without the system that made it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from evals.suite.corpora import World
    from evals.suite.facing import Facing
    from evals.suite.metrics import Metric

Json = dict[str, Any]
"""What a system predicts: nothing but what a JSON file can hold."""

EVALS = Path(__file__).parents[1]
"""Where the tasks' folders lie."""
ASKING = frozenset({"model", "cascade"})
"""Names of systems that ask a chat model; they run where they are named, and not for ``all``, because they may cost."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to be predicted, and what is right."""

    id: str
    """Unique in its task, the set first: ``digests/dev-001``."""
    set: str
    """The texts that it is about: ``digests``, ``studies``, …"""
    cluster: str
    """The study that it is about: what intervals resample. Its own id where it is about none."""
    input: Any
    """What the system is given."""
    gold: Any
    """What only the scorer sees."""
    kind: str = ""
    """For rows of their own: ``factoid``, ``altered``, …"""
    split: str = "test"
    """``dev`` where something was fitted on it, else ``test``."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a prediction is worth, by name; what is undefined for the sample is left out or NaN."""

    values: Mapping[str, float]
    """Shares, counts, or 1 and 0."""
    reason: str
    """In words, for whoever looks at the record."""

    def get(self, name: str) -> float:
        """The value called ``name``; NaN where it is undefined."""
        return self.values.get(name, math.nan)


@dataclass(frozen=True, slots=True)
class Unscored:
    """No score, which is not a wrong prediction: it counts in no metric, and is counted and named."""

    reason: str
    """What stood in the way."""


@dataclass(frozen=True, slots=True)
class Item:
    """A sample as it went: told by its id, with prediction and score."""

    id: str
    """Of the sample."""
    set: str
    """Of the sample."""
    cluster: str
    """Of the sample."""
    kind: str
    """Of the sample."""
    split: str
    """Of the sample."""
    score: Score | Unscored
    """What the prediction is worth."""
    prediction: Json | None = None
    """What the system said; None where it failed, or where only scores are kept."""
    seconds: float = 0.0
    """Wall time of the prediction."""


class System(Protocol):
    """What is measured."""

    @property
    def settings(self) -> Json:
        """What it was run with: versions, weights, sizes; goes into the record."""

    def predict(self, sample: Sample) -> Json:
        """The prediction for a sample; sees nothing of its gold."""


@runtime_checkable
class Waiting(System, Protocol):
    """A system that may wait more than it works, so that several samples are put to it at once."""

    @property
    def in_hand(self) -> int:
        """How many keep it busy."""

    async def predicted(self, sample: Sample) -> Json:
        """The same as ``predict``, awaited."""


Scorer = Callable[[Sample, Json], Score | Unscored]
"""A sample and a prediction for it to a score. Pure: the same two give the same score."""


@dataclass(frozen=True)
class Task:
    """Samples, the systems that can be put to them, and how they are scored."""

    name: str
    """Of its folder under ``evals/``, which holds its card, its gold and its committed baseline."""
    summary: str
    """One line."""
    samples: Callable[[World], Iterable[Sample]]
    """Everything that can be asked of the texts at hand."""
    systems: Mapping[str, Callable[[World], System]]
    """By name; the first is the tool as it ships."""
    scorer: Callable[[World], Scorer]
    """The scorer, which may look into the texts."""
    metrics: tuple[Metric, ...]
    """The rows of its table; the first is the main score."""
    gold: tuple[Path, ...]
    """Files and folders whose hashes go into the record."""
    facing: Callable[[World, Sample, Json], Facing]
    """Gold and prediction for the eye."""
    columns: tuple[str, ...]
    """Names of the few metrics in which systems are set beside one another."""
    extras: tuple[str, ...] = ()
    """Libraries beyond the tool's own that it needs."""

    @property
    def default(self) -> str:
        """Name of the system that ships."""
        return next(iter(self.systems))

    @property
    def baseline(self) -> Path:
        """The committed record that a run is compared with."""
        return EVALS / self.name / "baseline.jsonl"


def scored(items: Iterable[Item]) -> list[tuple[Item, Score]]:
    """The items that have a score, with it."""
    return [(item, item.score) for item in items if isinstance(item.score, Score)]
