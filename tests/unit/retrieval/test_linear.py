from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.linear import LinearModel, load_model, logit, parse_model, sigmoid


def test_weighs_the_features_it_knows() -> None:
    model = LinearModel(bias=-1.0, weights={"near": 2.0, "far": -3.0})
    assert model.log_odds({"near": 1.5, "other": 9.0}) == pytest.approx(2.0)
    # 1 / (1 + e^-2)
    assert model.probability({"near": 1.5}) == pytest.approx(0.880797, abs=1e-6)


@given(st.floats(min_value=-20, max_value=20))
def test_logit_undoes_sigmoid(log_odds: float) -> None:
    assert logit(sigmoid(log_odds)) == pytest.approx(log_odds, abs=1e-4)


def test_logit_of_certainty_is_finite() -> None:
    assert math.isfinite(logit(0.0)) and math.isfinite(logit(1.0))


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("assistant.retrieval", "relevance"),
        ("assistant.engines.extractive", "sentences"),
        ("assistant.engines.extractive", "evidence"),
    ],
)
def test_shipped_models_load_and_say_where_they_come_from(package: str, name: str) -> None:
    model = load_model(package, name)
    assert model.weights and 0 < model.threshold < 1
    assert "calibrate" in model.fitted["by"]


@pytest.mark.parametrize("raw", [{}, {"bias": 1, "weights": 3}, {"bias": "x", "weights": {}}])
def test_a_broken_file_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="model"):
        parse_model(raw)
