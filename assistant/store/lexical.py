"""Words: the stems that are indexed and asked for, and the ranking of passages by BM25.

For each study and stem one row says in which passages the stem stands and how often. A search reads the rows of its
stems and nothing else, and weighs all passages at once. The stems of a study's name count in each of its passages, and
are kept apart, so that a name can be edited.
"""

from __future__ import annotations

import math
import sqlite3
import sys
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from assistant.domain.passages import Passage
from assistant.domain.study import Bibliography
from assistant.text.words import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TEXT, _HEADING, _NAME = 1.0, 0.5, 0.5
"""Weights of a stem in the text, in the headings above it and in the study's name."""
_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of BM25."""
_LEAST = 1e-6
"""Weight of a stem that more than half of all passages have."""
_LARGE = 20_000
"""Passages from which on such stems are passed over, so that they do not fill up short lists at random."""

_TEXT_BITS, _HEADING_BITS = 8, 4
_MOST = 1 << (32 - _TEXT_BITS - _HEADING_BITS)
"""A posting is one number of 32 bits: the place of the passage, then both counts, which stop at 255 and at 15."""


class Ranked(NamedTuple):
    """A passage found."""

    key: int
    """The catalogue's key of the study."""
    place: int
    """Index of the passage in it."""
    score: float
    """BM25, above 0."""


def name_stems(study_id: str, bibliography: Bibliography) -> list[str]:
    """The stems under which a study is known: its id, author and year, title."""
    return _stems(" ".join((study_id.replace("-", " "), bibliography.label, bibliography.title)))


def add_words(connection: sqlite3.Connection, key: int, passages: Sequence[Passage], name: Sequence[str]) -> None:
    """Indexes the passages of a study.

    Raises:
        ValueError: If they are more than can be numbered, `_MOST`.
    """
    if len(passages) > _MOST:
        raise ValueError(f"a study of {len(passages):,} passages; the index of words takes {_MOST:,}")
    lengths = array("I")
    postings: dict[str, array[int]] = {}
    for place, passage in enumerate(passages):
        text, heading = Counter(_stems(passage.text)), Counter(_stems(" ".join(passage.path)))
        lengths.append(text.total() + heading.total())
        for stem in {**text, **heading}:
            postings.setdefault(stem, array("I")).append(_packed(place, text[stem], heading[stem]))
    connection.execute("INSERT INTO lengths VALUES (?, 0, ?)", (key, _to_bytes(lengths)))
    connection.executemany(
        "INSERT INTO postings VALUES (?, ?, ?)", ((key, stem, _to_bytes(postings[stem])) for stem in sorted(postings))
    )
    name_words(connection, key, name)


def name_words(connection: sqlite3.Connection, key: int, name: Sequence[str]) -> None:
    """Indexes the name of a study in place of the one it had."""
    connection.execute("DELETE FROM names WHERE key = ?", (key,))
    connection.executemany("INSERT INTO names VALUES (?, ?, ?)", ((stem, key, n) for stem, n in Counter(name).items()))
    connection.execute("UPDATE lengths SET name = ? WHERE key = ?", (len(name), key))


