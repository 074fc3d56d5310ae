"""Token states of the encoder with layers of one's own: what a fine-tuned head reads."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.embedding.batching import batches
from assistant.embedding.session import Loaded, open_session
from assistant.embedding.threads import available_threads
from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.embedding.weights import check_weights, packaged_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_BATCH_TOKENS = 256
"""Tokens that are computed together: what fits the processor's cache."""


class TokenStates:
    """The packaged encoder with some of its weights replaced; loaded when first asked.

    Args:
        changed: Weights that stand in for the packaged ones, by their names; the shapes are the same.
        cache: Folder that keeps the graph and the note that the weights were checked.
        threads: For one call; 0 for as many as there are cores.
    """

    def __init__(self, changed: Mapping[str, NDArray[np.float32]], *, cache: Path, threads: int = 0) -> None:
        self._changed = changed
        self._cache = cache
        self._threads = threads or available_threads()
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The encoder's; neither cuts nor fills."""
        return packaged_tokenizer()

    def states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The last layer of each text, given by its token ids; float32 (n_tokens, 384) each.

        Raises:
            EmbeddingError: If the packaged weights are missing or not the ones expected.
        """
        import numpy as np

        found: list[NDArray[np.float32]] = [np.empty((0, 0), np.float32)] * len(texts)
        for rows in batches([len(text) for text in texts], _BATCH_TOKENS):
            hidden = self._session().states(np.array([texts[row] for row in rows], dtype=np.int64))
            for row, states in zip(rows, hidden, strict=True):
                found[row] = states
        return found

    def _session(self) -> Loaded:
        with self._loading:
            if self._loaded is None:
                path = packaged_files().weights
                check_weights(path, self._cache)
                self._loaded = open_session(
                    path, self._cache, threads=self._threads, packed=True, changed=self._changed
                )
            return self._loaded
