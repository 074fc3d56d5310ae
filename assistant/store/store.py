"""The store of a project: what the rest of the tool sees.

The catalogue is the authority and commits first, vectors included; Chroma is brought up to date after it, and what
it lacks is searched in the catalogue meanwhile. So a process may die at any moment: readers see each study whole or
not at all, and the next writer finishes what was begun.
"""

from __future__ import annotations

import contextlib
import difflib
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant.domain.passages import Passage
from assistant.domain.study import Bibliography, Study
from assistant.errors import StoreError, StoreOutdated, UnknownStudy
from assistant.store import codec, database
from assistant.store.catalogue import Catalogue
from assistant.store.entries import (
    EVERYWHERE,
    Filter,
    Fingerprint,
    Hit,
    IndexedStudy,
    StoredSource,
    StudyEntry,
    Verification,
)
from assistant.store.lexical import WordIndex
from assistant.store.lock import WriteLock, written_to
from assistant.store.vectors import VectorIndex
from assistant.store.verification import verify

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CATALOGUE_NAME = "catalogue.sqlite3"
CHROMA_NAME = "chroma"
_FLUSH = 500
"""Passages gathered before Chroma is given them."""


class Store:
    """Studies, passages, vectors and words of one project; made by `open`, closed after use.

    Any thread may call it; writes are done one after another.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, lock: WriteLock | None) -> None:
        self._path = folder / CATALOGUE_NAME
        self._catalogue = catalogue
        self._lock = lock
        self._writing = threading.RLock()
        self._vectors = VectorIndex(folder / CHROMA_NAME, catalogue)
        self._words = WordIndex(catalogue.connection)

    @classmethod
    def open(
        cls, folder: Path, fingerprint: Fingerprint | None = None, *, write: bool = False, rebuild: bool = False
    ) -> Self:
        """The store in ``folder``, a project's ``.realist``.

        Args:
            folder: Where it lies; made when writing.
            fingerprint: What the caller would make passages and vectors with; None to read whatever is there.
            write: Whether studies will be added or removed; only one process at a time may.
            rebuild: Begin an empty store in place of the one there.

        Raises:
            StoreError: If there is nothing to read, or it is damaged.
            StoreOutdated: If the store was built with something else.
            StoreLocked: If another process writes.
            StoreNotWritable: If the folder does not take what is written.
        """
        if not write:
            return cls._open_to_read(folder, fingerprint)
        if fingerprint is None:
            raise ValueError("a store is written with a fingerprint")
        lock = WriteLock(folder)
        lock.acquire()
        try:
            if rebuild:
                _wipe(folder)
            return cls._open_to_write(folder, fingerprint, lock)
        except BaseException:
            lock.release()
            raise

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether ``folder`` holds a store that can be opened to read.

        Raises:
            StoreError: If the folder can't be looked into.
        """
        try:
            return (folder / CATALOGUE_NAME).is_file()
        except OSError as error:
            message = f"{folder} can't be read: {error.strerror or error}"
            raise StoreError(message, remedy="Check its permissions.", path=folder) from error

    @classmethod
    def _open_to_read(cls, folder: Path, fingerprint: Fingerprint | None) -> Self:
        path = folder / CATALOGUE_NAME
        if not cls.is_there(folder):
            raise StoreError(f"{folder} holds no studies yet", remedy="Add some: realist ingest PATH...", path=folder)
        store = cls(folder, Catalogue(database.open_to_read(path)), None)
        store._check(fingerprint)
        return store

    @classmethod
    def _open_to_write(cls, folder: Path, fingerprint: Fingerprint, lock: WriteLock) -> Self:
        path = folder / CATALOGUE_NAME
        catalogue = Catalogue(database.create(path))
        with database.translated(path), database.transaction(catalogue.connection):
            if catalogue.meta("collection") is None:
                # A name of its own, so that vectors of a catalogue that is gone are never taken for this one's.
                catalogue.set_meta([("collection", f"passages-{uuid.uuid4().hex[:12]}"), *asdict(fingerprint).items()])
        store = cls(folder, catalogue, lock)
        store._check(fingerprint)
        store.flush()
        return store

    def _check(self, fingerprint: Fingerprint | None) -> None:
        """Closes the store and raises if it was built with something else."""
        try:
            with database.translated(self._path):
                differing = self._differences(fingerprint)
        except BaseException:
            self._release()
            raise
        if differing:
            self._release()
            raise StoreOutdated(
                f"{self._path.parent} was built with another {' and '.join(differing)}",
                remedy="Build it again: realist ingest --rebuild PATH...",
                path=self._path.parent,
            )

    def _differences(self, fingerprint: Fingerprint | None) -> tuple[str, ...]:
        if database.schema_version(self._catalogue.connection) != database.SCHEMA_VERSION:
            return ("version of the store",)
        return fingerprint.differences(self.fingerprint) if fingerprint else ()

    @property
    def fingerprint(self) -> Fingerprint:
        """What the store was built with."""
        return Fingerprint(*(self._catalogue.meta(name) or "" for name in ("reader", "chunking", "embedder")))

    @property
    def precisions(self) -> tuple[str, ...]:
        """The number formats that its vectors were computed in, as far as noted; their vectors can be compared."""
        with database.translated(self._path):
            return self._catalogue.precisions()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets Chroma catch up, and lets go of the files and the lock."""
        try:
            self.flush()
        finally:
            self._release()

    def _release(self) -> None:
        self._vectors.close()
        self._catalogue.connection.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # Writing.

    def replace(self, study: Study, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Stores a study in place of the one with its id; see `replace_many`."""
        self.replace_many([IndexedStudy(study, tuple(passages), vectors)])

    def replace_many(self, studies: Iterable[IndexedStudy]) -> None:
        """Stores studies, each in place of the one with its id; all or none of them.

        Raises:
            ValueError: If vectors have another dimension than those stored.
            StoreNotWritable: If the disk does not take them; the store is then as before.
        """
        with self._transaction():
            for indexed in studies:
                self._vectors.agree_on(int(indexed.vectors.shape[1]))
                self._catalogue.put(indexed)
                self._catalogue.add_precision(indexed.precision)
        if self._catalogue.pending() >= _FLUSH:
            self.flush()

    def remove(self, study_id: str) -> None:
        """Removes a study with everything that belongs to it.

        Raises:
            UnknownStudy: If it is not there.
        """
        with self._transaction():
            if not self._catalogue.drop(study_id):
                raise self._unknown(study_id)

    def update_bibliography(self, study_id: str, bibliography: Bibliography) -> None:
        """Replaces what identifies a study; its text, passages and vectors stay.

        Raises:
            UnknownStudy: If it is not there.
        """
        with self._transaction():
            if study_id not in self._catalogue.keys([study_id]):
                raise self._unknown(study_id)
            self._catalogue.set_bibliography(study_id, bibliography)

    def prepare(self) -> None:
        """Opens Chroma to be written to, which takes a while: at a time when there is something to wait for anyway."""
        with self._writing, database.translated(self._path):
            self._vectors.prepare()

    def flush(self) -> None:
        """Gives Chroma the vectors that it lacks and has it forget those that are gone; nothing when only reading."""
        if self._lock is None:
            return
        with self._writing, database.translated(self._path):
            self._vectors.settle()

    def sweep(self) -> int:
        """Has Chroma made again what it lacks and drop what belongs to no passage; how many passages that concerned."""
        with self._writing, database.translated(self._path):
            return self._vectors.repair()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._lock is None:
            raise StoreError("The store was opened to read only")
        with self._writing, database.translated(self._path), database.transaction(self._catalogue.connection):
            yield

    # Reading.

    def studies(self) -> tuple[StudyEntry, ...]:
        """All studies, by id."""
        with database.translated(self._path):
            return self._catalogue.entries()

    def entry(self, study_id: str) -> StudyEntry | None:
        """What a listing shows of one study; None if it is not there."""
        with database.translated(self._path):
            return self._catalogue.entry(study_id)

    def study(self, study_id: str) -> Study:
        """A study exactly as it was read.

        Raises:
            UnknownStudy: If it is not there.
            StoreError: If what is stored is damaged.
        """
        with database.translated(self._path):
            stored = self._catalogue.document(study_id)
        if stored is None:
            raise self._unknown(study_id)
        try:
            return codec.study_from_bytes(*stored)
        except ValueError as error:
            remedy = "Ingest its file again."
            raise StoreError(
                f"The stored study {study_id} is damaged ({error})", remedy=remedy, study=study_id
            ) from error

    def sources(self) -> dict[str, StoredSource]:
        """What was ingested, by the name of the source file."""
        with database.translated(self._path):
            return self._catalogue.sources()

    def passage(self, passage_id: str) -> Passage:
        """The passage called ``study:index``.

        Raises:
            UnknownStudy: If there is no such passage.
        """
        for passage in self.passages([passage_id]):
            return passage
        raise self._unknown(passage_id, "passage")

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Passages in the order of their ids; those that are gone since they were found are left out."""
        places = [_parts(passage_id) for passage_id in passage_ids]
        with database.translated(self._path):
            found = [self._catalogue.passages(study_id, index, index) for study_id, index in places]
        return [passage for passages in found for passage in passages]

    def passages_of(self, study_id: str) -> list[Passage]:
        """All passages of a study, in order.

        Raises:
            UnknownStudy: If it is not there.
        """
        self._keys([study_id])
        with database.translated(self._path):
            return self._catalogue.passages(study_id)

    def vectors(self, passage_ids: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of passages in the order of their ids, shape (n_passages, dimension).

        Raises:
            UnknownStudy: If a passage is not there.
        """
        import numpy as np

        keys = self._keys(list(dict.fromkeys(_parts(passage_id)[0] for passage_id in passage_ids)))
        with database.translated(self._path):
            found = self._vectors.of(keys)
        rows = np.empty((len(passage_ids), self._vectors.dimension), dtype=np.float32)
        for row, passage_id in enumerate(passage_ids):
            study_id, index = _parts(passage_id)
            if not 0 <= index < len(found[study_id]):
                raise self._unknown(passage_id, "passage")
            rows[row] = found[study_id][index]
        return rows

    def dense(self, vector: NDArray[np.float32], k: int, where: Filter = EVERYWHERE) -> list[Hit]:
        """The ``k`` passages whose vectors are nearest to ``vector``, shape (dimension,), nearest first.

        Raises:
            UnknownStudy: If the filter names a study that is not there.
        """
        keys = self._keys(where.studies)
        with database.translated(self._path):
            return self._vectors.nearest(vector, k, where, keys)

    def lexical(self, query: str, k: int, where: Filter = EVERYWHERE) -> list[Hit]:
        """The ``k`` passages that fit the words of ``query`` best by BM25, best first.

        Raises:
            UnknownStudy: If the filter names a study that is not there.
        """
        keys = self._keys(where.studies)
        with database.translated(self._path):
            sections = frozenset(section.value for section in where.sections)
            found = self._words.search(query, k, keys if where.studies else None, sections)
            studies = self._catalogue.studies_of(list({hit.key for hit in found}))
        return [Hit(f"{studies[hit.key]}:{hit.place}", hit.score) for hit in found if hit.key in studies]

    def frequencies(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """In the text of how many passages each of ``stems`` stands, and how many passages there are."""
        with database.translated(self._path):
            return self._words.counts(stems), self._catalogue.size()

    def verify(self) -> Verification:
        """Reads all that is stored and compares it with its hashes and with Chroma."""
        with database.translated(self._path):
            return verify(self._catalogue, self._vectors)

    def _keys(self, study_ids: Sequence[str]) -> list[int]:
        with database.translated(self._path):
            known = self._catalogue.keys(study_ids)
        for study_id in study_ids:
            if study_id not in known:
                raise self._unknown(study_id)
        return [known[study_id] for study_id in study_ids]

    def _unknown(self, study_id: str, what: str = "study") -> UnknownStudy:
        ids = self._catalogue.ids()
        near = (
            difflib.get_close_matches(study_id, ids, n=3, cutoff=0.5) or [name for name in ids if study_id in name][:3]
        )
        remedy = f"Did you mean {' or '.join(near)}?" if near else "See what there is: realist studies"
        return UnknownStudy(f"The store holds no {what} {study_id!r}", remedy=remedy, study=study_id)


def _parts(passage_id: str) -> tuple[str, int]:
    """Study and index of a passage id; an index that is none finds nothing."""
    study_id, _, index = passage_id.rpartition(":")
    return study_id, int(index) if index.isdecimal() else -1


def _wipe(folder: Path) -> None:
    """Removes catalogue and vectors; the catalogue first, so that what is left is never half a store."""
    with written_to(folder):
        for name in (CATALOGUE_NAME, f"{CATALOGUE_NAME}-wal", f"{CATALOGUE_NAME}-shm"):
            (folder / name).unlink(missing_ok=True)
        if (folder / CHROMA_NAME).exists():
            shutil.rmtree(folder / CHROMA_NAME)
