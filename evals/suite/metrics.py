"""Metrics: from many scores to one number with its interval.

Every metric is one sum over another, which covers means over items and shares over counts, and lets the bootstrap
draw clusters instead of items: samples about one study are no independent evidence.

Source: cluster bootstrap after Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from evals.suite.parts import Item, scored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 2000
_LEVEL = (0.025, 0.975)


class Interval(NamedTuple):
    """A number with its 95 % percentile interval; NaN bounds where fewer than two clusters bear on it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Metric:
    """``sum(part) / sum(whole)`` over the scored items that have both.

    Without a ``whole`` it is the mean of ``part`` over the items that have one.
    """

    name: str
    """As the table shows it."""
    part: str
    """Name of a score's value."""
    whole: str | None = None
    """Name of another; None for a mean."""
    falling: bool = False
    """Whether lower is better."""
    kinds: frozenset[str] = frozenset()
    """Kinds of samples that it is about; all if empty."""

    def terms(self, items: Iterable[Item]) -> list[tuple[str, float, float]]:
        """Cluster, part and whole of every item that bears on it."""
        found = [
            (item.cluster, score.get(self.part), score.get(self.whole) if self.whole else 1.0)
            for item, score in scored(items)
            if not self.kinds or item.kind in self.kinds
        ]
        return [(cluster, part, whole) for cluster, part, whole in found if not math.isnan(part + whole)]

    def value(self, items: Iterable[Item]) -> float:
        """The number; NaN where nothing bears on it."""
        terms = self.terms(items)
        whole = sum(term[2] for term in terms)
        return sum(term[1] for term in terms) / whole if whole else math.nan


def interval(metric: Metric, items: Sequence[Item], *, resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """A metric with its interval: clusters drawn with replacement, as many as there are."""
    terms = metric.terms(items)
    names = sorted({cluster for cluster, _, _ in terms})
    sums = _sums(names, terms)
    return _interval(metric.value(items), [sums], len(names), resamples, seed)


def change(
    metric: Metric, before: Sequence[Item], after: Sequence[Item], *, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """``after`` less ``before`` over the items that both scored, clusters drawn for both alike.

    Positive is a rise of the number, which for a falling metric is a loss.
    """
    old, new = _shared(metric, before, after)
    names = sorted({cluster for cluster, _, _ in (*metric.terms(old), *metric.terms(new))})
    sums = [_sums(names, metric.terms(one)) for one in (new, old)]
    return _interval(metric.value(new) - metric.value(old), sums, len(names), resamples, seed)


def _shared(metric: Metric, before: Sequence[Item], after: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The items of each that the other scored too."""
    ids = {item.id for item, _ in scored(before)} & {item.id for item, _ in scored(after)}
    return [one for one in before if one.id in ids], [one for one in after if one.id in ids]


def _sums(names: Sequence[str], terms: Iterable[tuple[str, float, float]]) -> NDArray[np.float64]:
    """Part and whole of each cluster, (n_clusters, 2)."""
    import numpy as np

    sums = np.zeros((len(names), 2))
    places = {name: at for at, name in enumerate(names)}
    for cluster, part, whole in terms:
        sums[places[cluster]] += part, whole
    return sums


def _interval(value: float, sums: Sequence[NDArray[np.float64]], clusters: int, resamples: int, seed: int) -> Interval:
    """The interval of the first ratio, or of the first less the second; draws without any whole are left out."""
    import numpy as np

    if clusters < 2 or math.isnan(value):
        return Interval(value, math.nan, math.nan)
    draws = np.random.default_rng(seed).integers(0, clusters, (resamples, clusters))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = [one[draws].sum(axis=1) for one in sums]
        drawn = np.subtract.reduce([ratio[:, 0] / ratio[:, 1] for ratio in ratios])
    low, high = np.nanquantile(drawn, _LEVEL)
    return Interval(value, float(low), float(high))
