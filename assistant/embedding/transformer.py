"""Any other model that sentence-transformers loads; slower to start and heavier, for larger or multilingual ones."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.embedding.protocol import embed_long, refuse_long
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNBOUNDED = 512
"""Tokens taken where the model states no limit."""


class TransformerEmbedder:
    """An `Embedder` on a model of sentence-transformers; the model is loaded when it is first asked anything.

    Args:
        name: A folder, or a name on the Hugging Face hub, which ``HF_HUB_OFFLINE`` keeps from being asked.
        threads: For torch; 0 leaves torch's own choice.
        batch_size: Texts computed together.
    """

    def __init__(self, name: str, *, threads: int = 0, batch_size: int = 8) -> None:
        self._name = name
        self._threads = threads
        self._batch_size = batch_size

    @property
    def fingerprint(self) -> str:
        """The model's name, its weights' revision or hash, and the dimension."""
        return f"{self._name}@{self._weights_id}/{self.dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def precision(self) -> str:
        """The number format of the model's weights, which it computes in."""
        kind = str(next(self._model.parameters()).dtype)
        return {"torch.float32": "fp32", "torch.bfloat16": "bf16", "torch.float16": "fp16"}.get(kind, kind)

    @property
    def max_tokens(self) -> int:
        """As the model states it."""
        return int(self._model.max_seq_length or _UNBOUNDED)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of ``texts``, shape (n_texts, dimension).

        Raises:
            ValueError: If a text is longer than ``max_tokens``.
            EmbeddingError: If the model can't be loaded.
        """
        import numpy as np

        refuse_long(self.count_tokens(texts), self.max_tokens)
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector for a question of any length, shape (dimension,), as `embed` gives it."""
        return embed_long(self, question)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths of ``texts`` in tokens, special tokens included."""
        if not texts:
            return []
        encoded = self._counter(list(texts), truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    @cached_property
    def _counter(self) -> Any:
        """A tokenizer of its own: one that embeds is set to cut and fill, and takes no second thread meanwhile."""
        return copy.deepcopy(self._model.tokenizer)

    @cached_property
    def _model(self) -> Any:
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            if self._threads:
                torch.set_num_threads(self._threads)
            return SentenceTransformer(self._name)
        except (ImportError, OSError, ValueError) as error:
            raise EmbeddingError(
                f"The embedder sentence-transformers:{self._name} can't be loaded ({_first_line(error)})",
                remedy="Give a folder that holds the model, fetch it while online, or set the embedder to minilm.",
            ) from error

    @cached_property
    def _weights_id(self) -> str:
        folder = Path(self._name)
        if folder.is_dir():
            return _hash_weights(folder)
        revision = getattr(self._model[0].auto_model.config, "_commit_hash", None)
        return str(revision)[:16]


def _hash_weights(folder: Path) -> str:
    """Hash of the weight files below ``folder``, sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted((*folder.rglob("*.safetensors"), *folder.rglob("*.bin"))):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
