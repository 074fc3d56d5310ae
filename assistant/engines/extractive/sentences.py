"""Sentences of the passages found, each with how well it answers, and the choice among them.

A linear model over what the reranker says of a sentence, what it holds (the question's words, the kind of thing asked
for) and where it stands. Its weights are in ``sentences.toml``. Choice by maximal marginal relevance, Carbonell and
Goldstein 1998, doi:10.1145/290941.291025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import pstdev

from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.engines.extractive.reranking import Bearing
from assistant.retrieval.cues import Cue, count
from assistant.retrieval.linear import logit
from assistant.retrieval.question import Asked
from assistant.retrieval.relevance import coverage, passage_stems
from assistant.text.words import content_stems, stem, words

_MANY = 3
"""Cues in a sentence beyond which more of them say nothing more."""
_NEAR = 4
"""Words between a figure and a word of the question that count as side by side."""
_FIGURE = re.compile(
    r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|half|third|quarter|none|all|both)$"
)
_LEANS = re.compile(
    r"\W*(?:this|these|those|that|they|their|them|it|its|he|she|his|her|such|both|however|moreover|furthermore|"
    r"in addition|also|instead|therefore|thus|hence|similarly|conversely|others|another|in contrast|by contrast|"
    r"for example|for instance|yet|but|nevertheless|consequently|so)\b",
    re.I,
)
_SPOKEN = re.compile(r"\W*[“‘\"]")
_SHORT = 50
"""Code points below which a sentence seldom answers alone."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage."""

    passage: Passage
    """Where it stands."""
    number: int
    """Its place in ``passage.sentences``."""
    text: str
    """Its words, verbatim."""
    rank: int
    """Place of its passage among those retrieved, from 0."""
    relevance: float
    """Log-odds of its passage minus those of the best one; 0 or below."""
    stems: frozenset[str]
    """Content stems of its words."""
    around: frozenset[str]
    """Content stems of it, its neighbours in the passage, the headings above and the study's id."""
    bearing: float
    """Log-odds that it is evidence, from the reranker."""

    @property
    def span(self) -> Span:
        """Where it stands in the stored text."""
        return self.passage.sentences[self.number]

    @property
    def leans(self) -> bool:
        """Whether it opens on a word that points back to the sentence before."""
        return _LEANS.match(self.text) is not None


def sentences_of(passages: Sequence[RetrievedPassage], bearings: Sequence[Bearing]) -> list[Sentence]:
    """The sentences of ``passages`` in their order; tables and sentences without letters are left out.

    Args:
        passages: Best first.
        bearings: Of each passage and its sentences on the question.
    """
    highest = max((logit(found.score) for found in passages), default=0.0)
    return [
        sentence
        for rank, (found, bearing) in enumerate(zip(passages, bearings, strict=True))
        for sentence in _sentences(found.passage, rank, logit(found.score) - highest, bearing)
        if any(char.isalpha() for char in sentence.text) and " | " not in sentence.text
    ]


def _sentences(passage: Passage, rank: int, relevance: float, bearing: Bearing) -> Iterator[Sentence]:
    texts = [span.shifted(-passage.span.start).of(passage.text) for span in passage.sentences]
    stems = [frozenset(content_stems(text)) for text in texts]
    above = frozenset(content_stems(" ".join((passage.study.replace("-", " "), *passage.path[-2:]))))
    for number, (text, said) in enumerate(zip(texts, bearing.sentences, strict=True)):
        around = above.union(*stems[max(number - 1, 0) : number + 2])
        yield Sentence(passage, number, text, rank, relevance, stems[number], around, said)


def sentence_features(
    asked: Asked, sentences: Sequence[Sentence], rarity: Mapping[str, float]
) -> list[dict[str, float]]:
    """The features of each sentence, most of them between 0 and 1.

    Args:
        asked: The question.
        sentences: From `sentences_of`.
        rarity: Weight of each of the question's stems.
    """
    return [
        {
            "bearing": sentence.bearing,
            "coverage": coverage(asked.stems, sentence.stems, rarity),
            "coverage_around": coverage(asked.stems, sentence.around, rarity),
            "relevance": sentence.relevance,
            "rank": sentence.rank / 8,
            "length": min(len(sentence.text), 400) / 400,
            "short": float(len(sentence.text) < _SHORT),
            "asks": float(sentence.text.rstrip("”’\"' ").endswith("?")),
            "leans": float(sentence.leans),
            f"in_{sentence.passage.section.value}": 1.0,
            **_kind_features(asked, sentence),
        }
        for sentence in sentences
    ]


def _kind_features(asked: Asked, sentence: Sentence) -> dict[str, float]:
    kind = asked.kind
    if kind is None:
        return {}
    features = {f"cues_{kind.value}": min(count(kind, sentence.text), _MANY) / _MANY}
    if kind is Cue.QUANTITY and _figure_beside(sentence.text, asked.stems):
        features["figure_beside"] = 1.0
    if kind is Cue.SPEECH and _SPOKEN.match(sentence.text):
        features["spoken"] = 1.0
    if kind is Cue.REASON and sentence.passage.section is SectionType.METHODS:
        features["reason_in_methods"] = 1.0
    return features


def _figure_beside(text: str, stems: Sequence[str]) -> bool:
    """Whether a figure stands within a few words of one of ``stems``."""
    found = words(text)
    asked_for = [at for at, word in enumerate(found) if stem(word) in stems]
    figures = [at for at, word in enumerate(found) if _FIGURE.search(word)]
    return any(abs(one - other) <= _NEAR for one in asked_for for other in figures)


def choose(scores: Sequence[float], sentences: Sequence[Sentence], limit: int, penalty: float = 0.5) -> list[int]:
    """Indices of at most ``limit`` sentences, best first, each weighed against likeness to those before.

    Args:
        scores: Log-odds of each sentence.
        sentences: In the same order; two are as alike as the share of their stems that they have in common.
        limit: How many.
        penalty: Standard deviations of score that a full repeat costs; likeness below 0.5 costs nothing.
    """
    if not scores:
        return []
    spread = pstdev(scores) or 1.0
    chosen: list[int] = []
    likeness = [0.0] * len(scores)
    while len(chosen) < min(limit, len(scores)):
        left = (at for at in range(len(scores)) if at not in chosen)
        best = max(left, key=lambda at: scores[at] / spread - penalty * max(likeness[at] - 0.5, 0.0) * 2)
        chosen.append(best)
        likeness = [max(known, _likeness(one, sentences[best])) for known, one in zip(likeness, sentences, strict=True)]
    return chosen


def _likeness(one: Sentence, other: Sentence) -> float:
    """Share of the stems of both that both have."""
    return len(one.stems & other.stems) / (len(one.stems | other.stems) or 1)


def evidence_stems(passages: Sequence[RetrievedPassage]) -> list[frozenset[str]]:
    """Stems of each passage with its headings and its study's id."""
    return [passage_stems(found.passage, found.passage.study.replace("-", " ")) for found in passages]
