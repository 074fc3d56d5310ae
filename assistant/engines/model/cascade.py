"""The cascade: a tagger proposes where in a study to look, so that the chat model reads less of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.engines.model.windows import Stretch, surroundings
from assistant.tagging.tags import SentenceInPlace

BESIDE = 1
"""Sentences sent on each side of one that is proposed."""


class Detector(Protocol):
    """Says of sentences how surely they belong to a configuration."""

    @property
    def name(self) -> str:
        """Name and version."""

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        """For each of a study's sentences, 0 to 1, higher is surer."""


@dataclass(frozen=True)
class Cascade:
    """Sends the surroundings of the sentences that a detector does not rule out."""

    detector: Detector
    """Who proposes."""
    threshold: float
    """Detection from which a sentence is sent; low, for what is not sent can't be found."""
    beside: int = BESIDE
    """Neighbours sent with it, on either side."""

    @property
    def name(self) -> str:
        """Names all that decides what is sent."""
        return f"{self.threshold}.{self.beside}.{self.detector.name}"

    def look(self, sentences: Sequence[SentenceInPlace]) -> list[Stretch]:
        """The parts of a study that are sent."""
        sure = self.detector.detections(sentences)
        chosen = [at for at, probability in enumerate(sure) if probability >= self.threshold]
        return surroundings(sentences, chosen, self.beside)
