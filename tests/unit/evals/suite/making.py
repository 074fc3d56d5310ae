"""Items and a small task to test the suite with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from assistant.errors import ReadingError
from evals.suite.facing import Excerpt, Facing
from evals.suite.metrics import Metric
from evals.suite.parts import Item, Json, Sample, Score, Scorer, System, Task, Unscored


def item(id: str, cluster: str = "a", kind: str = "", set: str = "digests", **values: float) -> Item:
    return Item(id, set, cluster, kind, "test", Score(values, "worked by hand"), {"said": id})


def unscored(id: str, cluster: str = "a", set: str = "digests") -> Item:
    return Item(id, set, cluster, "", "test", Unscored("no text"))


class Doubling:
    """Says twice the number; can't read 13."""

    settings: Json = {"times": 2}  # noqa: RUF012

    def predict(self, sample: Sample) -> Json:
        if sample.input == 13:
            raise ReadingError("thirteen can't be read")
        return {"said": 2 * sample.input}


class Constant(Doubling):
    def predict(self, sample: Sample) -> Json:
        return {"said": 4}


def samples(world: Any) -> Iterator[Sample]:
    for number in (1, 2, 13):
        yield Sample(f"digests/{number}", "digests", str(number), number, 2 * number)
    yield Sample("digests/9", "digests", "9", 9, 18, split="dev")


def scorer(world: Any) -> Scorer:
    def score(sample: Sample, prediction: Json) -> Score | Unscored:
        right = prediction["said"] == sample.gold
        return Score({"right": float(right), "undefined": math.nan}, "right" if right else "wrong")

    return score


def facing(world: Any, sample: Sample, prediction: Json) -> Facing:
    return Facing("twice?", ((Excerpt(str(sample.gold)), Excerpt(str(prediction["said"]))),))


def _made(system: type[Doubling]) -> Any:
    def make(world: Any) -> System:
        return system()

    return make


TASK = Task(
    name="safety",
    summary="doubling",
    samples=samples,
    systems={"doubling": _made(Doubling), "constant": _made(Constant)},
    scorer=scorer,
    metrics=(Metric("right", "right"), Metric("undefined", "undefined")),
    gold=(),
    facing=facing,
    columns=("right",),
)
