"""Sentences of the passages found, each with how well it answers, and the choice among them.

A linear model over what a sentence says (nearness, the question's words, the kind of thing asked for) and where it
stands. Its weights are in ``sentences.toml``. Choice by maximal marginal relevance, Carbonell and Goldstein 1998,
doi:10.1145/290941.291025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.retrieval.cues import Cue, count
from assistant.retrieval.linear import logit
from assistant.retrieval.question import Asked
from assistant.retrieval.relevance import coverage, passage_stems
from assistant.text.words import content_stems, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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

    @property
    def span(self) -> Span:
        """Where it stands in the stored text."""
        return self.passage.sentences[self.number]

    @property
    def leans(self) -> bool:
        """Whether it opens on a word that points back to the sentence before."""
        return _LEANS.match(self.text) is not None


def sentences_of(passages: Sequence[RetrievedPassage]) -> list[Sentence]:
    """The sentences of ``passages`` in their order; tables and sentences without letters are left out."""
    highest = max((logit(found.score) for found in passages), default=0.0)
    return [
        sentence
        for rank, found in enumerate(passages)
        for sentence in _sentences(found.passage, rank, logit(found.score) - highest)
        if any(char.isalpha() for char in sentence.text) and " | " not in sentence.text
    ]


def _sentences(passage: Passage, rank: int, relevance: float) -> Iterator[Sentence]:
    texts = [span.shifted(-passage.span.start).of(passage.text) for span in passage.sentences]
    stems = [frozenset(content_stems(text)) for text in texts]
    above = frozenset(content_stems(" ".join((passage.study.replace("-", " "), *passage.path[-2:]))))
    for number, text in enumerate(texts):
        around = above.union(*stems[max(number - 1, 0) : number + 2])
        yield Sentence(passage, number, text, rank, relevance, stems[number], around)


def likeliest(asked: Asked, sentences: Sequence[Sentence], rarity: Mapping[str, float], limit: int) -> list[Sentence]:
    """The ``limit`` sentences that hold most of the question's words, in their order; only these are embedded.

    A sentence counts with its neighbours and headings, and a little more for words of its own; of equals, those
    of better passages are kept. With half of the sentences left out, citations lose none of the evidence.
    """
    worth = [
        coverage(asked.stems, sentence.around, rarity) + coverage(asked.stems, sentence.stems, rarity) / 2
        for sentence in sentences
    ]
    best = sorted(range(len(sentences)), key=lambda at: (-worth[at], at))[:limit]
    return [sentences[at] for at in sorted(best)]


def sentence_features(
    asked: Asked, sentences: Sequence[Sentence], cosines: Sequence[float], rarity: Mapping[str, float]
) -> list[dict[str, float]]:
    """The features of each sentence, most of them between 0 and 1.

    Args:
        asked: The question.
        sentences: From `sentences_of`.
        cosines: Of each sentence with the question.
        rarity: Weight of each of the question's stems.
    """
    return [
        {
            "cosine": cosines[at],
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
        for at, sentence in enumerate(sentences)
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


def choose(scores: Sequence[float], vectors: NDArray[np.float32], limit: int, penalty: float = 0.5) -> list[int]:
    """Indices of at most ``limit`` sentences, best first, each weighed against likeness to those before.

    Args:
        scores: Log-odds of each sentence.
        vectors: Unit vectors, (n_sentences, dim).
        limit: How many.
        penalty: Standard deviations of score that a full repeat costs; likeness below 0.5 costs nothing.
    """
    import numpy as np

    left = np.asarray(scores, dtype=np.float64)
    if not len(left):
        return []
    left = (left - left.mean()) / (left.std() or 1.0)
    likeness = np.zeros(len(left))
    chosen: list[int] = []
    while len(chosen) < min(limit, len(left)):
        worth = left - penalty * np.clip(likeness - 0.5, 0.0, None) * 2
        worth[chosen] = -np.inf
        chosen.append(int(np.argmax(worth)))
        likeness = np.maximum(likeness, vectors @ vectors[chosen[-1]])
    return chosen


def evidence_stems(passages: Sequence[RetrievedPassage]) -> list[frozenset[str]]:
    """Stems of each passage with its headings and its study's id."""
    return [passage_stems(found.passage, found.passage.study.replace("-", " ")) for found in passages]
