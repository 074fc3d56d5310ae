"""The question encoder while it is trained: questions learn to lie near their passages, whose vectors stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from evals.learning.batching import padded
from evals.learning.encoder import packaged_encoder


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to learn from."""

    ids: tuple[int, ...]
    """Its tokens."""
    among: tuple[int, ...]
    """Rows of the passages of the studies that it is asked of."""
    pieces: tuple[tuple[int, ...], ...]
    """Rows of the passages that give each piece of its evidence."""


class QuestionModel(nn.Module):
    """The encoder of questions.

    Args:
        layers: How many of the encoder's change, from the last.
        passages: Unit vectors of all passages, (n_passages, dim).
        temperature: By which cosines are divided.
    """

    def __init__(self, layers: int, passages: Tensor, temperature: float) -> None:
        super().__init__()
        self.encoder = packaged_encoder(layers)
        self._passages = passages
        self._temperature = temperature

    def vectors(self, questions: Sequence[Sequence[int]]) -> Tensor:
        """Unit vectors of questions given by their tokens, (n_questions, dim)."""
        ids, mask = padded(questions)
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return nn.functional.normalize((states * mask.unsqueeze(2)).sum(1), dim=1)

    def losses(self, asked: Sequence[Asked]) -> dict[str, Tensor]:
        """How unlikely the passages of a piece are, the mean over a question's pieces.

        Against the passages of the studies that it is asked of, and against all: the first teach what answers, the
        second what the question is about.
        """
        cosines = self.vectors([one.ids for one in asked]) @ self._passages.T / self._temperature
        rows = list(zip(asked, cosines, strict=True))
        return {
            "studies": torch.stack([_missed(row, one, row[list(one.among)]) for one, row in rows]).mean(),
            "corpus": torch.stack([_missed(row, one, row) for one, row in rows]).mean(),
        }


def _missed(row: Tensor, asked: Asked, against: Tensor) -> Tensor:
    """Mean negative log-likelihood of the pieces; a piece is found with any passage that gives it."""
    given = torch.stack([torch.logsumexp(row[list(piece)], 0) for piece in asked.pieces])
    return torch.logsumexp(against, 0) - given.mean()