@dataclass(frozen=True, slots=True)
class _Rows:
    """All passages of the store in one row: by key of their study, then by place."""

    keys: NDArray[np.int64]
    """Of studies, ascending."""
    starts: NDArray[np.int64]
    """Row of each study's first passage, and the number of all passages."""
    lengths: NDArray[np.float64]
    """Stems of each passage, headings and name included."""

    def first(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row of the first passage of each study."""
        return self.starts[self.keys.searchsorted(keys)]


@dataclass(frozen=True, slots=True)
class _Stem:
    """Where one stem stands."""

    rows: NDArray[np.int64]
    """Of the passages that have it anywhere, ascending."""
    weights: NDArray[np.float64]
    """How often, by the weights of text, headings and name."""
    in_text: int
    """Passages whose text has it."""


class WordIndex:
    """Searches the words of a catalogue, from any thread.

    Args:
        connection: To the catalogue.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._using = threading.Lock()
        self._version: tuple[int, int] | None = None
        self._rows: _Rows | None = None
        self._held: dict[str, _Stem] = {}
        self._types: dict[str, NDArray[np.bool_]] = {}

    def search(
        self, query: str, k: int, keys: Sequence[int] | None = None, sections: frozenset[str] = frozenset()
    ) -> list[Ranked]:
        """The ``k`` passages that fit the words of ``query`` best, best first, equals in the order they were stored.

        Args:
            query: Any text; each of its stems counts once, and a passage needs only one of them.
            k: At most so many.
            keys: Of the studies that may be found; all if None.
            sections: Types of sections that may be found; all if empty.

        Source: Robertson and Zaragoza 2009, doi:10.1561/1500000019, with weighted fields as SQLite's FTS5 has them.
        """
        import numpy as np

        with self._using:
            rows = self._current()
            # Kept until the next question: how rare they are is asked for next.
            self._held = {stem: self._stem(stem, rows) for stem in dict.fromkeys(_stems(query))}
            stems = [stem for stem in self._held.values() if len(stem.rows)]
            admitted = self._within(sections, rows) if sections else None
        scores = _scores(_telling(stems, len(rows.lengths)), rows)
        if keys is not None:
            scores[~np.repeat(np.isin(rows.keys, keys), np.diff(rows.starts))] = 0.0
        if admitted is not None:
            scores[~admitted] = 0.0
        best = _best(scores, k)
        owners = rows.starts.searchsorted(best, side="right") - 1
        places = best - rows.starts[owners]
        found = zip(rows.keys[owners].tolist(), places.tolist(), scores[best].tolist(), strict=True)
        return [Ranked(*one) for one in found]

    def counts(self, stems: Iterable[str]) -> dict[str, int]:
        """In the text of how many passages each stem stands; headings and names do not count."""
        with self._using:
            rows = self._current()
            return {stem: self._stem(_bare(stem), rows).in_text for stem in stems}

    def _current(self) -> _Rows:
        """The passages as they are now; what was held of others is forgotten."""
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0]), self._connection.total_changes
        if self._rows is None or version != self._version:
            self._held.clear()
            self._types.clear()
            self._rows, self._version = _read_rows(self._connection), version
        return self._rows

    def _stem(self, stem: str, rows: _Rows) -> _Stem:
        return self._held.get(stem) or _read_stem(self._connection, stem, rows)

    def _within(self, sections: frozenset[str], rows: _Rows) -> NDArray[np.bool_]:
        """For each passage whether it stands in one of ``sections``."""
        import numpy as np

        self._types = self._types or _read_types(self._connection, rows)
        masks = [self._types[section] for section in sections if section in self._types]
        return np.logical_or.reduce(masks) if masks else np.zeros(len(rows.lengths), dtype=bool)


