"""How far two coders agree: the codebook's comparisons, Krippendorff's alpha and Cohen's kappa.

Alpha is taken over characters, kappa over sentences (in a configuration or not) and, for the configurations that
both have, over level and polarity.

Source: Krippendorff 2018, Content Analysis, chapter 12; Cohen 1960, doi:10.1177/001316446002000104.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.study import Study
from assistant.errors import MissingExtra, UsageError
from assistant.tagging.places import codable_sentences
from evals.extraction import metrics
from evals.extraction.coding.comparing import AGREED
from evals.extraction.coding.files import CodedSpans, place
from evals.extraction.importing.anything import FoundCoding
from evals.extraction.importing.studies import StudyTexts
from evals.extraction.metrics import Interval

FIGURES: Mapping[str, str] = {
    "detection": "sentences that lie in a configuration, F1",
    "roles": "characters by role, mean F1 of context, mechanism and outcome",
    "context": "characters of context, F1",
    "mechanism": "characters of mechanism, F1",
    "outcome": "characters of outcome, F1",
    "resource": "characters of resource, F1",
    "reasoning": "characters of reasoning, F1",
    "configurations": f"configurations at a pair score of {metrics.MATCH} or more (relaxed), F1",
    "configurations strict": f"configurations at a pair score of {AGREED} or more (strict), F1",
    "complete configurations": "relaxed, those with context, mechanism and outcome only, F1",
    "complete configurations strict": "strict, those with context, mechanism and outcome only, F1",
    "alpha": "Krippendorff's alpha, roles of characters",
    "sentence kappa": "Cohen's kappa, sentences in a configuration or not",
    "level kappa": "Cohen's kappa, level of the configurations that both have",
    "polarity kappa": "Cohen's kappa, polarity of the configurations that both have",
}
"""What is reported, and what it means."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One coder's configurations of a study."""

    spans: tuple[CodedSpans, ...]
    uncoded: frozenset[str] = frozenset()
    """Of ``level`` and ``polarity``, what the coder did not code."""


@dataclass(frozen=True, slots=True)
class StudyAgreement:
    """Two coders' agreement on one study."""

    study: str
    """Its id."""
    sizes: tuple[int, int]
    """Configurations of each coder."""
    shared: int
    """Configurations that both have, relaxed."""
    figures: Mapping[str, float]
    """By the names of `FIGURES`; NaN where undefined."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders' agreement on the studies that both coded."""

    coders: tuple[str, str]
    """Names; the first counts as gold where a figure has two sides."""
    studies: tuple[StudyAgreement, ...]
    """By id."""
    alone: Mapping[str, str]
    """Studies that one of the two coded alone, with the coder's name."""

    @property
    def means(self) -> dict[str, Interval]:
        """Of each figure the mean over studies and its bootstrap interval; no interval for a single study."""
        return {name: self._mean([one.figures[name] for one in self.studies]) for name in FIGURES}

    def _mean(self, values: Sequence[float]) -> Interval:
        if sum(not math.isnan(value) for value in values) < 2:
            return Interval(metrics.mean(values), math.nan, math.nan)
        return metrics.bootstrap(values)


def sides(found: Sequence[Sequence[FoundCoding]], coders: str) -> tuple[dict[str, FoundCoding], dict[str, FoundCoding]]:
    """The codings of each of two coders, by study.

    Args:
        found: One list for each path given, one or two.
        coders: ``X,Y``: the coder to take from the first, and from the last; empty where there is no choice.

    Raises:
        UsageError: If it is not clear who the two are.
    """
    wanted = [name.strip() for name in coders.split(",")] if coders else ["", ""]
    if len(wanted) != 2:
        raise UsageError(f"--coders {coders} names {len(wanted)} coders", remedy="Write two names: --coders X,Y.")
    if len(found) == 1 and not coders:
        wanted = sorted({one.coding.header.coder for one in found[0]})
        if len(wanted) != 2:
            raise UsageError(
                f"the file or folder holds {len(wanted)} coders ({', '.join(wanted) or 'none'}), not two",
                remedy="Name a second file or folder, or choose two with --coders X,Y.",
            )
    return _side(found[0], wanted[0]), _side(found[-1], wanted[1])


def _side(found: Sequence[FoundCoding], coder: str) -> dict[str, FoundCoding]:
    names = sorted({one.coding.header.coder for one in found})
    if coder and coder not in names:
        raise UsageError(f"there is no coder {coder}", remedy=f"There are {', '.join(names) or 'none'}.")
    side: dict[str, FoundCoding] = {}
    for one in found:
        if coder in ("", one.coding.header.coder):
            if one.coding.header.study in side:
                raise UsageError(
                    f"{one.coding.header.study} is coded by several coders ({', '.join(names)})",
                    remedy="Choose with --coders X,Y.",
                )
            side[one.coding.header.study] = one
    return side


