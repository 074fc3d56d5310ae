"""Whether the passages found support an answer: a calibrated probability, and the reason where they do not.

Nearness alone does not tell a question that the corpus answers from one that it merely touches. The model adds
whether the question's telling words and names occur, together and at all, and whether the kind of thing asked for
stands in the nearest sentences. Weights and threshold are in ``evidence.toml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.domain.answers import AbstentionReason
from assistant.domain.passages import RetrievedPassage
from assistant.engines.extractive.sentences import Sentence, evidence_stems
from assistant.retrieval.cues import Cue, count
from assistant.retrieval.question import Asked
from assistant.retrieval.relevance import coverage
from assistant.text.words import content_stems

_FEW = 3
"""Sentences or passages whose mean stands for the best."""
_WINDOW = 12
"""Content words between two that still stand together."""
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
    sentences: Sequence[Sentence]
    """Of the passages."""
    cosines: Sequence[float]
    """Of each sentence with the question."""
    rarity: Mapping[str, float]
    """Weight of each of the question's stems."""


def evidence_features(found: Found) -> dict[str, float]:
    """The features of a question and what was found for it, most of them between 0 and 1."""
    asked, rarity = found.asked, found.rarity
    by_sentence = [coverage(asked.stems, one.stems, rarity) for one in found.sentences]
    within = evidence_stems(found.passages)
    by_passage = [coverage(asked.stems, stems, rarity) for stems in within]
    anywhere = frozenset().union(*within)
    similarities = [one.similarity for one in found.passages]
    joint = [cosine * share for cosine, share in zip(found.cosines, by_sentence, strict=True)]
    return {
        "cosine": max(found.cosines, default=0.0),
        "cosine_few": _mean_of_best(found.cosines),
        "similarity": max(similarities, default=0.0),
        "coverage": max(by_sentence, default=0.0),
        "coverage_few": _mean_of_best(by_sentence),
        "coverage_passage": max(by_passage, default=0.0),
        "coverage_passage_few": _mean_of_best(by_passage),
        "coverage_all": coverage(asked.stems, anywhere, rarity),
        "missing": _rarest_missing(asked, anywhere, rarity),
        "missing_best": _rarest_missing(asked, _best(within, by_passage), rarity),
        "joint": max(joint, default=0.0),
        "together": _share_together(asked.stems, found.passages),
        "one_study": _share_of_one_study(found.passages),
        "names": _share_of(asked.names, anywhere),
        "kind_near": _kind_near(found),
        "words": min(len(asked.stems), 10) / 10,
        f"asks_{asked.kind.value if asked.kind else 'other'}": 1.0,
    }


def reason_for(found: Found) -> AbstentionReason:
    """Why a question that is in scope gets no answer: nothing near, or near and not enough."""
    nearest = max(found.cosines, default=0.0)
    covered = max(
        (coverage(found.asked.stems, stems, found.rarity) for stems in evidence_stems(found.passages)), default=0.0
    )
    far = nearest < _FAR_COSINE and covered < _FAR_COVERAGE
    return AbstentionReason.NOT_RETRIEVED if far or not found.sentences else AbstentionReason.NO_EVIDENCE


def _mean_of_best(values: Sequence[float]) -> float:
    best = sorted(values, reverse=True)[:_FEW]
    return sum(best) / len(best) if best else 0.0


def _best(within: Sequence[frozenset[str]], shares: Sequence[float]) -> frozenset[str]:
    return within[max(range(len(shares)), key=lambda at: shares[at])] if shares else frozenset()


def _rarest_missing(asked: Asked, within: frozenset[str], rarity: Mapping[str, float]) -> float:
    """How telling the rarest stem is that does not occur, as a share of the most telling one asked for."""
    highest = max((rarity.get(stem, 1.0) for stem in asked.stems), default=1.0) or 1.0
    return max((rarity.get(stem, 1.0) / highest for stem in asked.stems if stem not in within), default=0.0)


def _share_of(names: frozenset[str], within: frozenset[str]) -> float:
    return len(names & within) / len(names) if names else 1.0


def _share_together(stems: Sequence[str], passages: Sequence[RetrievedPassage]) -> float:
    """Share of the pairs of stems that stand within `_WINDOW` content words of each other; a half without pairs."""
    pairs = list(combinations(stems, 2))
    if not pairs:
        return 0.5
    places = [_places(stems, one) for one in passages]
    return sum(any(_close(where, pair) for where in places) for pair in pairs) / len(pairs)


def _places(stems: Sequence[str], found: RetrievedPassage) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {stem: [] for stem in stems}
    for at, stem in enumerate(content_stems(" ".join((*found.passage.path[-2:], found.passage.text)))):
        if stem in places:
            places[stem].append(at)
    return places


def _close(places: Mapping[str, Sequence[int]], pair: tuple[str, str]) -> bool:
    one, other = pair
    return any(abs(here - there) <= _WINDOW for here in places[one] for there in places[other])


def _share_of_one_study(passages: Sequence[RetrievedPassage]) -> float:
    """Share of the passages that come from the study with most of them."""
    studies = Counter(found.passage.study for found in passages)
    return max(studies.values()) / len(passages) if passages else 0.0


def _kind_near(found: Found) -> float:
    """Share of the nearest sentences that hold the kind of thing asked for; a half where none is known."""
    kind = found.asked.kind
    if kind is None or not found.sentences:
        return 0.5
    nearest = sorted(range(len(found.cosines)), key=lambda at: -found.cosines[at])[: _FEW + 2]
    return sum(_holds(kind, found.sentences[at]) for at in nearest) / len(nearest)


def _holds(kind: Cue, sentence: Sentence) -> bool:
    return count(kind, sentence.text) > 0
