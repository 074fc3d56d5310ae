"""What is chosen after training, on articles that were held out: how to decode, and how sure a claim is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.tagging.trained.decoding import Decoding, Found, decode
from assistant.tagging.trained.heads import Heads, Reading
from assistant.tagging.trained.joining import Joining
from assistant.tagging.trained.tagger import TrainedTagger
from assistant.tagging.trained.windows import Tokens
from evals.extraction import metrics
from evals.extraction.systems import coded_claims
from evals.extraction.train.documents import Document

_BINS = 5
"""Of the reliability table, of as many candidates each."""
_GRID: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("favour", (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5)),
    ("lenience", (1.0, 2.0, 3.0, 4.0, 6.0)),
    ("whole", (0.2, 0.3, 0.4, 0.5, 0.6)),
    ("trust", (0.0, 0.25, 0.5, 0.75)),
    ("floor", (0.1, 0.2, 0.3, 0.4, 0.5)),
    ("joining.part", (0.1, 0.2, 0.3, 0.4, 0.5)),
    ("joining.across", (0.5, 0.6, 0.7, 0.8, 0.9)),
    ("joining.same", (0.3, 0.4, 0.5, 0.6)),
    ("joining.parted", (0.5, 0.6, 0.75, 1.0)),
    ("joining.same_across", (0.6, 0.8, 0.9, 0.95)),
    ("joining.least", (0.1, 0.2, 0.3, 0.5)),
)
"""Settings of the decoding, each with the values that are tried."""


START = Decoding(lenience=2.0, whole=0.2, floor=0.5, joining=Joining(part=0.5, across=0.9))
"""Where the search begins; it goes up one setting at a time and ends on the hill that it began on."""


@dataclass(frozen=True, slots=True)
class Read:
    """A held-out article with what the model says of its sentences."""

    document: Document
    tokens: Sequence[Tokens]
    readings: Sequence[Reading | None]
    heads: Heads

    def found(self, decoding: Decoding) -> tuple[Found, ...]:
        """What is found with ``decoding``."""
        return decode(self.document.sentences, self.tokens, self.readings, self.heads, decoding)

    def scores(self, found: Sequence[Found]) -> dict[str, float]:
        """`evals.extraction.metrics.compare` with the article's coding."""
        spans = [one.span for one in self.document.sentences]
        ours = coded_claims([one.claim for one in found])
        return metrics.compare(self.document.configurations, ours, self.document.text, spans)

    def matching(self, found: Sequence[Found]) -> list[bool]:
        """For each claim, whether it matches a coded configuration."""
        ours = coded_claims([one.claim for one in found])
        pairs = metrics.matched(self.document.configurations, ours, self.document.text)
        hits = {pair.second for pair in pairs if pair.score >= metrics.MATCH}
        return [number in hits for number in range(len(found))]


def read(tagger: TrainedTagger, documents: Sequence[Document]) -> list[Read]:
    """The articles as the tagger reads them."""
    return [Read(document, *tagger.read(document.sentences), tagger.heads) for document in documents]


def mean_scores(articles: Sequence[Read], decoding: Decoding) -> dict[str, float]:
    """Each score's mean over the articles."""
    rows = [article.scores(article.found(decoding)) for article in articles]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(metrics.mean([row.get(name, math.nan) for row in rows]), 4) for name in names}


def best_decoding(articles: Sequence[Read], start: Decoding, rounds: int = 2) -> Decoding:
    """The decoding with the best sum of detection, role and configuration F1, one setting after another."""
    best, score = start, _worth(articles, start)
    for _ in range(rounds):
        for setting, values in _GRID:
            for value in values:
                tried = _with(best, setting, value)
                if (worth := _worth(articles, tried)) > score + 1e-6:
                    best, score = tried, worth
    return best


def _with(decoding: Decoding, setting: str, value: float) -> Decoding:
    group, _, name = setting.rpartition(".")
    if group:
        return replace(decoding, joining=replace(decoding.joining, **{name: value}))
    return replace(decoding, **{name: value})  # type: ignore[arg-type]


def _worth(articles: Sequence[Read], decoding: Decoding) -> float:
    scores = mean_scores(articles, decoding)
    return scores["detection"] + scores["roles"] + scores["configurations"]


def calibrated(articles: Sequence[Read], decoding: Decoding) -> Decoding:
    """``decoding`` with the weights of its confidence fitted to whether held-out claims match coded ones."""
    from sklearn.linear_model import LogisticRegression

    found = [article.found(decoding) for article in articles]
    evidence = [one.evidence[1:] for claims in found for one in claims]
    right = [hit for article, claims in zip(articles, found, strict=True) for hit in article.matching(claims)]
    model = LogisticRegression(C=0.3).fit(evidence, right)
    weights = (float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))
    return replace(decoding, calibration=tuple(round(weight, 4) for weight in weights))


def kept(articles: Sequence[Read], decoding: Decoding) -> Decoding:
    """``decoding`` with the confidence below which leaving a claim out gains more than it loses."""
    tried = [replace(decoding, keep=keep) for keep in (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)]
    return max(tried, key=lambda one: (_worth(articles, one), -one.keep))


def reliability(articles: Sequence[Read], decoding: Decoding) -> list[dict[str, float]]:
    """Confidence against truth in bins of like size, from the least sure."""
    pairs: list[tuple[float, bool]] = []
    for article in articles:
        found = article.found(decoding)
        pairs.extend(zip([one.claim.confidence for one in found], article.matching(found), strict=True))
    pairs.sort()
    bins = [pairs[len(pairs) * at // _BINS : len(pairs) * (at + 1) // _BINS] for at in range(_BINS)]
    return [
        {
            "confidence": round(metrics.mean([confidence for confidence, _ in part]), 3),
            "matching": round(metrics.mean([float(hit) for _, hit in part]), 3),
            "candidates": float(len(part)),
        }
        for part in bins
        if part
    ]
