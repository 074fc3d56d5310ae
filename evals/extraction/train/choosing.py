"""What is chosen after training, on articles that were held out: how to decode, and how sure a claim is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.tagging.tags import TaggedClaim
from assistant.tagging.trained import decoding as decoding_module
from assistant.tagging.trained.decoding import Decoding, decode
from assistant.tagging.trained.heads import Heads, Reading
from assistant.tagging.trained.joining import Joining
from assistant.tagging.trained.tagger import TrainedTagger
from assistant.tagging.trained.windows import Tokens
from evals.extraction import metrics
from evals.extraction.systems import coded_claims
from evals.extraction.train.documents import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BINS = 5
"""Of the reliability table, of as many candidates each."""


@dataclass(frozen=True, slots=True)
class Read:
    """A held-out article with what the model says of its sentences."""

    document: Document
    tokens: Sequence[Tokens]
    readings: Sequence[Reading | None]
    heads: Heads

    def claims(self, decoding: Decoding) -> tuple[TaggedClaim, ...]:
        """What is found with ``decoding``."""
        return decode(self.document.sentences, self.tokens, self.readings, self.heads, decoding)

    def scores(self, claims: Sequence[TaggedClaim]) -> dict[str, float]:
        """`evals.extraction.metrics.compare` with the article's coding."""
        spans = [one.span for one in self.document.sentences]
        return metrics.compare(self.document.configurations, coded_claims(claims), self.document.text, spans)


def read(tagger: TrainedTagger, documents: Sequence[Document]) -> list[Read]:
    """The articles as the tagger reads them."""
    found = []
    for document in documents:
        tokens, readings = tagger.read(document.sentences)
        found.append(Read(document, tokens, readings, tagger.heads))
    return found


def mean_scores(articles: Sequence[Read], decoding: Decoding) -> dict[str, float]:
    """Each score's mean over the articles."""
    rows = [article.scores(article.claims(decoding)) for article in articles]
    return {name: round(metrics.mean([row[name] for row in rows]), 4) for name in rows[0]}


def best_decoding(articles: Sequence[Read], start: Decoding = Decoding()) -> Decoding:  # noqa: B008 - frozen
    """The decoding with the best sum of the three scores, found one setting at a time."""
    best, score = start, _worth(articles, start)
    for _ in range(2):
        for setting, values in _GRID:
            for value in values:
                tried = _with(best, setting, value)
                if (worth := _worth(articles, tried)) > score + 1e-6:
                    best, score = tried, worth
    return best


_GRID: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("favour", (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0)),
    ("trust", (0.0, 0.25, 0.5, 0.75, 1.0)),
    ("floor", (0.1, 0.2, 0.3, 0.4, 0.5)),
    ("joining.part", (0.2, 0.3, 0.4, 0.5, 0.6)),
    ("joining.same", (0.3, 0.4, 0.5, 0.6)),
    ("joining.least", (0.03, 0.1, 0.2, 0.3)),
)


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

    values, right = _judged(articles, decoding)
    model = LogisticRegression(C=1.0).fit(values[:, 1:], right)
    weights = (float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))
    return replace(decoding, calibration=tuple(round(weight, 4) for weight in weights))


def _judged(articles: Sequence[Read], decoding: Decoding) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What tells how sure each claim is, and whether it matches a coded configuration."""
    import numpy as np

    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for article in articles:
        with _recorded() as seen:
            claims = article.claims(decoding)
        matches = metrics.matched(article.document.configurations, coded_claims(claims), article.document.text)
        hits = {pair.second for pair in matches if pair.score >= metrics.MATCH}
        rows.extend(seen[claim] for claim in claims)
        right.extend(number in hits for number in range(len(claims)))
    return np.asarray(rows), np.asarray(right)


class _recorded:  # noqa: N801 - used as a context manager only
    """Keeps the evidence of each claim while it is decoded."""

    def __enter__(self) -> dict[TaggedClaim, tuple[float, ...]]:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        raise NotImplementedError


def reliability(articles: Sequence[Read], decoding: Decoding) -> list[dict[str, float]]:
    """Confidence against truth in bins of like size, from the least sure."""
    import numpy as np

    pairs: list[tuple[float, bool]] = []
    for article in articles:
        claims = article.claims(decoding)
        matches = metrics.matched(article.document.configurations, coded_claims(claims), article.document.text)
        hits = {pair.second for pair in matches if pair.score >= metrics.MATCH}
        pairs.extend((claim.confidence, number in hits) for number, claim in enumerate(claims))
    ranked = sorted(pairs)
    return [
        {
            "confidence": round(float(np.mean([c for c, _ in part])), 3),
            "matching": round(float(np.mean([hit for _, hit in part])), 3),
            "candidates": float(len(part)),
        }
        for part in (ranked[len(ranked) * b // _BINS : len(ranked) * (b + 1) // _BINS] for b in range(_BINS))
        if part
    ]


__all__ = ["Joining", "Iterator", "decoding_module", "itertools"]
