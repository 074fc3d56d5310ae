"""What can be varied in training, and which articles are held out of it."""

from __future__ import annotations

from dataclasses import dataclass

DEVELOPMENT = frozenset({"pmc3888904", "pmc4314754", "pmc5360174"})
"""Coded articles that are never trained on: decoding and confidence are chosen on them."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the model is trained."""

    layers: int = 6
    """How many of the encoder's layers change, from the last; 0 leaves it frozen."""
    rank: int = 0
    """Rank of the change in each of their linear layers; 0 changes the layers themselves."""
    embeddings: bool = False
    """Whether the embeddings change too."""
    epochs: int = 5
    """Passes over the data."""
    rate: float = 1.5e-4
    """Highest learning rate of the encoder."""
    head_rate: float = 1e-3
    """Highest learning rate of the heads."""
    batch_tokens: int = 1400
    """Tokens of the windows that make one step, padding included."""
    share: float = 0.4
    """Share of the passages that an epoch passes over, drawn anew."""
    article_weight: int = 1
    """How many times an epoch passes over the articles."""
    alone: bool = False
    """Whether each sentence is read without place and neighbours."""
    masked: float = 0.1
    """Share of the tokens that an epoch hides from the encoder, other ones each time."""
    tags_weight: float = 4.0
    """Of the tags' loss in the sum."""
    averaged: int = 2
    """Models trained side by side from one start, whose weights are averaged into one."""
    varied: int = 1
    """Models beside that one, each from a start of its own, that see windows of other sizes in each pass."""
    seed: int = 0
