"""Fitting of the small linear models; the only module that needs scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.linear import LinearModel

Features = Mapping[str, float]

STRENGTH = 0.1
"""Inverse strength of the ridge penalty of a ranking; from 0.05 to 1 it moved no measure by more than noise."""
FIRM = 0.01
"""The same where yes or no is told: with less, silent questions near the subject are lost for those far from it."""


@dataclass(frozen=True, slots=True)
class RankedSet:
    """The items of one question, some of which are wanted."""

    features: Sequence[Features]
    """Of each item."""
    wanted: Sequence[bool]
    """Whether the item gives evidence."""
    weight: float = 1.0
    """Of the question."""


def fit_ranking(sets: Sequence[RankedSet], strength: float = STRENGTH) -> LinearModel:
    """Weights that put wanted items before others within a question.

    A logistic regression on features less their mean over the question's items; a question's wanted and its other items
    weigh the same.

    Args:
        sets: Questions with at least one wanted item; others are left out.
        strength: Inverse strength of the ridge penalty.
    """
    useful = [one for one in sets if any(one.wanted) and not all(one.wanted)]
    names = _names(features for one in useful for features in one.features)
    blocks, labels, weights = [], [], []
    for one in useful:
        block, wanted = _matrix(one.features, names), np.asarray(one.wanted, dtype=bool)
        blocks.append(block - block.mean(axis=0))
        labels.append(wanted)
        weights.append(one.weight * np.where(wanted, 1 / wanted.sum(), 1 / (~wanted).sum()))
    fitted = _logistic(np.vstack(blocks), np.hstack(labels), np.hstack(weights), names, strength)
    return LinearModel(bias=0.0, weights=fitted.weights)


def fit_yes_or_no(
    features: Sequence[Features], yes: Sequence[bool], weights: Sequence[float], strength: float = FIRM
) -> LinearModel:
    """A calibrated probability of yes, both answers weighing the same in all.

    Args:
        features: Of each item.
        yes: Its answer.
        weights: Its weight among items of its answer.
        strength: Inverse strength of the ridge penalty.
    """
    names = _names(features)
    labels, given = np.asarray(yes, dtype=bool), np.asarray(weights, dtype=float)
    totals = np.where(labels, given[labels].sum(), given[~labels].sum())
    return _logistic(_matrix(features, names), labels, given / totals * len(labels) / 2, names, strength)


def _names(features: object) -> list[str]:
    return sorted({name for one in features for name in one})  # type: ignore[attr-defined]


def _matrix(features: Sequence[Features], names: Sequence[str]) -> NDArray[np.float64]:
    return np.asarray([[one.get(name, 0.0) for name in names] for one in features], dtype=np.float64)


def _logistic(
    matrix: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64],
    names: Sequence[str],
    strength: float,
) -> LinearModel:
    """Fits on standardised features and writes the weights back in the features' own units."""
    from sklearn.linear_model import LogisticRegression

    centre, spread = matrix.mean(axis=0), matrix.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=strength, max_iter=2000).fit((matrix - centre) / spread, labels, sample_weight=weights)
    own = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (own * centre).sum())
    return LinearModel(
        bias=bias, weights={name: float(weight) for name, weight in zip(names, own, strict=True) if weight}
    )
