"""What a store is built with, and must be opened with: reader, chunking and embedder."""

from __future__ import annotations

from assistant.embedding.protocol import Embedder
from assistant.readers import READER_VERSION
from assistant.store.entries import Fingerprint
from assistant.text.chunking import CHUNKING_VERSION, ChunkSize


def fingerprint_of(embedder: Embedder, size: ChunkSize) -> Fingerprint:
    """The fingerprint of a store whose passages have ``size`` and are embedded by ``embedder``."""
    return Fingerprint(
        reader=str(READER_VERSION),
        chunking=f"{CHUNKING_VERSION}/{size.target}/{size.limit}",
        embedder=embedder.fingerprint,
    )
