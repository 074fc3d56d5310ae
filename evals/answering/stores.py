"""Stores of studies to measure on, built once in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.embedding.protocol import Embedder
from assistant.readers.registry import read_study
from assistant.store.store import Store
from assistant.text.chunking import ChunkSize, chunk, embedding_text
from assistant.work.fingerprint import fingerprint_of


def built_store(folder: Path, files: Sequence[Path], embedder: Embedder, size: ChunkSize) -> Store:
    """The store of ``files`` in ``folder``, open to read; files whose bytes it holds already are not read again."""
    fingerprint = fingerprint_of(embedder, size)
    with Store.open(folder, fingerprint, write=True) as store:
        known = {source.sha256 for source in store.sources().values()}
        for path in files:
            study = read_study(path)
            if study.source.sha256 in known:
                continue
            passages = chunk(study, embedder.count_tokens, size)
            store.replace(study, passages, embedder.embed([embedding_text(passage) for passage in passages]))
    return Store.open(folder, fingerprint)
