"""Fitting of the question adapter: questions against all passages of a corpus, their evidence to come first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.adapter import QuestionAdapter
from evals.answering.questions import EvalQuestion
from evals.answering.trials import Corpus

TEMPERATURE = 0.05
"""Of the softmax over cosines."""
STEPS = 20
RATE = 0.001
"""Step of Adam. Three times as much, or as many steps, fits the questions given and helps the others less."""
DECAY = 0.02
"""Pull towards the identity."""

Matrix = NDArray[np.float32]


def fit_adapter(corpus: Corpus, questions: Sequence[EvalQuestion]) -> QuestionAdapter:
    """A map under which the passages that hold a question's evidence are likelier than all others of the corpus.

    The loss of a question is the negative log of what a softmax over all passages gives to those with its evidence.

    Args:
        corpus: Holds the evidence of some questions.
        questions: To fit on; those without evidence are left out.
    """
    useful = [one for one in questions if one.evidence and one.studies <= corpus.ids]
    passages, vectors = corpus.everything
    wanted = np.zeros((len(useful), len(passages)), np.float32)
    for row, one in enumerate(useful):
        places = [place for piece in one.evidence for place in corpus.resolver.places(piece)]
        for study, span in places:
            wanted[row, [at for at in corpus.numbers[study] if passages[at].span.overlaps(span)]] = 1
    asked = corpus.encoder.embed([one.question for one in useful])
    found = wanted.any(axis=1)
    return QuestionAdapter(corpus.encoder.fingerprint, _descend(asked[found], vectors, wanted[found]))


def _descend(asked: Matrix, vectors: Matrix, wanted: Matrix) -> Matrix:
    """The change to the identity after `STEPS` of Adam. Source: Kingma and Ba 2015, arXiv:1412.6980."""
    change = np.zeros((asked.shape[1], asked.shape[1]), np.float32)
    first, second = np.zeros_like(change), np.zeros_like(change)
    for step in range(1, STEPS + 1):
        gradient = _gradient(asked, vectors, wanted, change) + DECAY * change
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        change = change - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return change


def _gradient(asked: Matrix, vectors: Matrix, wanted: Matrix, change: Matrix) -> Matrix:
    scores = (asked + asked @ change.T) @ vectors.T / TEMPERATURE
    given = np.exp(scores - scores.max(axis=1, keepdims=True))
    held = given * wanted
    off = given / given.sum(axis=1, keepdims=True) - held / (held.sum(axis=1, keepdims=True) + 1e-9)
    moved: Matrix = (off @ vectors).T @ asked / TEMPERATURE / len(asked)
    return moved
