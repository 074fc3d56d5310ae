"""From marked runs to claims: which runs belong to which outcome, and what they play for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.cmo import Role
from assistant.tagging.trained.labels import ROLES
from assistant.tagging.trained.relations import UNRELATED, Placed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_SENTENCES = 4
"""Longest passage, by the codebook."""
_OUTCOME = 1 + ROLES.index(Role.OUTCOME)


@dataclass(frozen=True, slots=True)
class Joining:
    """How sure a link must be."""

    same: float = 0.5
    """Probability from which two outcomes are one claim's."""
    part: float = 0.4
    """Probability from which a run is part of a claim."""
    least: float = 0.1
    """The same for a claim that has nothing else."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Runs that make one claim."""

    runs: tuple[tuple[int, Role], ...]
    """Index of each run and what it plays here, in reading order; an outcome and something else at least."""
    certainty: float
    """Mean probability of its links, 0 to 1."""


def join(
    runs: Sequence[Placed], pairs: Sequence[tuple[int, int]], relations: NDArray[np.float32], joining: Joining
) -> tuple[Joined, ...]:
    """The claims of a study.

    Args:
        runs: In reading order.
        pairs: As `assistant.tagging.trained.relations.pairs` has them.
        relations: Probabilities of the relations of each pair.
        joining: How sure a link must be.
    """
    known = {pair: relations[row] for row, pair in enumerate(pairs)}
    claims = (_claim(runs, group, known, joining) for group in _outcomes(runs, known, joining))
    return tuple(claim for claim in claims if claim is not None)


def _outcomes(
    runs: Sequence[Placed], known: Mapping[tuple[int, int], NDArray[np.float32]], joining: Joining
) -> list[list[int]]:
    """Outcomes of one claim each, in reading order; the surest links are taken first."""
    group = {at: [at] for at, run in enumerate(runs) if run.role is Role.OUTCOME}
    links = [
        (float(row[_OUTCOME] + known[other, head][_OUTCOME]) / 2, head, other)
        for (head, other), row in known.items()
        if head < other and (other, head) in known
    ]
    for same, head, other in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
        if same < joining.same:
            break
        ours, theirs = group[head], group[other]
        together = sorted({*ours, *theirs})
        if ours is not theirs and _extent(runs, together) <= _MAX_SENTENCES:
            for at in together:
                group[at] = together
    return list({tuple(one): one for one in group.values()}.values())


def _extent(runs: Sequence[Placed], members: Sequence[int]) -> int:
    places = [runs[at].sentence for at in members]
    return max(places) - min(places) + 1


def _claim(
    runs: Sequence[Placed],
    outcomes: Sequence[int],
    known: Mapping[tuple[int, int], NDArray[np.float32]],
    joining: Joining,
) -> Joined | None:
    """The outcomes with the runs that belong to them, the surest first; None where nothing does."""
    rows: dict[int, list[NDArray[np.float32]]] = defaultdict(list)
    for (head, other), row in known.items():
        if head in outcomes and other not in outcomes:
            rows[other].append(row)
    means = {other: sum(found) / len(found) for other, found in rows.items()}  # type: ignore[arg-type]
    ranked = sorted(((1.0 - float(row[UNRELATED]), other) for other, row in means.items()), key=lambda o: (-o[0], o[1]))
    members, sure = list(outcomes), []
    played = dict.fromkeys(outcomes, Role.OUTCOME)
    for likely, other in ranked:
        role = ROLES[int(means[other][1:].argmax())]
        if likely < (joining.part if sure else joining.least):
            break
        if role is Role.OUTCOME or _extent(runs, [*members, other]) > _MAX_SENTENCES:
            continue
        members.append(other)
        sure.append(likely)
        played[other] = role
    if not sure:
        return None
    return Joined(tuple((at, played[at]) for at in sorted(members)), sum(sure) / len(sure))