def agreement(first: Mapping[str, FoundCoding], second: Mapping[str, FoundCoding], texts: StudyTexts) -> Agreement:
    """The agreement of two coders.

    Args:
        first: One coder's codings by study.
        second: The other's.
        texts: The studies.

    Raises:
        UsageError: If no study was coded by both.
        MissingExtra: If the libraries for the figures are not there.
    """
    names = _names(first, second)
    shared = sorted(first.keys() & second.keys())
    if not shared:
        raise UsageError(
            f"no study is coded in both ({names[0]}: {', '.join(sorted(first)) or 'none'}; "
            f"{names[1]}: {', '.join(sorted(second)) or 'none'})",
            remedy="Name two codings of the same studies; --study NAME=ID says which study a name means.",
        )
    rows = []
    for name in shared:
        study = texts.study(name)
        assert study is not None
        rows.append(of_study(study, _coded(first[name], study), _coded(second[name], study)))
    alone = {name: names[0] for name in first.keys() - second.keys()}
    return Agreement(names, tuple(rows), alone | {name: names[1] for name in second.keys() - first.keys()})


def _names(first: Mapping[str, FoundCoding], second: Mapping[str, FoundCoding]) -> tuple[str, str]:
    """The coders' names; the files' where both bear the same."""
    sides = [{one.coding.header.coder: one.file.name for one in side.values()} for side in (first, second)]
    names = [", ".join(sorted(side)) or "nobody" for side in sides]
    if names[0] == names[1]:
        names = [", ".join(sorted(side.values())) or "nobody" for side in sides]
    return names[0], names[1]


def _coded(found: FoundCoding, study: Study) -> Coded:
    spans, _ = place(found.coding, study)
    return Coded(spans, frozenset(found.coding.header.uncoded))


def of_study(study: Study, first: Coded, second: Coded) -> StudyAgreement:
    """Two coders' agreement on a study; the sentences are those that may be coded."""
    text, sentences = study.text, [one.span for one in codable_sentences(study)]
    ours, theirs = first.spans, second.spans
    whole, whole_theirs = ([one for one in side if metrics.is_complete(one)] for side in (ours, theirs))
    pairs = [
        (ours[pair.first], theirs[pair.second])
        for pair in metrics.matched(ours, theirs, text)
        if pair.score >= metrics.MATCH
    ]
    silent = first.uncoded | second.uncoded
    found = metrics.detection(ours, theirs, sentences)
    figures = {
        **metrics.compare(ours, theirs, text, sentences),
        "configurations strict": metrics.configuration_counts(ours, theirs, text, AGREED).f1,
        "complete configurations strict": metrics.configuration_counts(whole, whole_theirs, text, AGREED).f1,
        "alpha": _needing_extra(lambda: metrics.alpha(ours, theirs, text, sentences)),
        "sentence kappa": sentence_kappa(found, len(sentences)),
        "level kappa": math.nan if "level" in silent else kappa([(a.level, b.level) for a, b in pairs]),
        "polarity kappa": math.nan if "polarity" in silent else kappa([(a.polarity, b.polarity) for a, b in pairs]),
    }
    return StudyAgreement(study.id, (len(ours), len(theirs)), len(pairs), {name: figures[name] for name in FIGURES})


def sentence_kappa(found: metrics.Counts, sentences: int) -> float:
    """Cohen's kappa on whether a sentence lies in a configuration, -1 to 1; NaN where nothing varies.

    Args:
        found: Sentences that both, only the second, and only the first put into one.
        sentences: How many may be coded.
    """
    neither = sentences - found.hits - found.spurious - found.missed
    cells = {
        ("in", "in"): found.hits,
        ("out", "in"): found.spurious,
        ("in", "out"): found.missed,
        ("out", "out"): neither,
    }
    return kappa([pair for pair, times in cells.items() for _ in range(times)])


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of paired labels, unweighted, -1 to 1; NaN where fewer than two labels occur."""
    if len({label for pair in pairs for label in pair}) < 2:
        return math.nan
    return _needing_extra(lambda: _cohen(pairs))


def _cohen(pairs: Sequence[tuple[str, str]]) -> float:
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*pairs, strict=True)
    return float(cohen_kappa_score(list(map(str, first)), list(map(str, second))))


def _needing_extra(compute: Callable[[], float]) -> float:
    try:
        return compute()
    except ModuleNotFoundError as error:
        raise MissingExtra(f"agreement needs {error.name}, which is not installed", extra="eval") from error
