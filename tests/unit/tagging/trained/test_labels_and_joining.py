"""Tags to runs, and runs to claims."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import Role
from assistant.tagging.trained.joining import Joining, join
from assistant.tagging.trained.labels import N_TAGS, Run, begins, runs_of, tags_of
from assistant.tagging.trained.relations import N_RELATIONS, Placed, pairs

C, R, M, O = Role  # noqa: E741 - the roles' usual letters


def placed(role: Role, sentence: int, start: int = 0, section: int = 0) -> Placed:
    return Placed(role, sentence, 0, section, start, start + 2)


def joined(runs: list[Placed], likely: dict[tuple[int, int], tuple[Role, float]], **settings: float) -> list[list[int]]:
    found = pairs(runs)
    rows = np.zeros((len(found), N_RELATIONS), dtype=np.float32)
    for row, pair in enumerate(found):
        role, probability = likely.get(pair, (C, 0.0))
        rows[row, 0] = 1 - probability
        rows[row, 1 + list(Role).index(role)] = probability
    return [[at for at, _ in claim.runs] for claim in join(runs, found, rows, Joining(**settings))]


@given(st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 3), st.integers(1, 4)), max_size=6))
def test_runs_survive_being_tagged(pieces: list[tuple[Role, int, int]]) -> None:
    runs, at = [], 0
    for role, gap, length in pieces:
        runs.append(Run(role, at + gap, at + gap + length))
        at += gap + length

    assert runs_of(tags_of(runs, at + 1)) == tuple(runs)


@given(st.lists(st.integers(0, N_TAGS - 1), max_size=20))
def test_any_tags_spell_runs_that_are_apart_and_in_order(tags: list[int]) -> None:
    runs = runs_of(tags)

    assert all(run.start < run.end for run in runs)
    assert all(left.end <= right.start for left, right in pairwise(runs))
    assert sum(run.end - run.start for run in runs) == sum(tag > 0 for tag in tags)


def test_of_two_runs_on_one_token_the_first_given_stands() -> None:
    assert tags_of([Run(O, 1, 3), Run(C, 2, 4)], 5) == [0, begins(O), begins(O) + 1, 0, 0]


def test_only_outcomes_look_for_company_and_only_within_reach() -> None:
    runs = [placed(C, 0), placed(O, 1), placed(M, 4), placed(M, 5), placed(M, 5, 4, section=1)]

    assert pairs(runs) == [(1, 0), (1, 2)]


def test_a_run_joins_the_claim_that_it_is_surest_of() -> None:
    runs = [placed(O, 0), placed(M, 0, 4), placed(O, 0, 8), placed(C, 0, 12)]
    likely = {(0, 1): (M, 0.9), (2, 1): (M, 0.6), (2, 3): (C, 0.8), (0, 3): (C, 0.45)}

    assert joined(runs, likely) == [[0, 1], [2, 3]]


def test_two_outcomes_of_a_claim_become_one() -> None:
    runs = [placed(M, 0), placed(O, 0, 4), placed(O, 0, 8)]
    likely = {(1, 0): (M, 0.9), (2, 0): (M, 0.9), (1, 2): (O, 0.8), (2, 1): (O, 0.4)}

    assert joined(runs, likely) == [[0, 1, 2]]
    assert joined(runs, likely, same=0.7) == [[0, 1], [0, 2]]


def test_two_outcomes_with_a_cause_between_must_be_surer_of_one_another() -> None:
    runs = [placed(O, 0), placed(M, 0, 4), placed(O, 0, 8)]
    likely = {(0, 1): (M, 0.9), (2, 1): (M, 0.8), (0, 2): (O, 0.5), (2, 0): (O, 0.5)}

    assert joined(runs, likely, same=0.4, parted=0.4) == [[0, 1, 2]]
    assert joined(runs, likely, same=0.4, parted=0.6) == [[0, 1], [1, 2]]
    beside = [placed(M, 0), placed(O, 0, 4), placed(O, 0, 8)]
    said = {(1, 0): (M, 0.9), (2, 0): (M, 0.8), (1, 2): (O, 0.5), (2, 1): (O, 0.5)}
    assert joined(beside, said, same=0.4, parted=0.6) == [[0, 1, 2]]


def test_another_sentence_needs_a_surer_link_but_what_stands_alone_takes_what_it_gets() -> None:
    runs = [placed(C, 0), placed(O, 1), placed(M, 1, 4)]

    assert joined(runs, {(1, 0): (C, 0.6), (1, 2): (M, 0.5)}) == [[1, 2]]
    assert joined(runs, {(1, 0): (C, 0.85), (1, 2): (M, 0.5)}) == [[0, 1, 2]]
    assert joined(runs, {(1, 0): (C, 0.55), (1, 2): (M, 0.2)}) == [[0, 1]]
    assert joined(runs, {(1, 0): (C, 0.2)}) == []


def test_no_claim_is_longer_than_four_sentences() -> None:
    runs = [placed(C, 0), placed(O, 2), placed(M, 4)]
    sure = {(1, 0): (C, 0.9), (1, 2): (M, 0.95)}

    assert joined(runs, sure) == [[1, 2]]


def test_the_linker_may_see_another_role_than_the_tags_did() -> None:
    runs = [placed(M, 0), placed(O, 0, 4)]
    found = pairs(runs)
    rows = np.asarray([[0.1, 0.7, 0.0, 0.2, 0.0]], dtype=np.float32)

    (claim,) = join(runs, found, rows, Joining())

    assert claim.runs == ((0, C), (1, O))
    assert abs(claim.certainty - 0.9) < 1e-6
