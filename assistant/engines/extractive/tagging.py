"""The trained tagger on its encoder, loaded when it is first asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.tagging.trained.card import FOLDER, read_card

if TYPE_CHECKING:
    from assistant.tagging.tags import SentenceInPlace, TaggedClaim
    from assistant.tagging.trained.tagger import TrainedTagger


@dataclass(frozen=True, kw_only=True)
class PackagedTagger:
    """The `Tagger` that ships."""

    cache: Path
    """Folder for what is computed once and kept."""
    threads: int = 0
    """For one call; 0 for as many as there are cores."""
    folder: Path = FOLDER
    """Where the weights and their card lie."""

    @property
    def name(self) -> str:
        """Name and version of the weights, from their card alone.

        Raises:
            WeightsError: If the card can't be read.
        """
        return str(read_card(self.folder)["name"])

    def claims(self, sentences: Sequence[SentenceInPlace]) -> Sequence[TaggedClaim]:
        """The claims of one study, in the order of the text.

        Raises:
            WeightsError: If the weights are missing or not the ones that their card describes.
            EmbeddingError: The same of the encoder's.
        """
        return self._tagger.claims(sentences)

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        """How surely each of a study's sentences belongs to a configuration, 0 to 1, higher is surer.

        Raises:
            WeightsError: As `claims`.
            EmbeddingError: As `claims`.
        """
        return self._tagger.detections(sentences)

    @cached_property
    def _tagger(self) -> TrainedTagger:
        from assistant.embedding.states import TokenStates
        from assistant.tagging.trained.files import packaged
        from assistant.tagging.trained.tagger import TrainedTagger

        parts = packaged(self.folder)
        encoders = [TokenStates(changed, cache=self.cache, threads=self.threads) for changed in parts.encoders]
        return TrainedTagger(encoders, parts.heads, parts.card.decoding, parts.card.name)
