"""The trained tagger on its encoder, loaded when it is first asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.tagging.trained.card import FOLDER, read_card

if TYPE_CHECKING:
    from assistant.tagging.tags import SentenceInPlace, TaggedClaim
    from assistant.tagging.trained.tagger import TrainedTagger


class PackagedTagger:
    """The `Tagger` that ships.

    Args:
        cache: Folder for what is computed once and kept.
        threads: For one call; 0 for as many as there are cores.
        folder: Where the weights and their card lie.
    """

    def __init__(self, *, cache: Path, threads: int = 0, folder: Path = FOLDER) -> None:
        self._cache = cache
        self._threads = threads
        self._folder = folder

    @property
    def name(self) -> str:
        """Name and version of the weights, from their card alone.

        Raises:
            WeightsError: If the card can't be read.
        """
        return str(read_card(self._folder)["name"])

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

        parts = packaged(self._folder)
        encoder = TokenStates(parts.encoder, cache=self._cache, threads=self._threads)
        return TrainedTagger(encoder, parts.heads, parts.card.decoding, parts.card.name)
