"""From files to the store: only what changed is read again, and one bad file does not stop the others.

One thread reads, cuts and stores; the encoder computes beside it in a thread of its own, a few slices of passages
behind the reading. What is embedded is stored at once, whole studies at a time and in the order of the files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain.passages import Passage
from assistant.domain.study import Study, slug
from assistant.errors import ReadingError
from assistant.readers.registry import ReadingLimits, read_study, source_sha256
from assistant.store.entries import IndexedStudy, StoredSource
from assistant.text.chunking import ChunkSize, chunk, embedding_text
from assistant.work.ahead import done_ahead
from assistant.work.discovery import Discovery, Found
from assistant.work.progress import Gauge, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.embedding.protocol import Embedder
    from assistant.store.edits import MetadataEdits
    from assistant.store.store import Store

SLICE = 128
"""Passages that are embedded at once: enough that sorting by length pays, few enough that Ctrl-C waits seconds."""
_AHEAD = 4
"""Slices that are read before the first of them has to be embedded; more only hold more memory."""


class FileStatus(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    """Its content changed since it was last read."""
    UNCHANGED = "unchanged"
    MOVED = "moved"
    """The same content under another name; the old file is gone."""
    DUPLICATE = "duplicate"
    """The same content as another file that is still there; kept once."""
    FAILED = "failed"
    PRUNED = "pruned"
    """The file is gone, and so is its study."""
    GONE = "gone"
    """The file is gone; its study stays until ``--prune``."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One line of the summary."""

    name: str
    """Path as the store names it."""
    status: FileStatus
    """What became of it."""
    study: str | None = None
    """Id of its study, if it has one."""
    passages: int = 0
    """Passages stored."""
    words: int = 0
    """Words of stored text."""
    message: str = ""
    """Why it failed and what to do, or what it duplicates."""
    notes: tuple[str, ...] = ()
    """What the reader wants known."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did."""

    files: tuple[FileReport, ...]
    """In the order met."""
    seconds: float
    """Wall time."""

    def count(self, status: FileStatus) -> int:
        """How many files ended so."""
        return sum(report.status is status for report in self.files)

    @property
    def failed(self) -> bool:
        """Whether a file could not be read."""
        return self.count(FileStatus.FAILED) > 0


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How to ingest."""

    root: Path
    """The project's folder; files below it are named relative to it."""
    size: ChunkSize = field(default_factory=ChunkSize)
    """Sizes of passages."""
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    """Limits of reading."""
    prune: bool = False
    """Drop studies whose file is gone."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A study that waits to be embedded and written."""

    study: Study
    passages: tuple[Passage, ...]
    status: FileStatus

    @property
    def jobs(self) -> Iterator[tuple[_Read, Passage]]:
        """Its passages to be embedded."""
        return ((self, passage) for passage in self.passages)


@dataclass(slots=True)
class _Slice:
    """Passages that are embedded at once."""

    jobs: list[tuple[_Read, Passage]] = field(default_factory=list)
    """In the order of the files and of their text."""
    complete: list[_Read | FileReport] = field(default_factory=list)
    """What is done with when these passages are, in the order of the files."""

    @property
    def reads(self) -> list[_Read]:
        """The studies that are complete."""
        return [result for result in self.complete if isinstance(result, _Read)]


