"""What can be varied in training the reranker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the reranker is trained."""

    layers: int = 4
    """How many of the encoder's layers change, from the last; 0 leaves it frozen."""
    epochs: int = 2
    """Passes over the questions, each with other passages."""
    rate: float = 1e-4
    """Highest learning rate of the encoder."""
    head_rate: float = 1e-3
    """Highest learning rate of the heads."""
    batch_tokens: int = 1800
    """Tokens of the passages that make one step, padding included."""
    seed: int = 0
