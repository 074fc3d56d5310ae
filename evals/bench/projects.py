"""Projects to measure in, opened as the command opens them, with every setting at its default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings.environment import cache_folder
from assistant.settings.project import init_project

if TYPE_CHECKING:
    from assistant.embedding.protocol import Embedder
    from assistant.work.answering import Asker
    from assistant.work.ingesting import IngestReport


def ingested(folder: Path, path: Path, embedder: Embedder) -> IngestReport:
    """Ingests a folder of studies into the project in ``folder``, which is made if need be; its store begins anew."""
    from assistant.store.edits import MetadataEdits
    from assistant.store.store import Store
    from assistant.text.chunking import ChunkSize
    from assistant.work.discovery import discover
    from assistant.work.fingerprint import fingerprint_of
    from assistant.work.ingesting import Ingest, IngestOptions

    project, _ = init_project(folder)
    with Store.open(project.data, fingerprint_of(embedder, ChunkSize()), write=True, rebuild=True) as store:
        return Ingest(store, MetadataEdits(project.data), embedder, IngestOptions(project.root)).run(discover([path]))


@contextmanager
def asking(folder: Path) -> Iterator[Asker]:
    """Who answers questions about a project's studies, without a chat model."""
    from assistant.embedding.minilm import MiniLM
    from assistant.engines.extractive.opening import packaged_engine
    from assistant.settings.project import project_at
    from assistant.store.store import Store
    from assistant.text.chunking import ChunkSize
    from assistant.work.answering import Asker
    from assistant.work.fingerprint import fingerprint_of

    embedder = MiniLM(cache=cache_folder())
    with Store.open(project_at(folder).data, fingerprint_of(embedder, ChunkSize())) as store:
        yield Asker.over(store, embedder, packaged_engine(cache_folder()))
