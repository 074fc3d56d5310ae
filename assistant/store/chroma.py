"""The vectors in Chroma: the one module that knows it.

Chroma serves the searches; what it holds is derived from the catalogue, under ids ``key:index`` whose keys the
catalogue never uses twice. Whatever happens to Chroma's files, they can be made again without embedding anything.

Writing goes through Chroma's client. Its import alone takes longer than a whole question should, so searching
talks to the compiled module below the client, which the client itself only wraps; a test holds the two together,
and where they part the search falls back on the catalogue.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DATABASE = ("default_tenant", "default_database")
_BATCH = 500
"""Vectors that Chroma takes at once: of 2,000 it keeps 40 MB for good; fewer save neither time nor memory."""

_CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_construction": 128, "ef_search": 256, "max_neighbors": 24}}
"""A finer graph and a wider search than Chroma's own, so that the nearest are found and not only near ones."""


class ChromaFailure(Exception):
    """Chroma can't be used as it is: its files are damaged, missing or read-only, or its interface has changed."""


class VectorId(NamedTuple):
    """Names a vector."""

    key: int
    """The catalogue's key of the study."""
    place: int
    """Index of the passage in the study."""

    def __str__(self) -> str:
        return f"{self.key}:{self.place}"

    @classmethod
    def parse(cls, text: str) -> VectorId:
        """The id that ``str`` made into ``text``."""
        key, _, place = text.partition(":")
        return cls(int(key), int(place))


@dataclass(frozen=True, slots=True)
class StudyVectors:
    """The vectors of one study, with what may be asked for beside nearness."""

    key: int
    """The catalogue's key of the study."""
    study: str
    """Its id."""
    sections: tuple[str, ...]
    """Section type of each passage."""
    vectors: NDArray[np.float32]
    """Shape (n_passages, dimension)."""


class Neighbour(NamedTuple):
    """A vector found."""

    id: VectorId
    """Whose it is."""
    similarity: float
    """Cosine, -1 to 1."""


class ChromaWriter:
    """Adds and deletes vectors; one at a time in a project.

    Args:
        folder: Chroma's own folder; made if absent.
        name: Of the collection; made if absent.
        metadata: Kept with a collection that is made.

    Raises:
        ChromaFailure: If Chroma can't open or write its files.
    """

    def __init__(self, folder: Path, name: str, metadata: dict[str, str]) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(_env_file=None, anonymized_telemetry=False)
        with _failures():
            self._client: Any = chromadb.PersistentClient(str(folder), settings=settings)
            self._collection = self._client.get_or_create_collection(
                name,
                metadata=metadata,
                configuration=_CONFIGURATION,
                embedding_function=None,
            )

    def add(self, studies: Sequence[StudyVectors]) -> None:
        """Stores the vectors; those that are there already are replaced."""
        import numpy as np

        ids = [str(VectorId(study.key, index)) for study in studies for index in range(len(study.vectors))]
        where: list[dict[str, str]] = [
            {"study": study.study, "section": section} for study in studies for section in study.sections
        ]
        if not ids:
            return
        vectors = np.concatenate([study.vectors for study in studies])
        with _failures():
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._collection.upsert(ids=ids[part], embeddings=vectors[part], metadatas=where[part])  # type: ignore[arg-type]

    def delete(self, ids: Sequence[VectorId]) -> None:
        """Forgets the vectors; ids that are not there are no error."""
        with _failures():
            for start in range(0, len(ids), _BATCH):
                self._collection.delete(ids=[str(id_) for id_ in ids[start : start + _BATCH]])

    def drop_others(self) -> None:
        """Drops collections that earlier catalogues left behind."""
        with _failures():
            for other in self._client.list_collections():
                if other.name != self._collection.name:
                    self._client.delete_collection(other.name)

    def close(self) -> None:
        """Lets go of the files."""
        with _failures():
            self._client.close()


class ChromaReader:
    """Searches a collection.

    Raises:
        ChromaFailure: If Chroma can't open its files, or the collection is not there.
    """

    def __init__(self, folder: Path, name: str) -> None:
        if not os.access(folder / "chroma.sqlite3", os.R_OK | os.W_OK):
            raise ChromaFailure(f"{folder} holds no vectors that Chroma can open, which writes to what it opens")
        with _failures():
            import chromadb_rust_bindings as rust

            self._rust: Any = rust.Bindings(
                allow_reset=False,
                sqlite_db_config=rust.SqliteDBConfig(
                    url=str(folder / "chroma.sqlite3"),
                    hash_type=rust.MigrationHash.MD5,
                    migration_mode=rust.MigrationMode.Apply,
                ),
                persist_path=str(folder),
                hnsw_cache_size=16,
            )
            self._id = str(self._rust.get_collection(name, *_DATABASE).id)

    def count(self) -> int:
        """How many vectors there are."""
        with _failures():
            return int(self._rust.count(self._id, *_DATABASE))

    def ids(self) -> set[VectorId]:
        """Ids of all vectors."""
        with _failures():
            found = self._rust.get(self._id, None, None, None, 0, None, [], *_DATABASE)
            return {VectorId.parse(text) for text in found.ids}

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """The ``k`` vectors nearest to ``vector``, shape (dimension,), nearest first."""
        with _failures():
            result = self._rust.query(self._id, None, [vector.tolist()], k, None, None, ["distances"], *_DATABASE)
            found = zip(result.ids[0], result.distances[0], strict=True)
            return [Neighbour(VectorId.parse(text), 1.0 - distance) for text, distance in found]


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Turns whatever Chroma raises into `ChromaFailure`; its compiled part panics with a ``BaseException``."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        raise ChromaFailure(f"{type(error).__name__}: {error}") from error
