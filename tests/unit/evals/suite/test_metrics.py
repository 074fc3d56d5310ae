"""Metrics and their intervals with numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evals.suite.metrics import Metric, change, interval

from .making import item, unscored

RECALL = Metric("recall", "recall")
PRECISION = Metric("precision", "right", "cited")


def test_a_mean_is_over_the_items_that_have_the_value() -> None:
    items = [item("1", recall=1.0), item("2", recall=0.5), item("3", other=0.0), item("4", recall=math.nan)]
    # (1 + 0.5) / 2
    assert RECALL.value(items) == 0.75
    assert len(RECALL.terms(items)) == 2


def test_a_share_is_a_sum_over_a_sum_and_no_mean_of_shares() -> None:
    items = [item("1", right=1, cited=1), item("2", right=0, cited=3)]
    # (1 + 0) / (1 + 3), where the mean of the shares would be (1 + 0) / 2
    assert PRECISION.value(items) == 0.25


def test_what_is_undefined_is_nan_and_what_is_unscored_is_not_wrong() -> None:
    assert math.isnan(RECALL.value([]))
    assert math.isnan(PRECISION.value([item("1", right=0, cited=0)]))
    assert RECALL.value([item("1", recall=1.0), unscored("2")]) == 1.0


def test_a_metric_of_some_kinds_leaves_the_others_out() -> None:
    items = [item("1", kind="factoid", recall=1.0), item("2", kind="method", recall=0.0)]
    assert Metric("m", "recall", kinds=frozenset({"method"})).value(items) == 0.0


def test_the_interval_draws_clusters_and_not_items() -> None:
    # Cluster a is all right, b all wrong: a draw of two clusters is aa (1/4), ab or ba (1/2) or bb (1/4), so that the
    # mean is 1, 10/11 or 0 with ten items in a and one in b; both ends have more than 2.5 %.
    items = [*(item(str(n), "a", recall=1.0) for n in range(10)), item("b", "b", recall=0.0)]
    found = interval(RECALL, items)
    assert found.value == pytest.approx(10 / 11)
    assert (found.low, found.high) == (0.0, 1.0)
    assert found == interval(RECALL, items)


def test_one_cluster_has_no_interval() -> None:
    found = interval(RECALL, [item("1", recall=1.0), item("2", recall=0.0)])
    assert found.value == 0.5 and math.isnan(found.low) and math.isnan(found.high)


def test_draws_without_any_whole_are_left_out() -> None:
    # Only cluster a cites; the draw bb has nothing to divide by.
    found = interval(PRECISION, [item("1", "a", right=1, cited=2), item("2", "b", right=0, cited=0)])
    assert (found.low, found.high) == (0.5, 0.5)


def test_the_interval_agrees_with_scipy_where_every_cluster_is_one_item() -> None:
    from scipy.stats import bootstrap

    values = [0.1, 0.4, 0.4, 0.7, 0.9, 1.0, 0.2, 0.3]
    ours = interval(RECALL, [item(str(at), str(at), recall=value) for at, value in enumerate(values)])
    theirs = bootstrap((values,), np.mean, method="percentile", n_resamples=9_999, rng=1).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_a_change_is_paired() -> None:
    before = [item("1", "a", recall=0.2), item("2", "b", recall=0.9), item("3", "c", recall=0.0)]
    after = [item("1", "a", recall=0.3), item("2", "b", recall=1.0), item("4", "d", recall=0.0)]
    # Over the shared items: (0.3 + 1.0)/2 - (0.2 + 0.9)/2 = 0.1, and 0.1 in every draw, however far a and b lie apart.
    found = change(RECALL, before, after)
    assert tuple(found) == pytest.approx((0.1, 0.1, 0.1))


def test_items_that_one_side_did_not_score_are_in_no_change() -> None:
    found = change(RECALL, [item("1", recall=0.0), unscored("2")], [item("1", recall=1.0), item("2", recall=1.0)])
    assert found.value == 1.0
    assert math.isnan(change(RECALL, [unscored("1")], [item("1", recall=1.0)]).value)
