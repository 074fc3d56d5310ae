"""Nearest passages, and Chroma kept in step with the catalogue.

Chroma answers; the catalogue's own vectors are compared one by one where that is quicker (a few studies), where
Chroma lags behind (a study just stored), where a filter leaves too few of the nearest, and where Chroma can't serve (a
read-only disk, damaged files). All give the same hits but for what the approximate search may miss. Chroma's own
filter is not used: it first lists all that it admits, which at 100,000 passages costs twenty times the search.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.errors import StoreNotWritable
from assistant.store.catalogue import Catalogue
from assistant.store.chroma import ChromaFailure, ChromaReader, ChromaWriter, Neighbour, StudyVectors, VectorId
from assistant.store.database import transaction
from assistant.store.entries import Filter, Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 2_000
"""Passages that Chroma is given before the catalogue notes it."""

_SCANNED = 10_000
"""Passages of chosen studies up to which comparing each is quicker than searching among all."""

_WIDER = 8
"""Times more than asked for, of which those that a filter admits are taken."""

_OPENING, _LOADING = 25_000, 3
"""Opening Chroma costs as much as comparing so many vectors, and so many times those that it holds."""


class Discrepancy(NamedTuple):
    """How Chroma differs from what the catalogue says it holds."""

    missing: tuple[str, ...]
    """Ids of passages whose vectors are not there."""
    orphans: tuple[VectorId, ...]
    """Vectors of no passage."""


class VectorIndex:
    """The vectors of one store.

    Args:
        folder: Chroma's.
        catalogue: The authority.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._writer: ChromaWriter | None = None
        self._reader: ChromaReader | None = None
        self._seen = -1
        self._compared_so_far = 0

    def agree_on(self, dimension: int) -> None:
        """Notes the dimension of the first vectors, and checks that of all others.

        Raises:
            ValueError: If it is another one.
        """
        known = self.dimension
        if not known:
            self._catalogue.set_meta([("dimension", str(dimension))])
        elif known != dimension:
            raise ValueError(f"the store holds vectors of dimension {known}, not {dimension}")

    @property
    def dimension(self) -> int:
        """Length of a vector; 0 before the first."""
        return int(self._catalogue.meta("dimension") or 0)

    def close(self) -> None:
        """Lets go of Chroma's files."""
        self._reader = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    # Writing.

    def prepare(self) -> None:
        """Opens Chroma, if it can be; if not, `settle` will mend it."""
        with contextlib.suppress(ChromaFailure):
            self._open_writer()

    def settle(self) -> None:
        """Gives Chroma what it lacks and has it forget what is gone.

        Raises:
            StoreNotWritable: If Chroma can't be written even from scratch.
        """
        if self._mark.exists():
            self._begin_again()
        if not (self._catalogue.pending_keys() or self._catalogue.stale()):
            return
        try:
            self._catch_up()
        except ChromaFailure:
            self._begin_again()

    def repair(self) -> int:
        """Makes Chroma hold exactly what the catalogue says; how many vectors that concerned."""
        self.settle()
        try:
            missing, orphans = self.discrepancy()
        except ChromaFailure:
            self._begin_again()
            return self._catalogue.size()
        if missing:
            self._begin_again()
        elif orphans:
            self._open_writer().delete(orphans)
        return len(missing) + len(orphans)

    def _catch_up(self) -> None:
        writer = self._open_writer()
        self._mark.touch()
        for group in _groups(self._catalogue.vectors(self.dimension, self._catalogue.pending_keys())):
            writer.add(group)
            with transaction(self._catalogue.connection):
                self._catalogue.settled((study.key for study in group), ())
        stale = self._catalogue.stale()
        writer.delete([VectorId(key, index) for key, count in stale.items() for index in range(count)])
        with transaction(self._catalogue.connection):
            self._catalogue.settled((), stale)
        self._mark.unlink(missing_ok=True)
        self._reader = None

    @property
    def _mark(self) -> Path:
        """There while Chroma is written to, and after a writer was killed: Chroma may crash on a half-written graph."""
        return self._folder / "unfinished"

    def _begin_again(self) -> None:
        """Makes Chroma's files anew from the catalogue."""
        try:
            self.close()
        except ChromaFailure:
            self._writer = None
        shutil.rmtree(self._folder, ignore_errors=True)
        with transaction(self._catalogue.connection):
            self._catalogue.unsettle()
        try:
            self._catch_up()
        except ChromaFailure as error:
            raise StoreNotWritable(
                f"Chroma can't write to {self._folder} ({error})",
                remedy="Check its permissions and the free space; nothing is lost, the next run completes it.",
                path=self._folder,
            ) from error

    def _open_writer(self) -> ChromaWriter:
        if self._writer is None:
            names = ("reader", "chunking", "embedder")
            fingerprint = {name: self._catalogue.meta(name) or "" for name in names}
            self._writer = ChromaWriter(self._folder, self._collection, fingerprint)
            self._writer.drop_others()
        return self._writer

    @property
    def _collection(self) -> str:
        return self._catalogue.meta("collection") or ""

    # Reading.

    def nearest(self, vector: NDArray[np.float32], k: int, where: Filter, keys: Sequence[int]) -> list[Hit]:
        """The ``k`` passages nearest to ``vector``, shape (dimension,), nearest first.

        Args:
            vector: Of unit length.
            k: At most so many.
            where: What may be found.
            keys: Of the studies of ``where``.
        """
        if k < 1 or not self.dimension:
            return []
        sections = frozenset(section.value for section in where.sections)
        allowed = keys if where.studies else None
        if not self._is_quicker_compared(allowed):
            with contextlib.suppress(ChromaFailure):
                if (found := self._searched(vector, k, sections, allowed)) is not None:
                    return self._hits(found)[:k]
        return self._hits(self._compared(vector, k, sections, allowed))

    def _is_quicker_compared(self, keys: Sequence[int] | None) -> bool:
        """Whether to compare each vector: of few studies always, of all as long as opening Chroma costs more.

        A process that asks one question never opens it; one that goes on soon has it open, and has spent at most
        twice what the better choice would have cost.
        """
        size = self._catalogue.size(keys)
        if keys is not None and size <= _SCANNED:
            return True
        if self._reader is not None:
            return False
        self._compared_so_far += size
        return self._compared_so_far <= _OPENING + _LOADING * self._catalogue.size()

    def of(self, keys: Iterable[int]) -> dict[str, NDArray[np.float32]]:
        """By study id the vectors of the studies under ``keys``, shape (n_passages, dimension) each."""
        return {study.study: study.vectors for study in self._catalogue.vectors(self.dimension, keys)}

    def unit_vectors(self, study_id: str) -> int:
        """How many of a study's vectors have unit length, as all should."""
        import numpy as np

        found = self.of(self._catalogue.keys([study_id]).values())
        lengths = [np.linalg.norm(vectors, axis=1) for vectors in found.values()]
        return sum(int(np.sum(np.abs(length - 1.0) < 1e-3)) for length in lengths)

    def _searched(
        self, vector: NDArray[np.float32], k: int, sections: frozenset[str], keys: Sequence[int] | None
    ) -> list[Neighbour] | None:
        """At least the ``k`` nearest that Chroma finds, and those that it has yet to be given.

        None where the filter leaves fewer: others that it admits may be farther away.
        """
        reader = self._open_reader()
        pending, filtered = self._catalogue.pending_keys(), bool(sections) or keys is not None
        # What Chroma has yet to forget may stand before what is asked for.
        wider = k * (_WIDER if filtered else 1) + sum(self._catalogue.stale().values())
        lagging = set(pending)
        found = [neighbour for neighbour in reader.nearest(vector, wider) if neighbour.id.key not in lagging]
        if filtered:
            found = self._admitted(found, sections, keys)
            if len(found) < k:
                return None
            lagging = lagging if keys is None else lagging & set(keys)
        return [*found, *self._compared(vector, k, sections, lagging)] if lagging else found

    def _admitted(
        self, found: Sequence[Neighbour], sections: frozenset[str], keys: Sequence[int] | None
    ) -> list[Neighbour]:
        """Those of ``found`` that stand in one of ``sections``, if any are named, and under ``keys``, if given."""
        allowed = None if keys is None else frozenset(keys)
        inside = [one for one in found if allowed is None or one.id.key in allowed]
        return [one for one in inside if not sections or self._catalogue.section(*one.id) in sections]

    def _compared(
        self, vector: NDArray[np.float32], k: int, sections: frozenset[str], keys: Iterable[int] | None
    ) -> list[Neighbour]:
        """The ``k`` nearest of all passages under ``keys``, or of all there are, by comparing each."""
        import numpy as np

        best: list[Neighbour] = []
        for group in _groups(self._catalogue.vectors(self.dimension, keys)):
            similarities = np.concatenate([study.vectors @ vector for study in group])
            if sections:
                admitted = [section in sections for study in group for section in study.sections]
                similarities[~np.asarray(admitted)] = -np.inf
            best = _nearest([*best, *_named(group, similarities, k)], k)
        return best

    def _hits(self, found: list[Neighbour]) -> list[Hit]:
        """Neighbours as hits, nearest first; those whose study is gone are left out."""
        studies = self._catalogue.studies_of(list({neighbour.id.key for neighbour in found}))
        known = (neighbour for neighbour in _nearest(found, len(found)) if neighbour.id.key in studies)
        return [Hit(f"{studies[id_.key]}:{id_.place}", similarity) for id_, similarity in known]

    def _open_reader(self) -> ChromaReader:
        """A reader that sees what was last written.

        Raises:
            ChromaFailure: If Chroma does not hold as many vectors as it should, or is not whole.
        """
        if self._mark.exists():
            raise ChromaFailure("it is being written to, or a writer was killed")
        version = int(self._catalogue.connection.execute("PRAGMA data_version").fetchone()[0])
        if self._reader is None or version != self._seen:
            self._reader = None
            reader = ChromaReader(self._folder, self._collection)
            self._check_count(reader.count())
            self._reader, self._seen = reader, version
        return self._reader

    def _check_count(self, count: int) -> None:
        total, pending = self._catalogue.size(), self._catalogue.pending()
        stale = sum(self._catalogue.stale().values())
        if not total - pending <= count <= total + stale:
            raise ChromaFailure(f"{count} vectors for {total} passages")

    @property
    def is_read_only(self) -> bool:
        """Whether Chroma's files are there and can't be written, so that it can't even be opened."""
        file = self._folder / "chroma.sqlite3"
        return file.exists() and not os.access(file, os.W_OK)

    def discrepancy(self) -> Discrepancy:
        """Compares the ids that Chroma holds with those it should.

        Raises:
            ChromaFailure: If Chroma can't be read.
        """
        if not self.dimension:
            return Discrepancy((), ())
        held = ChromaReader(self._folder, self._collection).ids()
        missing: list[str] = []
        for vector_id, passage_id, indexed in self._catalogue.vector_ids():
            if indexed and vector_id not in held:
                missing.append(passage_id)
            held.discard(vector_id)
        stale = self._catalogue.stale()
        return Discrepancy(tuple(missing), tuple(sorted(id_ for id_ in held if id_.key not in stale)))


def _named(studies: Sequence[StudyVectors], similarities: NDArray[np.float32], k: int) -> list[Neighbour]:
    """The ``k`` highest of ``similarities``, which run over the vectors of ``studies``, with what they belong to."""
    import numpy as np

    ends = np.cumsum([len(study.vectors) for study in studies])
    rows = np.argpartition(-similarities, k)[:k] if k < len(similarities) else np.arange(len(similarities))
    owners = np.searchsorted(ends, rows, side="right")
    return [
        Neighbour(
            VectorId(studies[owner].key, int(row - ends[owner] + len(studies[owner].vectors))), float(similarities[row])
        )
        for row, owner in zip(rows, owners, strict=True)
        if similarities[row] > -np.inf
    ]


def _nearest(found: Iterable[Neighbour], k: int) -> list[Neighbour]:
    return sorted(found, key=lambda neighbour: (-neighbour.similarity, neighbour.id))[:k]


def _groups(studies: Iterable[StudyVectors]) -> Iterator[list[StudyVectors]]:
    """Studies in groups of about `_BATCH` passages."""
    group: list[StudyVectors] = []
    size = 0
    for study in studies:
        group.append(study)
        size += len(study.vectors)
        if size >= _BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group
