"""What a user would build instead: text cut at 1,000 characters with 200 of overlap, embedded, the nearest few.

The cutting follows LangChain's recursive splitter near enough; that package is no dependency of the project.
"""

from __future__ import annotations

import numpy as np

from assistant.domain.spans import Span
from assistant.domain.study import Study
from evals.answering.measures import Place
from evals.answering.trials import Corpus, Trial

SIZE = 1_000
OVERLAP = 200


class VanillaChunks:
    """Character chunks of whole stored texts, references and all, found by cosine."""

    def __init__(self, corpus: Corpus) -> None:
        studies = [corpus.store.study(study) for study in sorted(corpus.ids)]
        self._places = [place for study in studies for place in cut(study)]
        texts = {study.id: study.text for study in studies}
        self._encoder = corpus.encoder
        fitting = [self._fitted(span.of(texts[study])) for study, span in self._places]
        self._vectors = self._encoder.embed(fitting)

    def _fitted(self, text: str) -> str:
        """``text`` as the encoder would read it, cut off at its limit as sentence-transformers does."""
        while self._encoder.count_tokens([text])[0] > self._encoder.max_tokens:
            text = text[: int(len(text) * 0.9)]
        return text

    def nearest(self, trial: Trial, limit: int) -> list[Place]:
        """The ``limit`` chunks nearest to a question."""
        similarities = self._vectors @ self._encoder.embed([trial.question.question])[0]
        return [self._places[at] for at in np.argsort(-similarities, kind="stable")[:limit]]


def cut(study: Study) -> list[Place]:
    """Chunks of at most `SIZE` characters, each ending at a paragraph, else a line, else a space."""
    places: list[Place] = []
    start = 0
    while start < len(study.text):
        end = _end(study.text, start)
        places.append((study.id, Span(start, end)))
        if end == len(study.text):
            break
        space = study.text.find(" ", max(start + 1, end - OVERLAP), end)
        start = space + 1 if space >= 0 else end
    return places


def _end(text: str, start: int) -> int:
    if len(text) - start <= SIZE:
        return len(text)
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, start + SIZE // 2, start + SIZE)
        if at > 0:
            return at + len(mark)
    return start + SIZE
