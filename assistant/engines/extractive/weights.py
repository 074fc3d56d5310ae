"""The reranker that ships, loaded when it is first used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from assistant.domain.passages import Passage
from assistant.embedding.states import TokenStates
from assistant.engines.extractive.reranking import NAMES, Bearing, Reranker
from assistant.errors import EmbeddingError

FOLDER = Path(__file__).parent / "reranker"
"""Where weights and card lie."""
WEIGHTS, CARD = "reranker.safetensors", "card.json"

_REMEDY = "Install realist-assistant again, or train the reranker anew with `python -m evals.answering.reranker`."


class PackagedReranker:
    """The `Reranker` that ships.

    Args:
        cache: Folder for what is computed once and kept.
        threads: For one call; 0 for as many as there are cores.
        folder: Where the weights and their card lie.
    """

    def __init__(self, *, cache: Path, threads: int = 0, folder: Path = FOLDER) -> None:
        self._cache = cache
        self._threads = threads
        self._folder = folder

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        """How far each passage and each of its sentences bears on ``question``.

        Raises:
            EmbeddingError: If weights or card are missing, or the weights are not the ones that the card describes.
        """
        return self._reranker.bearings(question, passages)

    @cached_property
    def _reranker(self) -> Reranker:
        import numpy as np
        from safetensors.numpy import load

        try:
            content, card = (self._folder / WEIGHTS).read_bytes(), json.loads((self._folder / CARD).read_bytes())
        except (OSError, ValueError) as error:
            raise EmbeddingError("The reranker's weights can't be read", remedy=_REMEDY, path=self._folder) from error
        if hashlib.sha256(content).hexdigest() != card["sha256"]:
            raise EmbeddingError(
                "The reranker's weights are not the ones that their card describes", remedy=_REMEDY, path=self._folder
            )
        tensors = {name: tensor.astype(np.float32) for name, tensor in load(content).items()}
        heads = {name: tensors.pop(name) for name in NAMES}
        return Reranker(TokenStates(tensors, cache=self._cache, threads=self._threads), heads)
