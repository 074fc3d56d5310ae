"""What a chat model as judge thought of answers, as numbers. Pure; who asks it is `evals.answering.judging`.

A *reading* is one look of the judge at one answer: for each point the answer's words that make it, empty where none
do; or the problem that stood in the way. Every answer is read several times, because a judge does not always agree
with itself: the range over the readings says how far it doesn't.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.suite.metrics import Interval, Metric, interval
from evals.suite.parts import Item, Json, scored
from evals.suite.records import Record

TASK = "answering"
"""The one task whose answers are judged."""
_MEAN = Metric("answer points, judged", "judged")


def readings_on(prediction: Json, points: Sequence[str]) -> list[Json]:
    """The readings beside a prediction; failed ones where they are about other points than the gold has now."""
    judged = prediction.get("judged", {"points": [], "readings": []})
    if list(points) == judged["points"]:
        return list(judged["readings"])
    return [{"problem": "the points are others now"} for _ in judged["readings"]]


def judged_values(readings: Sequence[Json]) -> dict[str, float]:
    """Share of the points that each reading found said, and their mean; NaN for a reading that failed, and of it."""
    shares = [_share(reading) for reading in readings]
    if not shares:
        return {}
    numbered = {_name(number): share for number, share in enumerate(shares, 1)}
    return {_MEAN.part: sum(shares) / len(shares), **numbered}


def _share(reading: Json) -> float:
    said = reading.get("said")
    return sum(map(bool, said)) / len(said) if said else math.nan


def _name(number: int) -> str:
    return f"{_MEAN.part} {number}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge thought of one system's answers over one set; answers with a failed reading are left out."""

    system: str
    set: str
    mean: Interval
    """Share of the points said, over answers and readings, with its interval over studies."""
    readings: tuple[float, ...]
    """The same of each reading."""
    answers: int
    """How many were judged."""
    unscored: int
    """How many were not, because a reading of them failed."""

    @property
    def lowest(self) -> float:
        """Of the readings."""
        return min(self.readings)

    @property
    def highest(self) -> float:
        """Of the readings."""
        return max(self.readings)


def judgements(record: Record) -> Iterator[Judgement]:
    """Every system and set of a record whose answers were judged."""
    for system in record.systems(TASK):
        judged = [(item, score.values) for item, score in scored(record.of(TASK, system)) if _name(1) in score.values]
        for name in dict.fromkeys(item.set for item, _ in judged):
            items = [item for item, _ in judged if item.set == name]
            yield _judgement(system, name, items)


def _judgement(system: str, name: str, items: Sequence[Item]) -> Judgement:
    whole = [item for item, score in scored(items) if not math.isnan(score.get(_MEAN.part))]
    repeats = max(sum(key.startswith(f"{_MEAN.part} ") for key in score.values) for _, score in scored(items))
    return Judgement(
        system=system,
        set=name,
        mean=interval(_MEAN, whole),
        readings=tuple(Metric("", _name(number)).value(whole) for number in range(1, repeats + 1)),
        answers=len(whole),
        unscored=len(items) - len(whole),
    )
