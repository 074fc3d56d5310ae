"""How likely a passage found is to answer: what the two searches say of it, its study and its neighbours.

A linear model over features that do not depend on the size of the corpus, nor, but for where facts and reasons stand,
on how studies are divided: weights for sections and for cues of the kind asked for, fitted on journal articles, misled
it on other texts. The weights stand in ``relevance.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.passages import Passage
from assistant.domain.study import SectionType
from assistant.retrieval.cues import Cue
from assistant.retrieval.question import Asked
from assistant.text.words import content_stems

_FACTS = frozenset({Cue.QUANTITY, Cue.TIME, Cue.PLACE, Cue.PROCEDURE})
_STRONGEST = 3
"""Passages of a study whose fused scores speak for the study."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that a search found, with what the searches said of it."""

    passage: Passage
    """What was found."""
    similarity: float
    """Cosine with the question."""
    lexical: float
    """BM25 score as a share of the best one's, 0 where the lexical search did not find it."""
    fused: float
    """Reciprocal-rank sum."""
    title: str
    """Of its study."""


def relevance_features(
    asked: Asked, candidates: Sequence[Candidate], rarity: Mapping[str, float]
) -> list[dict[str, float]]:
    """The features of each candidate, most of them between 0 and 1.

    Args:
        asked: The question.
        candidates: What the searches found, together.
        rarity: Weight of each of the question's stems.
    """
    best = max((candidate.fused for candidate in candidates), default=0.0) or 1.0
    fused = {candidate.passage.id: candidate.fused / best for candidate in candidates}
    support = _study_support(candidates, best)
    return [
        {
            "similarity": candidate.similarity,
            "lexical": candidate.lexical,
            "fused": fused[candidate.passage.id],
            "support": support[candidate.passage.study],
            "neighbour": max(
                fused.get(f"{candidate.passage.study}:{candidate.passage.index + by}", 0) for by in (-1, 1)
            ),
            "coverage": coverage(asked.stems, passage_stems(candidate.passage, candidate.title), rarity),
            **_kind_features(asked, candidate.passage),
        }
        for candidate in candidates
    ]


def passage_stems(passage: Passage, title: str = "") -> frozenset[str]:
    """Content stems of a passage, its headings and its study's title."""
    return frozenset(content_stems(" ".join((title, *passage.path[-2:], passage.text))))


def coverage(stems: Sequence[str], within: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Share of a question's ``stems``, weighted by rarity, that stand in a text; 0 to 1, and 0 without stems."""
    total = sum(rarity.get(stem, 1.0) for stem in stems)
    return sum(rarity.get(stem, 1.0) for stem in stems if stem in within) / total if total else 0.0


def _study_support(candidates: Sequence[Candidate], best: float) -> dict[str, float]:
    """By study, the mean fused score of its strongest passages as a share of the best study's."""
    by_study: dict[str, list[float]] = {}
    for candidate in candidates:
        by_study.setdefault(candidate.passage.study, []).append(candidate.fused / best)
    means = {study: sum(sorted(sums, reverse=True)[:_STRONGEST]) / _STRONGEST for study, sums in by_study.items()}
    highest = max(means.values(), default=1.0)
    return {study: mean / highest for study, mean in means.items()}


def _kind_features(asked: Asked, passage: Passage) -> dict[str, float]:
    """Whether the passage is a table, and whether what is asked for mostly stands where it stands."""
    section = passage.section
    reported = section in {SectionType.RESULTS, SectionType.DISCUSSION}
    found = {
        "table": "|" in passage.text,
        "fact_in_methods": asked.kind in _FACTS and section is SectionType.METHODS,
        "reason_in_methods": asked.kind is Cue.REASON and section is SectionType.METHODS,
        "reason_in_results": asked.kind is Cue.REASON and reported,
    }
    return {name: 1.0 for name, true in found.items() if true}
