"""What can be varied in training the question encoder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the question encoder is trained."""

    layers: int = 6
    """How many of the encoder's layers change, from the last."""
    epochs: int = 2
    """Passes over the questions."""
    rate: float = 3e-5
    """Highest learning rate."""
    questions: int = 16
    """In one step."""
    temperature: float = 0.05
    """By which cosines are divided: the lower, the more the nearest passages count."""
    seed: int = 0
