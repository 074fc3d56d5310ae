"""How far two codings of one study agree: the codebook's three comparisons, and Krippendorff's alpha.

A system is scored by the functions that compare two coders. All count code points that are no white space.

Source: the codebook, "Comparing two codings"; alpha after Hayes and Krippendorff 2007,
doi:10.1080/19312450709336664.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from evals.extraction.coding.files import CodedSpans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MECHANISM = frozenset({Role.RESOURCE, Role.REASONING})
ROLES: Mapping[str, frozenset[Role]] = {
    "context": frozenset({Role.CONTEXT}),
    "mechanism": MECHANISM,
    "outcome": frozenset({Role.OUTCOME}),
}
"""The roles that are compared; resource and reasoning count as one."""
SPLIT: Mapping[str, frozenset[Role]] = {role.value: frozenset({role}) for role in sorted(MECHANISM)}
"""The two kinds of mechanism, compared apart."""
MATCH = 0.5
"""Score from which two configurations are the same."""
STRICT = 0.8
"""Score from which adjudication takes two configurations as they stand."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, spurious and missed items; they add up over studies."""

    hits: int
    """In both codings."""
    spurious: int
    """In the second only."""
    missed: int
    """In the first only."""

    @property
    def precision(self) -> float:
        """Share of the second coding that the first has, 0 to 1; NaN where the second is empty."""
        return _ratio(self.hits, self.hits + self.spurious)

    @property
    def recall(self) -> float:
        """Share of the first coding that the second has, 0 to 1; NaN where the first is empty."""
        return _ratio(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; NaN where both codings are empty."""
        return _ratio(2 * self.hits, 2 * self.hits + self.spurious + self.missed)


class Pair(NamedTuple):
    """Two configurations matched to one another."""

    first: int
    """Index in the first coding."""
    second: int
    """Index in the second coding."""
    score: float
    """`pair_score`, 0 to 1."""


class Interval(NamedTuple):
    """A mean over studies and its bootstrap interval."""

    mean: float
    low: float
    high: float


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def spans_of(configuration: CodedSpans, roles: frozenset[Role]) -> tuple[Span, ...]:
    """The spans of a configuration that play one of ``roles``."""
    return tuple(span for role in Role if role in roles for span in getattr(configuration, role.value))


def detection(first: Sequence[CodedSpans], second: Sequence[CodedSpans], sentences: Sequence[Span]) -> Counts:
    """Sentences that lie in a passage, counted over ``sentences``.

    A sentence lies in a passage if at least half of its code points do, so that a reading that ends sentences
    a little elsewhere changes nothing.
    """
    pairs = [(_lies_in(sentence, first), _lies_in(sentence, second)) for sentence in sentences]
    return Counts(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def _lies_in(sentence: Span, coding: Sequence[CodedSpans]) -> bool:
    return any(2 * _shared(sentence, one.passage) >= len(sentence) for one in coding)


def _shared(left: Span, right: Span) -> int:
    return max(0, min(left.end, right.end) - max(left.start, right.start))


def role_counts(first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str, roles: frozenset[Role]) -> Counts:
    """Characters that play one of ``roles`` in any configuration of the study."""
    return _overlap(
        [span for one in first for span in spans_of(one, roles)],
        [span for one in second for span in spans_of(one, roles)],
        text,
    )


def _overlap(first: Sequence[Span], second: Sequence[Span], text: str) -> Counts:
    ours, theirs = _covered(first, text), _covered(second, text)
    return Counts(len(ours & theirs), len(theirs - ours), len(ours - theirs))


def _covered(spans: Sequence[Span], text: str) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end) if not text[at].isspace()}


def pair_score(first: CodedSpans, second: CodedSpans, text: str) -> float:
    """Mean, over the roles that either configuration has, of the overlap F1 of its spans; 0 to 1."""
    scores = [_overlap(spans_of(first, roles), spans_of(second, roles), text).f1 for roles in ROLES.values()]
    present = [score for score in scores if not math.isnan(score)]
    return sum(present) / len(present) if present else 0.0


def matched(first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str) -> tuple[Pair, ...]:
    """The one-to-one pairing with the greatest sum of scores, pairs that share nothing left out.

    Source: Kuhn 1955, doi:10.1002/nav.3800020109.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    scores = np.zeros((len(first), len(second)))
    for row, ours in enumerate(first):
        for column, theirs in enumerate(second):
            if _shared(ours.passage, theirs.passage):
                scores[row, column] = pair_score(ours, theirs, text)
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return tuple(
        Pair(int(row), int(column), float(scores[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if scores[row, column] > 0
    )


def configuration_counts(
    first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str, threshold: float = MATCH
) -> Counts:
    """Configurations of the first coding that the second has, at a pair score of ``threshold`` or more."""
    hits = sum(pair.score >= threshold for pair in matched(first, second, text))
    return Counts(hits, len(second) - hits, len(first) - hits)


def exact_counts(first: Sequence[CodedSpans], second: Sequence[CodedSpans]) -> Counts:
    """Marked spans that stand in both codings with the same first and last character and the same role."""
    ours, theirs = ({(name, span) for one in coding for name, span in _named(one)} for coding in (first, second))
    return Counts(len(ours & theirs), len(theirs - ours), len(ours - theirs))


def _named(configuration: CodedSpans) -> list[tuple[str, Span]]:
    return [(name, span) for name, roles in ROLES.items() for span in spans_of(configuration, roles)]


def recall_by_level(first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str) -> dict[str, float]:
    """For each level of the first coding, the share of its configurations that the second has, whatever it calls them.

    A level that the first coding lacks is left out.
    """
    found = {pair.first for pair in matched(first, second, text) if pair.score >= MATCH}
    held = [(one.level.value, at in found) for at, one in enumerate(first)]
    levels = dict.fromkeys(level for level, _ in held)
    return {level: mean([float(hit) for name, hit in held if name == level]) for level in levels}


def is_complete(configuration: CodedSpans) -> bool:
    """Whether context, mechanism and outcome are all marked."""
    return all(spans_of(configuration, roles) for roles in ROLES.values())


def compare(
    first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str, sentences: Sequence[Span]
) -> dict[str, float]:
    """Every number that the tables show for one study, by name; NaN where it is undefined.

    Args:
        first: Gold, or one coder.
        second: A system, or the other coder.
        text: The study's stored text.
        sentences: Those that may be coded.
    """
    found = detection(first, second, sentences)
    configurations = configuration_counts(first, second, text)
    strict = configuration_counts(first, second, text, STRICT)
    roles = {name: role_counts(first, second, text, kinds).f1 for name, kinds in {**ROLES, **SPLIT}.items()}
    complete = configuration_counts(
        [one for one in first if is_complete(one)], [one for one in second if is_complete(one)], text
    )
    return {
        "detection": found.f1,
        "detection precision": found.precision,
        "detection recall": found.recall,
        "roles": mean([roles[name] for name in ROLES]),
        **roles,
        "exact spans": exact_counts(first, second).f1,
        "configurations": configurations.f1,
        "configurations strict": strict.f1,
        "configuration precision": configurations.precision,
        "configuration recall": configurations.recall,
        "complete configurations": complete.f1,
        **{f"recall {level}": share for level, share in recall_by_level(first, second, text).items()},
    }


def mean(values: Sequence[float]) -> float:
    """Mean of the values that are defined; NaN where none is."""
    defined = [value for value in values if not math.isnan(value)]
    return sum(defined) / len(defined) if defined else math.nan


def bootstrap(values: Sequence[float], *, resamples: int = 2000, seed: int = 0) -> Interval:
    """Mean over studies with its 95 % percentile interval.

    Args:
        values: One a study; undefined ones are left out.
        resamples: Draws of as many studies, with replacement.
        seed: Of the draws.
    """
    import numpy as np

    defined = np.asarray([value for value in values if not math.isnan(value)], dtype=float)
    if not defined.size:
        return Interval(math.nan, math.nan, math.nan)
    draws = np.random.default_rng(seed).integers(0, defined.size, (resamples, defined.size))
    low, high = np.quantile(defined[draws].mean(axis=1), (0.025, 0.975))
    return Interval(float(defined.mean()), float(low), float(high))


def alpha(first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str, sentences: Sequence[Span]) -> float:
    """Krippendorff's nominal alpha on the roles of the characters of ``sentences``; NaN where nothing varies.

    A character's value is the set of roles that it plays in a coding, mechanism as one.
    """
    import krippendorff
    import numpy as np

    values = np.stack([_values(coding, text, sentences) for coding in (first, second)])
    if len(np.unique(values)) < 2:
        return math.nan
    return float(krippendorff.alpha(reliability_data=values, level_of_measurement="nominal"))


def _values(coding: Sequence[CodedSpans], text: str, sentences: Sequence[Span]) -> NDArray[np.int64]:
    """For each character of the sentences the roles that it plays, a bit each."""
    import numpy as np

    played = np.zeros(len(text), dtype=np.int64)
    for bit, roles in enumerate(ROLES.values()):
        held = np.zeros(len(text), dtype=bool)
        for one in coding:
            for span in spans_of(one, roles):
                held[span.start : span.end] = True
        played |= held.astype(np.int64) << bit
    return played[[at for s in sentences for at in range(s.start, s.end) if not text[at].isspace()]]