def _read_rows(connection: sqlite3.Connection) -> _Rows:
    import numpy as np

    found = connection.execute("SELECT key, name, body FROM lengths ORDER BY key").fetchall()
    sizes = np.array([len(body) // 4 for _, _, body in found], dtype=np.int64)
    own = np.frombuffer(b"".join(body for _, _, body in found), dtype="<u4")
    return _Rows(
        keys=np.array([key for key, _, _ in found], dtype=np.int64),
        starts=np.concatenate([np.zeros(1, np.int64), sizes.cumsum()]),
        lengths=own + np.repeat(np.array([name for _, name, _ in found], dtype=np.float64), sizes),
    )


def _read_stem(connection: sqlite3.Connection, stem: str, rows: _Rows) -> _Stem:
    import numpy as np

    # CROSS JOIN: a look for each study, instead of one over all that is indexed.
    query = "SELECT key, postings.body FROM lengths CROSS JOIN postings USING (key) WHERE stem = ?"
    known = set(rows.keys.tolist())  # another process may have stored more since
    found = [(key, body) for key, body in connection.execute(query, (stem,)) if key in known]
    sizes = [len(body) // 4 for _, body in found]
    packed = np.frombuffer(b"".join(body for _, body in found), dtype="<u4")
    places, in_text, in_heading = _unpacked(packed)
    at = np.repeat(rows.first(np.array([key for key, _ in found], dtype=np.int64)), sizes) + places
    weights = np.zeros(len(rows.lengths))
    weights[at] = _TEXT * in_text + _HEADING * in_heading
    for key, count in connection.execute("SELECT key, count FROM names WHERE stem = ?", (stem,)):
        if key in known:
            start = rows.keys.searchsorted(key)
            weights[rows.starts[start] : rows.starts[start + 1]] += _NAME * count
    having = np.flatnonzero(weights)
    return _Stem(having, weights[having], int(np.count_nonzero(in_text)))


def _read_types(connection: sqlite3.Connection, rows: _Rows) -> dict[str, NDArray[np.bool_]]:
    """By type of section, which of all passages stand in one."""
    import numpy as np

    listed = dict(connection.execute("SELECT key, sections FROM vectors"))
    types: list[str] = []
    for key, size in zip(rows.keys.tolist(), np.diff(rows.starts).tolist(), strict=True):
        types += listed[key].split() if key in listed else [""] * size  # gone since
    each = np.array(types)
    return {str(one): each == one for one in np.unique(each)}


def _telling(stems: list[_Stem], size: int) -> list[_Stem]:
    """Of a large corpus those of ``stems`` that at most half of its passages have; all if none is such."""
    if size < _LARGE:
        return stems
    return [stem for stem in stems if 2 * len(stem.rows) <= size] or stems


def _scores(stems: Sequence[_Stem], rows: _Rows) -> NDArray[np.float64]:
    """BM25 of every passage, 0 for those that have none of ``stems``."""
    import numpy as np

    size = len(rows.lengths)
    scores = np.zeros(size)
    average = float(rows.lengths.sum()) / size if size else 1.0
    for stem in stems:
        rarity = math.log((size - len(stem.rows) + 0.5) / (len(stem.rows) + 0.5))
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * rows.lengths[stem.rows] / average)
        share = stem.weights * (_SATURATION + 1.0) / (stem.weights + damping)
        scores[stem.rows] += (rarity if rarity > 0 else _LEAST) * share
    return scores


def _best(scores: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Rows of the ``k`` highest scores above 0, highest first, equals in their order."""
    import numpy as np

    rows = np.flatnonzero(scores)
    if k < 1:
        return rows[:0]
    if k < len(rows):
        least = np.partition(scores[rows], -k)[-k]
        rows = rows[scores[rows] >= least]
    return rows[np.argsort(-scores[rows], kind="stable")][:k]


def _packed(place: int, in_text: int, in_heading: int) -> int:
    text, heading = min(in_text, (1 << _TEXT_BITS) - 1), min(in_heading, (1 << _HEADING_BITS) - 1)
    return ((place << _TEXT_BITS) | text) << _HEADING_BITS | heading


def _unpacked(packed: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Places, counts in the text and counts in the headings."""
    import numpy as np

    places = np.asarray(packed >> (_TEXT_BITS + _HEADING_BITS), dtype=np.int64)
    in_text = np.asarray(packed >> _HEADING_BITS & ((1 << _TEXT_BITS) - 1), dtype=np.int64)
    return places, in_text, np.asarray(packed & ((1 << _HEADING_BITS) - 1), dtype=np.int64)


def _to_bytes(numbers: array[int]) -> bytes:
    """Four bytes each, little-endian."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _stems(text: str) -> list[str]:
    """Content stems, letters and digits only."""
    return list(filter(None, map(_bare, content_stems(text))))


def _bare(stem: str) -> str:
    return stem if stem.isalnum() else "".join(filter(str.isalnum, stem))
