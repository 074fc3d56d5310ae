from __future__ import annotations

import math

import pytest

from assistant.tagging.confidence import adjusted, confidence


def test_features_add_up_as_log_odds() -> None:
    base, moved = confidence({}), confidence({"labels": 1.0})
    odds = [math.log(value / (1 - value)) for value in (base, moved)]

    assert odds[1] - odds[0] == pytest.approx(3.0, abs=0.01)
    assert adjusted(base, {"labels": 1.0}) == pytest.approx(moved, abs=1e-3)


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(KeyError):
        confidence({"luck": 1.0})


def test_the_ends_stay_inside() -> None:
    assert 0 < adjusted(0.0, {}) < adjusted(1.0, {}) < 1
