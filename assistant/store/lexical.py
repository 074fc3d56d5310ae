"""Words: the stems that are indexed and asked for, and their ranking.

The stems of a passage, of the headings above it and of its study's name are columns of one FTS5 table, ranked by
BM25 with a weight for each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from assistant.domain.passages import Passage
from assistant.domain.study import Bibliography
from assistant.text.words import content_stems

_WEIGHTS = (1.0, 0.5, 0.5)
"""Of the text, its headings and its study's name."""


def name_stems(study_id: str, bibliography: Bibliography) -> str:
    """The stems under which a study is known: its id, author and year, title."""
    return _stems(" ".join((study_id.replace("-", " "), bibliography.label, bibliography.title)))


_LARGE = 20_000
"""Passages from which on the commonest stems of a question are passed over; below, they cost nothing to look up."""


def add_words(connection: sqlite3.Connection, numbered: Iterable[tuple[int, Passage]], name: str) -> None:
    """Indexes passages under their numbers."""
    connection.executemany(
        "INSERT INTO words (rowid, text, heading, study) VALUES (?, ?, ?, ?)",
        ((number, _stems(passage.text), _stems(" ".join(passage.path)), name) for number, passage in numbered),
    )


def search_words(connection: sqlite3.Connection, query: str, k: int, restriction: str) -> list[tuple[int, float]]:
    """Numbers of the ``k`` passages that fit the words of ``query`` best, with their BM25, best first.

    Args:
        connection: To the catalogue.
        query: Any text; each of its stems counts once, and a passage needs only one of them.
        k: At most so many.
        restriction: SQL on ``passages``; empty for none.
    """
    stems = _telling(connection, list(dict.fromkeys(_stems(query).split())))
    if not stems or k < 1:
        return []
    # CROSS JOIN keeps SQLite from looking the words up again for each passage that the restriction lets pass.
    joined = f"CROSS JOIN passages ON number = words.rowid WHERE {restriction} AND" if restriction else "WHERE"
    rows = connection.execute(
        f"SELECT words.rowid, -bm25(words, {', '.join(map(str, _WEIGHTS))}) AS score "
        f"FROM words {joined} words MATCH ? ORDER BY score DESC, words.rowid LIMIT ?",
        (" OR ".join(f'"{stem}"' for stem in stems), k),
    )
    return [(int(number), float(score)) for number, score in rows]


def count_words(connection: sqlite3.Connection, stems: Iterable[str]) -> dict[str, int]:
    """In the text of how many passages each stem stands; headings and names do not count."""
    counts: dict[str, int] = {}
    for stem in stems:
        bare = _bare(stem)
        query = "SELECT count(*) FROM words WHERE words MATCH ?"
        counts[stem] = int(connection.execute(query, (f'text : "{bare}"',)).fetchone()[0]) if bare else 0
    return counts


def _telling(connection: sqlite3.Connection, stems: list[str]) -> list[str]:
    """Those of ``stems`` that tell passages apart: of a large corpus not those that more than half of it have.

    BM25 weighs such a stem next to nothing and yet has to visit every passage that has it.
    """
    (size,) = connection.execute("SELECT coalesce(sum(passages), 0) FROM studies").fetchone()
    if size < _LARGE:
        return stems
    counts = (connection.execute("SELECT doc FROM stems WHERE term = ?", (stem,)).fetchone() for stem in stems)
    return [stem for stem, count in zip(stems, counts, strict=True) if count and count[0] * 2 <= size] or stems


def _stems(text: str) -> str:
    """Stems as the index's tokeniser keeps them: letters and digits only, between spaces."""
    return " ".join(filter(None, map(_bare, content_stems(text))))


def _bare(stem: str) -> str:
    return "".join(filter(str.isalnum, stem))
