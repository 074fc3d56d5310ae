"""The authority on what the store holds: studies, passages, vectors and words, in one SQLite file.

A study is written, replaced and removed in one transaction with everything that belongs to it. What Chroma holds
follows: a study is *pending* until Chroma has its vectors, and a key is *stale* until Chroma has forgotten them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.domain.study import Bibliography, SectionType, SourceFile
from assistant.store import codec
from assistant.store.chroma import StudyVectors, VectorId
from assistant.store.entries import IndexedStudy, StoredSource, StudyEntry
from assistant.store.lexical import add_words, name_stems, name_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PASSAGE = "studies.id, place, start, sentences, section, path, page, tokens, text"
_ENTRY = "id, bibliography, source, source_sha256, format, sha256, passages, notes, added"


class Catalogue:
    """Rows of one connection as domain objects; errors are SQLite's own.

    Args:
        connection: To a file with the tables of `database`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def meta(self, name: str) -> str | None:
        """A value kept beside the studies."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_meta(self, values: Iterable[tuple[str, str]]) -> None:
        """Keeps values beside the studies."""
        self.connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)

    def precisions(self) -> tuple[str, ...]:
        """The number formats that vectors were computed in since the store was begun, in order."""
        return tuple((self.meta("precisions") or "").split())

    # Writing; the caller holds the transaction.

    def put(self, indexed: IndexedStudy) -> None:
        """Stores a study in place of the one with its id."""
        study = indexed.study
        self.drop(study.id)
        cursor = self.connection.execute(
            "INSERT INTO studies (id, source, source_sha256, format, sha256, bibliography, passages, notes, added) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                study.id,
                study.source.name,
                study.source.sha256,
                study.source.format,
                study.sha256,
                codec.bibliography_to_json(study.bibliography),
                len(indexed.passages),
                len(study.notes),
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )
        key = int(cursor.lastrowid or 0)
        self.connection.execute("INSERT INTO documents VALUES (?, ?)", (key, codec.study_to_bytes(study)))
        sections = " ".join(passage.section.value for passage in indexed.passages)
        self.connection.execute("INSERT INTO vectors VALUES (?, ?, ?)", (key, sections, _to_bytes(indexed.vectors)))
        self.connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((key, *_passage_row(passage)) for passage in indexed.passages),
        )
        add_words(self.connection, key, indexed.passages, name_stems(study.id, study.bibliography))

    def add_precision(self, precision: str) -> None:
        """Notes the number format of vectors that are stored; nothing where it is not known."""
        known = self.precisions()
        if precision and precision not in known:
            self.set_meta([("precisions", " ".join(sorted((*known, precision))))])

    def drop(self, study_id: str) -> bool:
        """Removes a study, and notes that Chroma has to forget it; whether it was there."""
        row = self.connection.execute("SELECT key, passages FROM studies WHERE id = ?", (study_id,)).fetchone()
        if row is None:
            return False
        self.connection.execute("DELETE FROM studies WHERE key = ?", row[:1])
        self.connection.execute("INSERT INTO stale VALUES (?, ?)", row)
        return True

    def set_bibliography(self, study_id: str, bibliography: Bibliography) -> None:
        """Replaces what identifies a study, in listings and in the index of words."""
        self.connection.execute(
            "UPDATE studies SET bibliography = ? WHERE id = ?", (codec.bibliography_to_json(bibliography), study_id)
        )
        name_words(self.connection, self.keys([study_id])[study_id], name_stems(study_id, bibliography))

    # What Chroma has yet to do.

    def pending(self) -> int:
        """Passages that Chroma does not hold for sure."""
        return self._number("SELECT coalesce(sum(passages), 0) FROM studies WHERE indexed = 0")

    def pending_keys(self) -> list[int]:
        """Keys of the studies that these passages belong to."""
        return [key for (key,) in self.connection.execute("SELECT key FROM studies WHERE indexed = 0 ORDER BY key")]

    def stale(self) -> dict[int, int]:
        """Keys that Chroma has to forget, and how many vectors it had under each."""
        return dict(self.connection.execute("SELECT key, passages FROM stale"))

    def settled(self, keys: Iterable[int], forgotten: Iterable[int]) -> None:
        """Notes that Chroma has the vectors of ``keys`` and none of ``forgotten``."""
        self.connection.executemany("UPDATE studies SET indexed = 1 WHERE key = ?", ((key,) for key in keys))
        self.connection.executemany("DELETE FROM stale WHERE key = ?", ((key,) for key in forgotten))

    def unsettle(self) -> None:
        """Notes that Chroma holds nothing."""
        self.connection.execute("UPDATE studies SET indexed = 0")
        self.connection.execute("DELETE FROM stale")

    # Reading.

    def entries(self) -> tuple[StudyEntry, ...]:
        """All studies by id."""
        return tuple(_entry(row) for row in self.connection.execute(f"SELECT {_ENTRY} FROM studies ORDER BY id"))

    def entry(self, study_id: str) -> StudyEntry | None:
        """One study."""
        row = self.connection.execute(f"SELECT {_ENTRY} FROM studies WHERE id = ?", (study_id,)).fetchone()
        return _entry(row) if row else None

    def ids(self) -> list[str]:
        """Ids of all studies, in order."""
        return [study_id for (study_id,) in self.connection.execute("SELECT id FROM studies ORDER BY id")]

    def keys(self, ids: Sequence[str]) -> dict[str, int]:
        """Keys of those of the studies that are there."""
        found: dict[str, int] = {}
        for part in _parts(ids):
            marks = ", ".join("?" * len(part))
            found.update(self.connection.execute(f"SELECT id, key FROM studies WHERE id IN ({marks})", part))
        return found

    def document(self, study_id: str) -> tuple[bytes, Bibliography] | None:
        """The stored study, packed, and its bibliography."""
        row = self.connection.execute(
            "SELECT body, bibliography FROM documents JOIN studies USING (key) WHERE id = ?", (study_id,)
        ).fetchone()
        return (row[0], codec.bibliography_from_json(row[1])) if row else None

    def sources(self) -> dict[str, StoredSource]:
        """What was ingested, by the name of the source."""
        rows = self.connection.execute("SELECT source, source_sha256, id FROM studies ORDER BY key")
        return {source: StoredSource(sha256, study_id) for source, sha256, study_id in rows}

    def size(self, keys: Iterable[int] | None = None) -> int:
        """Passages of all studies, or of those under ``keys``."""
        chosen = "" if keys is None else f"WHERE key IN ({_listed(keys)})"
        return self._number(f"SELECT coalesce(sum(passages), 0) FROM studies {chosen}")

    def passages(self, study_id: str, first: int = 0, last: int = 1 << 62) -> list[Passage]:
        """Passages ``first`` to ``last`` of a study, both included, as far as they are there."""
        rows = self.connection.execute(
            f"SELECT {_PASSAGE} FROM studies JOIN passages USING (key) "
            "WHERE studies.id = ? AND place BETWEEN ? AND ? ORDER BY place",
            (study_id, first, last),
        )
        return [_passage(row) for row in rows]

    def section(self, key: int, place: int) -> str | None:
        """Section type of a passage; None if it is not there."""
        row = self.connection.execute(
            "SELECT section FROM passages WHERE key = ? AND place = ?", (key, place)
        ).fetchone()
        return row[0] if row else None

    def studies_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Ids of the studies under ``keys``; those that are gone are left out."""
        found: dict[int, str] = {}
        for part in _parts(keys):
            marks = ", ".join("?" * len(part))
            found.update(self.connection.execute(f"SELECT key, id FROM studies WHERE key IN ({marks})", part))
        return found

    def vectors(self, dimension: int, keys: Iterable[int] | None = None) -> Iterator[StudyVectors]:
        """Vectors by study, of all or of those under ``keys``."""
        import numpy as np

        chosen = "" if keys is None else f"WHERE key IN ({_listed(keys)})"
        rows = self.connection.execute(
            f"SELECT key, id, sections, body FROM studies JOIN vectors USING (key) {chosen} ORDER BY key"
        )
        for key, study_id, sections, body in rows:
            matrix = np.frombuffer(body, dtype="<f4").reshape(-1, dimension)
            yield StudyVectors(key, study_id, tuple(sections.split()), matrix)

    def vector_ids(self) -> Iterator[tuple[VectorId, str, bool]]:
        """For each passage the id of its vector, its own id, and whether Chroma should hold it."""
        rows = self.connection.execute("SELECT key, id, passages, indexed FROM studies ORDER BY key")
        for key, study_id, passages, indexed in rows:
            for place in range(passages):
                yield VectorId(key, place), f"{study_id}:{place}", bool(indexed)

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])