class Ingest:
    """One run over the files found. Iterating yields a report a file, once it is safely stored."""

    def __init__(
        self,
        store: Store,
        edits: MetadataEdits,
        embedder: Embedder,
        options: IngestOptions,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._edits = edits
        self._embedder = embedder
        self._options = options
        self._progress = progress
        self._by_name = store.sources()
        self._by_hash = {source.sha256: name for name, source in self._by_name.items()}
        self._ids = {source.study: name for name, source in self._by_name.items()}
        self._gauge = Gauge()

    def run(self, discovery: Discovery) -> IngestReport:
        """Ingests what was found.

        Raises:
            StoreError: If the store can't be written; what was stored so far stays.
        """
        started = time.perf_counter()
        self._gauge.expect(found.path for found in discovery.files)
        reports = [
            FileReport(str(path), FileStatus.FAILED, message="No such file, and no file matches it as a pattern.")
            for path in discovery.missing
        ]
        reports.extend(self._store_all(self._read_all(discovery.files)))
        reports.extend(self._gone({self._name(found.path) for found in discovery.files}))
        return IngestReport(tuple(reports), time.perf_counter() - started)

    def _read_all(self, files: Iterable[Found]) -> Iterator[_Read | FileReport]:
        for found in files:
            name = self._name(found.path)
            self._progress(self._gauge.at(name))
            try:
                result = self._read(found, name)
            except ReadingError as error:
                result = FileReport(name, FileStatus.FAILED, message=str(error))
            if isinstance(result, FileReport):
                self._gauge.passed(found.path)
            else:
                self._gauge.read(found.path, _tokens(result.passages))
            yield result

    def _read(self, found: Found, name: str) -> _Read | FileReport:
        sha256 = source_sha256(found.path)
        known = self._by_name.get(name)
        if known and known.sha256 == sha256:
            return FileReport(name, FileStatus.UNCHANGED, known.study)
        twin = self._by_hash.get(sha256)
        if twin is not None and twin != name:
            return self._twin(name, twin)
        study_id = known.study if known else self._free_id(found, name)
        study = read_study(found.path, study_id=study_id, name=name, limits=self._options.limits)
        study = replace(study, bibliography=self._edits.applied(study_id, study.bibliography))
        passages = chunk(study, self._embedder.count_tokens, self._options.size)
        self._learn(name, StoredSource(sha256, study_id))
        status = FileStatus.REPLACED if known else FileStatus.ADDED
        return _Read(study, passages, status)

    def _twin(self, name: str, twin: str) -> FileReport:
        """What to do with a file whose content is already stored under another name."""
        stored = self._by_name[twin]
        if (self._options.root / twin).exists():
            message = f"Same content as {twin}; kept once, as {stored.study}."
            return FileReport(name, FileStatus.DUPLICATE, stored.study, message=message)
        self._rename(stored.study, name)
        del self._by_name[twin]
        self._learn(name, stored)
        return FileReport(name, FileStatus.MOVED, stored.study, message=f"Was {twin}.")

    def _rename(self, study_id: str, name: str) -> None:
        """Stores a study under another source name; nothing is read or embedded again."""
        study = self._store.study(study_id)
        passages = tuple(self._store.passages_of(study_id))
        vectors = self._store.vectors([passage.id for passage in passages])
        self._store.replace(replace(study, source=replace(study.source, name=name)), passages, vectors)

    def _learn(self, name: str, source: StoredSource) -> None:
        self._by_name[name] = source
        self._by_hash[source.sha256] = name
        self._ids[source.study] = name

    def _free_id(self, found: Found, name: str) -> str:
        """The manifest's id or the file's stem, numbered where another file holds it already."""
        wanted = slug(found.id or found.path.stem)
        study_id, number = wanted, 1
        while self._ids.get(study_id, name) != name:
            number += 1
            study_id = f"{wanted}-{number}"
        return study_id

    def _store_all(self, results: Iterable[_Read | FileReport]) -> Iterator[FileReport]:
        """Embeds and stores what was read; the reports keep the order of the files."""
        import numpy as np

        left = np.empty((0, 0), np.float32)  # vectors of a study of which more are to come
        for part, found in done_ahead(self._embed, self._slices(results), _AHEAD):
            left = np.concatenate([left, found]) if len(left) else found
            if part.jobs:
                name = part.jobs[-1][0].study.source.name
                self._progress(self._gauge.at(name, _tokens(passage for _, passage in part.jobs)))
            left = self._store_reads(part.reads, left)
            yield from (_report(result) if isinstance(result, _Read) else result for result in part.complete)

    def _slices(self, results: Iterable[_Read | FileReport]) -> Iterator[_Slice]:
        """Passages of what was read, `SLICE` at a time whatever study they are of, and what is complete with them."""
        part = _Slice()
        for result in results:
            for job in result.jobs if isinstance(result, _Read) else ():
                if len(part.jobs) == SLICE:
                    yield from self._handed_over(part)
                    part = _Slice()
                part.jobs.append(job)
            part.complete.append(result)
        yield from self._handed_over(part)

    def _handed_over(self, part: _Slice) -> Iterator[_Slice]:
        """The slice; then, while the encoder is at work on it, what storing will need is made ready."""
        yield part
        if part.jobs:
            self._store.prepare()

    def _embed(self, part: _Slice) -> NDArray[np.float32]:
        """Vectors of the passages in order; without asking the embedder where there is nothing to embed or store."""
        import numpy as np

        if not (part.jobs or part.reads):
            return np.empty((0, 0), np.float32)
        return self._embedder.embed([embedding_text(passage) for _, passage in part.jobs])

    def _store_reads(self, reads: Sequence[_Read], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Stores studies whose passages the first of ``vectors`` belong to; returns the others."""
        bounds = list(accumulate((len(read.passages) for read in reads), initial=0))
        if reads:
            self._store.replace_many(
                [
                    IndexedStudy(read.study, read.passages, vectors[start:end], self._embedder.precision)
                    for read, (start, end) in zip(reads, pairwise(bounds), strict=True)
                ]
            )
        return vectors[bounds[-1] :]

    def _gone(self, met: set[str]) -> Iterator[FileReport]:
        for name, source in sorted(self._by_name.items()):
            if name in met or (self._options.root / name).exists():
                continue
            if self._options.prune:
                self._store.remove(source.study)
                yield FileReport(name, FileStatus.PRUNED, source.study)
            else:
                yield FileReport(
                    name, FileStatus.GONE, source.study, message="The file is gone; --prune drops its study."
                )

    def _name(self, path: Path) -> str:
        """Relative to the project where the file lies in it, else absolute."""
        return (path.relative_to(self._options.root) if path.is_relative_to(self._options.root) else path).as_posix()


def _report(read: _Read) -> FileReport:
    return FileReport(
        name=read.study.source.name,
        status=read.status,
        study=read.study.id,
        passages=len(read.passages),
        words=len(read.study.text.split()),
        notes=tuple(note.message for note in read.study.notes),
    )


def _tokens(passages: Iterable[Passage]) -> int:
    return sum(passage.tokens for passage in passages)
