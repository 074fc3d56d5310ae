"""How sure the rules are of a claim: a logistic over features that a person can check.

The weights were set by hand on open-access articles and are *not calibrated*: 0.8 means surer than 0.6, not
that four in five are right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

_BIAS = -2.6
_WEIGHTS: Mapping[str, float] = {
    "strength": 0.75,
    "labels": 3.0,
    "context": 0.35,
    "resource": 0.2,
    "reasoning": 0.8,
    "complete": 0.7,
    "valued": 0.35,
    "results": 0.5,
    "discussion": 0.35,
    "summary": 0.4,
    "background": -0.35,
    "quotation": -0.55,
    "hypothesis": -0.1,
    "hedged": -0.1,
    "methods": -2.0,
    "advice": -0.9,
    "reports": -1.0,
    "conduct": -0.5,
    "telling": -0.6,
    "statistics": -0.9,
    "long_sentence": -0.6,
    "long_run": -0.5,
    "thin_run": -1.5,
    "pronoun_cause": -0.5,
    "unresolved": -0.8,
    "resolved": -0.15,
}
"""Change in log-odds for one unit of a feature; `features` of the rules and the linker name them."""


def confidence(features: Mapping[str, float]) -> float:
    """0 to 1, higher is surer.

    Args:
        features: Values by name; 1 for a sign that is there, the cue's strength 0 to 3.

    Raises:
        KeyError: If a feature has no weight.
    """
    return round(1.0 / (1.0 + math.exp(-_BIAS - sum(_WEIGHTS[name] * value for name, value in features.items()))), 4)


def adjusted(score: float, features: Mapping[str, float]) -> float:
    """``score`` moved by what the neighbouring sentences tell."""
    odds = math.log(min(max(score, 1e-4), 1 - 1e-4) / (1 - min(max(score, 1e-4), 1 - 1e-4)))
    shift = sum(_WEIGHTS[name] * value for name, value in features.items())
    return round(1.0 / (1.0 + math.exp(-odds - shift)), 4)
