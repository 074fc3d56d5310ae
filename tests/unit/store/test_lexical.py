"""The index of words, held against SQLite's own full-text search over the same stems."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.store import database
from assistant.store.lexical import _MOST, WordIndex, _packed, add_words, name_words
from assistant.text.words import content_stems

WORDS = "nurse rota trust clinic garden checklist plan ward porter harbour night walk team bench kettle".split()
SECTIONS = ("results", "discussion", "methods")


def passage(study: str, place: int, text: str, path: tuple[str, ...] = ()) -> Passage:
    span = Span(place * 1_000, place * 1_000 + len(text))
    return Passage(study, place, span, text, (span,), SectionType.RESULTS, path, None, 9)


def made(chance: random.Random, key: int) -> tuple[list[Passage], list[str]]:
    """Passages in which the first words stand more often than the last, and the stems of a name."""
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    passages = [
        passage(
            f"s{key}",
            place,
            " ".join(chance.choices(WORDS, weights, k=chance.randrange(1, 30))),
            tuple(chance.choices(WORDS, k=chance.randrange(3))),
        )
        for place in range(chance.randrange(6))
    ]
    return passages, [stem for word in chance.choices(WORDS, k=chance.randrange(4)) for stem in content_stems(word)]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = database.create(tmp_path / "catalogue.sqlite3")
    yield opened
    opened.close()


def store(connection: sqlite3.Connection, key: int, passages: Sequence[Passage], name: Sequence[str]) -> None:
    connection.execute(
        "INSERT INTO studies VALUES (?, ?, '', '', '', '', '{}', ?, 0, '', 0)", (key, key, len(passages))
    )
    sections = " ".join(SECTIONS[one.index % 3] for one in passages)
    connection.execute("INSERT INTO vectors VALUES (?, ?, x'')", (key, sections))
    add_words(connection, key, passages, name)


class FullText:
    """What SQLite's full-text search finds, each passage numbered by key and place."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, heading, study, tokenize = 'unicode61')")

    def add(self, key: int, passages: Sequence[Passage], name: Sequence[str]) -> None:
        columns = [(" ".join(content_stems(p.text)), " ".join(content_stems(" ".join(p.path)))) for p in passages]
        rows = [(100 * key + place, *both, " ".join(name)) for place, both in enumerate(columns)]
        self.connection.executemany("INSERT INTO words (rowid, text, heading, study) VALUES (?, ?, ?, ?)", rows)

    def drop(self, key: int) -> None:
        self.connection.execute("DELETE FROM words WHERE rowid BETWEEN ? AND ?", (100 * key, 100 * key + 99))

    def search(self, query: str) -> list[tuple[int, int, float]]:
        match = " OR ".join(dict.fromkeys(content_stems(query)))
        rows = self.connection.execute(
            "SELECT rowid, -bm25(words, 1.0, 0.5, 0.5) AS score FROM words WHERE words MATCH ? "
            "ORDER BY score DESC, rowid",
            (match,),
        )
        return [(number // 100, number % 100, score) for number, score in rows]


@pytest.mark.parametrize("seed", range(8))
def test_ranks_as_the_full_text_search_of_sqlite_does(connection: sqlite3.Connection, seed: int) -> None:
    chance = random.Random(seed)
    peer, index = FullText(), WordIndex(connection)
    for key in range(1, 31):
        passages, name = made(chance, key)
        store(connection, key, passages, name)
        peer.add(key, passages, name)
    gone = chance.sample(range(1, 31), 5)
    for key in gone:
        connection.execute("DELETE FROM studies WHERE key = ?", (key,))
        peer.drop(key)
    for _ in range(12):
        query = " ".join(chance.choices([*WORDS, "unheard"], k=chance.randrange(1, 6)))
        expected = peer.search(query)
        assert index.search(query, 1_000) == expected
        assert index.search(query, 7) == expected[:7]
        keys = chance.sample(range(1, 31), 12)
        assert index.search(query, 9, keys) == [one for one in expected if one[0] in keys][:9]
        within = [one for one in expected if SECTIONS[one[1] % 3] in ("results", "methods")]
        assert index.search(query, 9, None, frozenset({"results", "methods"})) == within[:9]


def test_counts_are_of_texts_alone(connection: sqlite3.Connection) -> None:
    store(connection, 1, [passage("a", 0, "Nurses nurse."), passage("a", 1, "Rota.", ("Nurses",))], ["nurs", "rota"])
    assert WordIndex(connection).counts(["nurs", "rota", "garden"]) == {"nurs": 1, "rota": 1, "garden": 0}


def test_an_edited_name_counts_at_once(connection: sqlite3.Connection) -> None:
    store(connection, 1, [passage("a", 0, "Rota.")], ["clinic"])
    index = WordIndex(connection)
    assert len(index.search("clinic", 5)) == 1 and index.search("harbour", 5) == []
    name_words(connection, 1, ["harbour", "harbour"])
    assert index.search("clinic", 5) == [] and len(index.search("harbour", 5)) == 1


def test_what_another_process_stores_is_found(connection: sqlite3.Connection, tmp_path: Path) -> None:
    store(connection, 1, [passage("a", 0, "Rota.")], [])
    reading = database.open_to_read(tmp_path / "catalogue.sqlite3")
    index = WordIndex(reading)
    assert [one.key for one in index.search("rota", 5)] == [1]
    store(connection, 2, [passage("b", 0, "Rota and rota.")], [])
    assert [one.key for one in index.search("rota", 5)] == [2, 1]
    reading.close()


def test_the_stems_of_the_last_question_are_kept(connection: sqlite3.Connection) -> None:
    store(connection, 1, [passage("a", 0, " ".join(WORDS))], [])
    index = WordIndex(connection)
    index.search("nurses' rota", 5)
    read: list[str] = []
    connection.set_trace_callback(read.append)
    assert index.counts(["nurs", "rota"]) == {"nurs": 1, "rota": 1}
    assert not any("postings" in statement for statement in read)
    assert index.counts(["garden"]) == {"garden": 1} and any("postings" in statement for statement in read)
    connection.set_trace_callback(None)


def test_an_empty_index_finds_nothing(connection: sqlite3.Connection) -> None:
    index = WordIndex(connection)
    assert index.search("rota", 5) == [] and index.counts(["rota"]) == {"rota": 0}
    store(connection, 1, [], ["rota"])
    assert index.search("rota", 5) == []


def test_counts_stop_where_a_posting_ends() -> None:
    assert _packed(_MOST - 1, 1_000, 1_000) == 2**32 - 1
    assert _packed(0, 1, 1) == (1 << 4) + 1


def test_more_passages_than_can_be_numbered_are_refused(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.store.lexical._MOST", 1)
    one = passage("a", 0, "Rota.")
    with pytest.raises(ValueError, match="takes 1"):
        add_words(connection, 1, [one, replace(one, index=1)], [])