_VARIABLES = 500
"""Values bound in one statement; SQLite takes at least 999."""


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _VARIABLES):
        yield values[start : start + _VARIABLES]


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(str(int(key)) for key in keys)


def _to_bytes(vectors: NDArray[np.float32]) -> bytes:
    import numpy as np

    return np.ascontiguousarray(vectors, dtype="<f4").tobytes()


def _passage_row(passage: Passage) -> tuple[object, ...]:
    return (
        passage.index,
        passage.span.start,
        codec.spans_to_json(passage.sentences),
        passage.section.value,
        codec.path_to_json(passage.path),
        passage.page,
        passage.tokens,
        passage.text,
    )


def _passage(row: Sequence[Any]) -> Passage:
    study_id, place, start, sentences, section, path, page, tokens, text = row
    return Passage(
        study=study_id,
        index=place,
        span=Span(start, start + len(text)),
        text=text,
        sentences=codec.spans_from_json(sentences),
        section=SectionType(section),
        path=codec.path_from_json(path),
        page=page,
        tokens=tokens,
    )


def _entry(row: Sequence[Any]) -> StudyEntry:
    study_id, bibliography, source, source_sha256, kind, sha256, passages, notes, added = row
    return StudyEntry(
        id=study_id,
        bibliography=codec.bibliography_from_json(bibliography),
        source=SourceFile(source, source_sha256, kind),
        sha256=sha256,
        passages=passages,
        notes=notes,
        added=datetime.fromisoformat(added),
    )
