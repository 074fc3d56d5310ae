"""The default embedder: all-MiniLM-L6-v2, offline, without torch; in fp32 on onnxruntime unless told otherwise."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.embedding import graph
from assistant.embedding.batching import batches
from assistant.embedding.protocol import embed_long, refuse_long
from assistant.embedding.runtime import EXACT, Runtime
from assistant.embedding.session import Loaded, open_session
from assistant.embedding.threads import available_threads
from assistant.embedding.trained import TrainedPart
from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.embedding.weights import WEIGHTS_SHA256, check_weights, map_weights, packaged_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

    from assistant.embedding.openvino_session import OpenVinoSession

_MAX_TOKENS = 256
"""``max_seq_length`` of the packaged ``sentence_bert_config.json``."""

_SENTENCE_TOKENS = 32
"""Length of a usual sentence."""

_FEW = 8
"""Texts of a first call up to which a quick start counts for more than the speed of what follows."""


def question_encoder_in(folder: Path = Path(__file__).parent / "question_encoder") -> TrainedPart:
    """Weights and card in ``folder`` of the layers that embed questions."""
    return TrainedPart("question-encoder", folder, "python -m evals.answering.question_encoder")


class MiniLM:
    """An `Embedder` of 384 dimensions that takes 256 tokens.

    Args:
        cache: Folder that keeps the graph and the note that the weights were checked.
        threads: For one call; 0 for as many as there are cores.
        batch_size: Sentences of usual length that are computed together; more of shorter texts, fewer of longer.
            What is computed together should fit the processor's cache and be of one length: with onnxruntime 1,024
            tokens at once cost a fifth more than the 256 of the default, in passages as in sentences. OpenVINO
            takes twice as many.
        runtime: What computes.
        trained: Layers that stand in for the packaged ones, so that a text lies elsewhere among their vectors; none as
            a rule.
    """

    dimension = graph.DIMENSION
    max_tokens = _MAX_TOKENS
    fingerprint = f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:16]}/{graph.DIMENSION}"

    def __init__(
        self,
        *,
        cache: Path,
        threads: int = 0,
        batch_size: int = 8,
        runtime: Runtime = EXACT,
        trained: TrainedPart | None = None,
    ) -> None:
        self.runtime = runtime
        self._trained = trained
        self._cache = cache
        self._threads = threads or available_threads()
        self._batch_tokens = batch_size * _SENTENCE_TOKENS * runtime.batch_factor
        self._loading = threading.Lock()
        self._loaded: Loaded | OpenVinoSession | None = None

    @property
    def precision(self) -> str:
        """As the runtime's."""
        return self.runtime.precision

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of ``texts``, shape (n_texts, 384); in fp32 equal to sentence-transformers' within 1e-6.

        Raises:
            ValueError: If a text is longer than 256 tokens.
            EmbeddingError: If the packaged weights are missing or not the ones expected.
        """
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        encodings = self._encode(texts)
        lengths = [len(encoding) for encoding in encodings]
        refuse_long(lengths, self.max_tokens)
        if texts:
            loaded = self._load(packed=len(texts) > _FEW)
            filled = [self._filled(length) for length in lengths]
            for rows in batches(filled, self._batch_tokens):
                vectors[rows] = loaded.vectors(_ids([encodings[row] for row in rows], filled[rows[0]]))
        return vectors

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector for a question of any length, shape (384,), by layers trained to put it near its answers.

        The passages' vectors stay those of `embed`. Source: Karpukhin et al. 2020, doi:10.18653/v1/2020.emnlp-main.550,
        with the passages' encoder left as it was.

        Raises:
            WeightsError: If these layers or their card are missing, or are not the ones expected.
            EmbeddingError: The same of the packaged weights.
        """
        return embed_long(self._questions, question)

    @cached_property
    def _questions(self) -> MiniLM:
        return MiniLM(cache=self._cache, threads=self._threads, trained=question_encoder_in())

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths of ``texts`` in tokens, special tokens included."""
        return [len(encoding) for encoding in self._encode(texts)]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch_fast(list(texts)) if texts else []

    def _filled(self, length: int) -> int:
        """Tokens that a text is filled up to for the runtime."""
        return min(-(-length // self.runtime.step) * self.runtime.step, _MAX_TOKENS)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return packaged_tokenizer()

    def _load(self, *, packed: bool) -> Loaded | OpenVinoSession:
        """What computes, made by the first call."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._make(packed=packed)
            return self._loaded

    def _make(self, *, packed: bool) -> Loaded | OpenVinoSession:
        path = packaged_files().weights
        check_weights(path, self._cache)
        changed = self._trained.tensors() if self._trained else {}
        if self.runtime.engine == "openvino":
            from assistant.embedding.openvino_session import OpenVinoSession

            weights = {**map_weights(path), **changed}
            return OpenVinoSession(weights, threads=self._threads, precision=self.runtime.precision)
        return open_session(path, self._cache, threads=self._threads, packed=packed, changed=changed)


def _ids(encodings: Sequence[Encoding], width: int) -> NDArray[np.int64]:
    """Token ids of texts, shape (n_texts, width), filled up with 0."""
    import numpy as np

    ids = np.zeros((len(encodings), width), dtype=np.int64)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = encoding.ids
    return ids
