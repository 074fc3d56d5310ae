"""What the linker sees of two runs: the outcome that a claim is built on, and another run near by."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant.domain.cmo import Role
from assistant.tagging.trained.hints import Hints, same_claim
from assistant.tagging.trained.labels import ROLES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNRELATED = 0
"""Relation of a run to an outcome whose claim it is no part of; role ``r`` in that claim is ``1 + r``."""
N_RELATIONS = 1 + len(ROLES)
REACH = 3
"""Sentences from an outcome within which the other runs of its claim stand."""
N_FEATURES = 23


class Placed(NamedTuple):
    """A run and where it stands."""

    role: Role
    sentence: int
    """Index of its sentence."""
    block: int
    """Index of its sentence's block."""
    section: int
    """Index of its sentence's section."""
    start: int
    """First token, counted in the sentence."""
    end: int
    """Token after the last."""


def features(runs: Sequence[Placed], head: int, other: int, hints: Mapping[int, Hints]) -> list[float]:
    """``N_FEATURES`` numbers about the pair: roles, distance, order, and what stands between.

    Args:
        runs: All runs of the study or window, in reading order.
        head: Index of the outcome.
        other: Index of the other run.
        hints: The rules' of the runs' sentences, by the sentence's index.
    """
    ours, theirs = runs[head], runs[other]
    apart = theirs.sentence - ours.sentence
    low, high = min(head, other), max(head, other)
    between = runs[low + 1 : high]
    outcomes = sum(run.role is Role.OUTCOME for run in between)
    same = sum(run.role is theirs.role for run in between)
    outcomes_there = sum(
        run.role is Role.OUTCOME and run.sentence == theirs.sentence for run in runs[max(0, other - 12) : other + 12]
    )
    return [
        *(float(theirs.role is role) for role in ROLES),
        *(float(apart == step) for step in (-3, -2, -1, 0, 1, 2, 3)),
        float(other > head),
        float(theirs.block == ours.block),
        float(not between),
        float(outcomes == 0),
        float(outcomes == 1),
        float(same == 0),
        math.log1p(len(between)),
        math.log1p(ours.end - ours.start),
        math.log1p(theirs.end - theirs.start),
        float(outcomes_there > 0 and apart != 0),
        *same_claim(
            hints[ours.sentence],
            hints[theirs.sentence],
            (ours.start, ours.end),
            (theirs.start, theirs.end),
            here=not apart,
        ),
    ]


def pairs(runs: Sequence[Placed]) -> list[tuple[int, int]]:
    """Every outcome with every other run of its section within reach, by outcome and then by place."""
    found: list[tuple[int, int]] = []
    for head, ours in enumerate(runs):
        if ours.role is not Role.OUTCOME:
            continue
        low = head
        while low and ours.sentence - runs[low - 1].sentence <= REACH:
            low -= 1
        for other in range(low, len(runs)):
            theirs = runs[other]
            if theirs.sentence - ours.sentence > REACH:
                break
            if other != head and theirs.section == ours.section:
                found.append((head, other))
    return found


def feature_rows(
    runs: Sequence[Placed], found: Sequence[tuple[int, int]], hints: Mapping[int, Hints]
) -> NDArray[np.float32]:
    """`features` of each pair, float32 (n_pairs, N_FEATURES)."""
    import numpy as np

    rows = [features(runs, head, other, hints) for head, other in found]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), N_FEATURES)
