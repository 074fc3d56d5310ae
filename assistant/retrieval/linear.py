"""Small linear models: named features, weights in a TOML file beside the module, no learner at run time.

The files are written by ``python -m evals.answering.calibrate``, which also says what they were fitted on.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A logistic model: the log-odds are the bias plus the weighted features."""

    bias: float
    """Log-odds where every feature is 0."""
    weights: Mapping[str, float]
    """By feature; a feature without a weight does not count."""
    threshold: float = 0.5
    """Probability from which the answer is yes."""
    fitted: Mapping[str, str] = field(default_factory=dict)
    """Where the weights come from."""

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Bias plus weighted features; any real number."""
        return self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """`log_odds` as a probability, 0 to 1."""
        return sigmoid(self.log_odds(features))


def sigmoid(log_odds: float) -> float:
    """The probability that has these log-odds."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))


def logit(probability: float) -> float:
    """The log-odds of a probability, which is first drawn in to ±20."""
    bounded = min(max(probability, 2e-9), 1 - 2e-9)
    return math.log(bounded / (1 - bounded))


@cache
def load_model(package: str, name: str) -> LinearModel:
    """The model that ``name``.toml of ``package`` holds."""
    raw = tomllib.loads(resources.files(package).joinpath(f"{name}.toml").read_text("utf-8"))
    return parse_model(raw)


def parse_model(raw: Mapping[str, object]) -> LinearModel:
    """A model from what a file holds.

    Raises:
        ValueError: If bias, threshold or weights are missing or no numbers.
    """
    weights, fitted = raw.get("weights"), raw.get("fitted", {})
    bias, threshold = raw.get("bias"), raw.get("threshold", 0.5)
    if not isinstance(weights, Mapping) or not isinstance(fitted, Mapping):
        raise ValueError("a model needs a table of weights")
    if not isinstance(bias, int | float) or not isinstance(threshold, int | float):
        raise ValueError("a model's bias and threshold are numbers")
    return LinearModel(
        bias=float(bias),
        weights={str(name): float(weight) for name, weight in weights.items()},
        threshold=float(threshold),
        fitted={str(key): str(value) for key, value in fitted.items()},
    )
