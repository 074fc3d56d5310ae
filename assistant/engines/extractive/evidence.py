"""Whether the passages found support an answer: a calibrated probability, and the reason where they do not.

Nearness alone does not tell a question that the corpus answers from one that it merely touches. The model weighs
how far the best passages and sentences bear on the question by the reranker, for how near they are, and whether its
telling words and names occur at all. Weights and threshold are in ``evidence.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.answers import AbstentionReason
from assistant.domain.passages import RetrievedPassage
from assistant.engines.extractive.sentences import Sentence, evidence_stems
from assistant.retrieval.question import Asked
from assistant.retrieval.relevance import coverage

_FEW = 3
"""Sentences or passages whose mean stands for the best."""
_NONE = -6.0
"""Log-odds that stand for nothing to read."""
_NEAR = 0.45
"""Cosine beyond which nearer says nothing more of an answer: silent questions on the subject are as near as others."""
_FAR_COVERAGE = 0.34
_FAR_COSINE = 0.35
"""Below both, nothing near the question was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to judge."""

    asked: Asked
    """The question."""
    passages: Sequence[RetrievedPassage]
    """Best first."""
    bearings: Sequence[float]
    """Log-odds that each passage holds evidence, from the reranker."""
    sentences: Sequence[Sentence]
    """Of the passages."""
    rarity: Mapping[str, float]
    """Weight of each of the question's stems."""


def evidence_features(found: Found) -> dict[str, float]:
    """The features of a question and what was found for it: log-odds of the reranker, and shares from 0 to 1."""
    asked, rarity = found.asked, found.rarity
    by_reading = [one.bearing for one in found.sentences]
    anywhere = frozenset().union(*evidence_stems(found.passages))
    return {
        "bearing": max(by_reading, default=_NONE),
        "bearing_few": _mean_of_best(by_reading),
        "bearing_passage": max(found.bearings, default=_NONE),
        "bearing_passage_few": _mean_of_best(found.bearings),
        "coverage": coverage(asked.stems, anywhere, rarity),
        "missing": _rarest_missing(asked, anywhere, rarity),
        "names": _share_of(asked.names, anywhere),
        "similarity": min(max((one.similarity for one in found.passages), default=0.0), _NEAR),
    }


def reason_for(found: Found) -> AbstentionReason:
    """Why a question that is in scope gets no answer: nothing near, or near and not enough."""
    nearest = max((one.similarity for one in found.passages), default=0.0)
    covered = max(
        (coverage(found.asked.stems, stems, found.rarity) for stems in evidence_stems(found.passages)), default=0.0
    )
    far = nearest < _FAR_COSINE and covered < _FAR_COVERAGE
    return AbstentionReason.NOT_RETRIEVED if far or not found.sentences else AbstentionReason.NO_EVIDENCE


def _mean_of_best(values: Sequence[float]) -> float:
    best = sorted(values, reverse=True)[:_FEW]
    return sum(best) / len(best) if best else _NONE


def _share_of(names: frozenset[str], within: frozenset[str]) -> float:
    return len(names & within) / len(names) if names else 1.0


def _rarest_missing(asked: Asked, within: frozenset[str], rarity: Mapping[str, float]) -> float:
    """How telling the rarest stem is that does not occur, as a share of the most telling one asked for."""
    highest = max((rarity.get(stem, 1.0) for stem in asked.stems), default=1.0) or 1.0
    return max((rarity.get(stem, 1.0) / highest for stem in asked.stems if stem not in within), default=0.0)
