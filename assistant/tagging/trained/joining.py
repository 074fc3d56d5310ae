"""From marked runs to claims: which runs belong to which outcome, and what they play for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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

    same: float = 0.3
    """Probability from which two outcomes of a sentence are one claim's."""
    parted: float = 0.6
    """The same where another role's run stands between them, so that each may have a cause of its own."""
    same_across: float = 0.8
    """The same of outcomes in different sentences."""
    part: float = 0.3
    """Probability from which a run is part of the claim of an outcome in its sentence."""
    across: float = 0.8
    """The same of an outcome in another sentence."""
    least: float = 0.5
    """The same for a claim that has nothing else, wherever the run stands."""


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

    A run belongs to the claim that it is surest to be part of; only a claim that would have nothing else may
    share one.

    Args:
        runs: In reading order.
        pairs: As `assistant.tagging.trained.relations.pairs` has them.
        relations: Probabilities of the relations of each pair.
        joining: How sure a link must be.
    """
    known = {pair: relations[row] for row, pair in enumerate(pairs)}
    groups = _outcomes(runs, known, joining)
    links = sorted(_links(groups, known), key=lambda link: (-link.likely, link.group, link.run))
    members = [list(group) for group in groups]
    chosen: list[list[_Link]] = [[] for _ in groups]
    taken: set[int] = set()
    for link in links:
        there = any(runs[at].sentence == runs[link.run].sentence for at in groups[link.group])
        if link.run in taken or link.likely < (joining.part if there else joining.across):
            continue
        if _extent(runs, [*members[link.group], link.run]) <= _MAX_SENTENCES:
            members[link.group].append(link.run)
            chosen[link.group].append(link)
            taken.add(link.run)
    for link in links:
        if chosen[link.group] or link.likely < joining.least:
            continue
        if _extent(runs, [*groups[link.group], link.run]) <= _MAX_SENTENCES:
            chosen[link.group].append(link)
    return tuple(_joined(group, found) for group, found in zip(groups, chosen, strict=True) if found)


class _Link(NamedTuple):
    """A run as part of a claim."""

    likely: float
    group: int
    run: int
    role: Role


def _links(groups: Sequence[Sequence[int]], known: Mapping[tuple[int, int], NDArray[np.float32]]) -> Iterator[_Link]:
    """Every run that may be part of a claim, with the mean over the claim's outcomes of how likely it is."""
    import numpy as np

    group_of = {head: number for number, group in enumerate(groups) for head in group}
    rows: dict[tuple[int, int], list[NDArray[np.float32]]] = defaultdict(list)
    for (head, other), row in known.items():
        if group_of.get(other) != group_of[head]:
            rows[group_of[head], other].append(row)
    for (number, other), found in rows.items():
        mean = np.mean(found, axis=0)
        role = ROLES[int(mean[1:].argmax())]
        if role is not Role.OUTCOME:
            yield _Link(1.0 - float(mean[UNRELATED]), number, other, role)


def _joined(outcomes: Sequence[int], links: Sequence[_Link]) -> Joined:
    runs = [*((at, Role.OUTCOME) for at in outcomes), *((link.run, link.role) for link in links)]
    return Joined(tuple(sorted(runs)), sum(link.likely for link in links) / len(links))


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
        if same < _needed(runs, head, other, joining):
            continue
        ours, theirs = group[head], group[other]
        together = sorted({*ours, *theirs})
        if ours is not theirs and _extent(runs, together) <= _MAX_SENTENCES:
            for at in together:
                group[at] = together
    return list({tuple(one): one for one in group.values()}.values())


def _needed(runs: Sequence[Placed], head: int, other: int, joining: Joining) -> float:
    """The probability from which two outcomes are one claim's."""
    if runs[head].sentence != runs[other].sentence:
        return joining.same_across
    parted = any(run.role is not Role.OUTCOME for run in runs[head + 1 : other])
    return max(joining.same, joining.parted) if parted else joining.same


def _extent(runs: Sequence[Placed], members: Sequence[int]) -> int:
    places = [runs[at].sentence for at in members]
    return max(places) - min(places) + 1
