"""The tags of tokens, and the runs that a sequence of tags spells out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.domain.cmo import Level, Polarity, Role

ROLES = tuple(Role)
"""Order of the roles in the weights."""
LEVELS = tuple(Level)
"""Order of the levels in the weights."""
POLARITIES = tuple(Polarity)
"""Order of the polarities in the weights."""
NO_ROLE = 0
"""Tag of a token that plays no role; role ``r`` begins with tag ``1 + 2r`` and goes on with ``2 + 2r``."""
N_TAGS = 1 + 2 * len(ROLES)


class Run(NamedTuple):
    """Tokens of one sentence that play a role."""

    role: Role
    start: int
    """First token, counted in the sentence."""
    end: int
    """Token after the last."""


def begins(role: Role) -> int:
    """The tag of a run's first token."""
    return 1 + 2 * ROLES.index(role)


def tags_of(runs: Sequence[Run], length: int) -> list[int]:
    """The tags of a sentence of ``length`` tokens; of two runs on one token the earlier in ``runs`` stands."""
    tags = [NO_ROLE] * length
    for run in runs:
        if any(tags[run.start : run.end]):
            continue
        tags[run.start : run.end] = [begins(run.role), *[begins(run.role) + 1] * (run.end - run.start - 1)]
    return tags


def runs_of(tags: Sequence[int]) -> tuple[Run, ...]:
    """The runs that ``tags`` spell out, in order; a run that does not begin is taken to begin where it stands."""
    runs: list[Run] = []
    for at, tag in enumerate(tags):
        if tag == NO_ROLE:
            continue
        role, goes_on = ROLES[(tag - 1) // 2], tag % 2 == 0
        if goes_on and runs and runs[-1].end == at and runs[-1].role is role:
            runs[-1] = runs[-1]._replace(end=at + 1)
        else:
            runs.append(Run(role, at, at + 1))
    return tuple(runs)
