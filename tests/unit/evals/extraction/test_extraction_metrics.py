"""Metrics with numbers worked by hand."""

from __future__ import annotations

import math

import pytest

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from evals.extraction.coding.files import CodedSpans
from evals.extraction.metrics import (
    MECHANISM,
    Counts,
    alpha,
    bootstrap,
    compare,
    configuration_counts,
    detection,
    matched,
    mean,
    pair_score,
    role_counts,
)

TEXT = "aaaa bbbb cccc. dddd eeee ffff. gggg hhhh iiii."
FIRST, SECOND, THIRD = SENTENCES = (Span(0, 15), Span(16, 31), Span(32, 47))
OUTCOME = frozenset({Role.OUTCOME})


def coded(passage: Span, **roles: tuple[int, int]) -> CodedSpans:
    spans = {role.value: (Span(*roles[role.value]),) if role.value in roles else () for role in Role}
    return CodedSpans(id="c", passage=passage, **spans, level=Level.FINDING, polarity=Polarity.ENABLING)


def test_detection_counts_sentences() -> None:
    ours = [coded(Span(0, 31), reasoning=(0, 4), outcome=(5, 9))]
    theirs = [coded(SECOND, reasoning=(16, 20), outcome=(21, 25)), coded(THIRD, context=(32, 36), outcome=(37, 41))]

    # gold: sentences 1, 2; found: sentences 2, 3
    found = detection(ours, theirs, SENTENCES)

    assert found == Counts(hits=1, spurious=1, missed=1)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_a_passage_that_ends_inside_a_sentence_takes_it_from_half_on() -> None:
    half, less = [coded(Span(0, 8), outcome=(0, 4))], [coded(Span(0, 7), outcome=(0, 4))]

    assert detection(half, half, SENTENCES).hits == 1
    assert detection(less, less, SENTENCES).hits == 0


def test_roles_count_characters_without_white_space() -> None:
    ours = [coded(FIRST, outcome=(0, 9))]  # aaaa bbbb: 8 characters
    theirs = [coded(FIRST, outcome=(5, 14))]  # bbbb cccc: 8 characters, 4 of them shared

    assert role_counts(ours, theirs, TEXT, OUTCOME) == Counts(4, 4, 4)


def test_a_character_that_several_configurations_mark_counts_once() -> None:
    twice = [coded(FIRST, outcome=(0, 9)), coded(FIRST, outcome=(5, 14))]

    assert role_counts(twice, twice, TEXT, OUTCOME) == Counts(12, 0, 0)


def test_resource_and_reasoning_are_one_mechanism() -> None:
    ours, theirs = [coded(FIRST, resource=(0, 4))], [coded(FIRST, reasoning=(0, 4))]

    assert role_counts(ours, theirs, TEXT, MECHANISM).f1 == 1.0
    assert role_counts(ours, theirs, TEXT, frozenset({Role.RESOURCE})).f1 == 0.0


def test_a_pair_scores_the_mean_over_the_roles_that_either_has() -> None:
    ours = coded(FIRST, reasoning=(0, 4), outcome=(5, 9))
    theirs = coded(FIRST, context=(10, 14), reasoning=(0, 4), outcome=(5, 14))

    # context 0 of 4 shared: 0; mechanism: 1; outcome 4 shared of 4 and 8: 2*4/12 = 2/3; mean (0 + 1 + 2/3) / 3
    assert pair_score(ours, theirs, TEXT) == pytest.approx(5 / 9)


def test_pairs_maximise_the_sum_of_scores_rather_than_the_best_pair() -> None:
    a = coded(FIRST, outcome=(0, 9), reasoning=(10, 14))  # outcome 8
    b = coded(FIRST, outcome=(0, 4), reasoning=(10, 14))  # outcome 4
    x = coded(FIRST, outcome=(0, 9), reasoning=(10, 14))
    y = coded(FIRST, outcome=(5, 9), reasoning=(10, 14))

    # a-x 1, a-y (8/12 + 1)/2 = 5/6, b-x 5/6, b-y (0 + 1)/2 = 1/2: a-y with b-x sums to 5/3, a-x with b-y to 3/2
    assert {(pair.first, pair.second) for pair in matched([a, b], [x, y], TEXT)} == {(0, 1), (1, 0)}
    assert configuration_counts([a, b], [x, y], TEXT) == Counts(2, 0, 0)
    assert configuration_counts([a, b], [x, y], TEXT, threshold=0.9) == Counts(0, 2, 2)


def test_a_pair_below_half_is_no_match() -> None:
    ours = [coded(FIRST, reasoning=(0, 4), outcome=(5, 9))]
    theirs = [coded(FIRST, context=(0, 4), outcome=(5, 14))]

    # context 0, mechanism 0, outcome 2/3: 2/9
    assert configuration_counts(ours, theirs, TEXT) == Counts(0, 1, 1)


def test_what_is_empty_is_undefined_and_not_zero() -> None:
    nothing = compare([], [], TEXT, SENTENCES)

    assert all(math.isnan(value) for value in nothing.values())
    assert math.isnan(mean([math.nan])) and mean([1.0, math.nan, 0.0]) == 0.5
    assert compare([], [coded(FIRST, context=(0, 4), outcome=(5, 9))], TEXT, SENTENCES)["detection"] == 0.0


def test_a_coding_agrees_with_itself() -> None:
    own = [coded(FIRST, context=(0, 4), reasoning=(5, 9), outcome=(10, 14))]
    scores = compare(own, own, TEXT, SENTENCES)

    assert {name: value for name, value in scores.items() if value != 1.0} == {"resource": pytest.approx(math.nan, nan_ok=True)}
    assert alpha(own, own, TEXT, SENTENCES) == 1.0


def test_alpha_by_hand() -> None:
    ours = [coded(FIRST, outcome=(0, 4), context=(5, 9))]
    theirs = [coded(FIRST, outcome=(0, 4), context=(10, 14))]

    # 13 characters of the first sentence: 4 O/O, 4 C/-, 4 -/C, 1 -/- ("."), so 8 disagreements of 13.
    # Values of both coders: O 8, C 8, none 10, n = 26. Expected disagreement
    # (26^2 - 8^2 - 8^2 - 10^2) / (26 * 25) = 448/650; observed 8/13. alpha = 1 - (8/13) / (448/650) = 3/28
    assert alpha(ours, theirs, TEXT, [FIRST]) == pytest.approx(3 / 28)
    assert math.isnan(alpha([], [], TEXT, [FIRST]))


def test_the_bootstrap_holds_its_mean_and_repeats_itself() -> None:
    interval = bootstrap([0.2, 0.4, 0.6, math.nan])

    assert interval == bootstrap([0.2, 0.4, 0.6, math.nan])
    assert interval.mean == pytest.approx(0.4)
    assert 0.2 <= interval.low < 0.4 < interval.high <= 0.6
    assert bootstrap([0.5, 0.5]) == (0.5, 0.5, 0.5)
    assert math.isnan(bootstrap([]).low)
