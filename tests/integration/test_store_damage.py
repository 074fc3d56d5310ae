"""Damaged files, full and read-only disks, and what is left of a store then."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import StoreError, StoreLocked, StoreNotWritable
from assistant.store import database
from assistant.store.chroma import ChromaFailure, ChromaWriter
from assistant.store.store import Store
from assistant.store.vectors import VectorIndex

from .store_makers import FINGERPRINT, fill, make, vector_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".realist"


def _damage_index(folder: Path) -> None:
    for path in (folder / "chroma").rglob("*.bin"):
        path.write_bytes(os.urandom(64))


def _damage_database(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 1000)


def _lose(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


def _kill_the_writer(folder: Path) -> None:
    (folder / "chroma" / "unfinished").touch()


@pytest.mark.parametrize("damage", [_lose, _damage_database, _damage_index, _kill_the_writer])
def test_without_chroma_the_catalogue_answers_and_a_sweep_mends(folder: Path, damage: object) -> None:
    fill(folder, *(f"study-{number}" for number in range(4)))
    vector = vector_of("a question")
    with Store.open(folder) as store:
        expected = store.dense(vector, 5)
    damage(folder)  # type: ignore[operator]
    with Store.open(folder) as store:
        store._vectors._compared_so_far = 1 << 40
        found = [hit.passage_id for hit in store.dense(vector, 5)]
        assert found == [hit.passage_id for hit in expected]
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.sweep()
        assert store.verify().sound
        store._vectors._compared_so_far = 1 << 40
        assert [hit.passage_id for hit in store.dense(vector, 5)] == found
        assert store._vectors._reader is not None


def test_vectors_that_chroma_lost_are_noticed(folder: Path) -> None:
    fill(folder, "one", "two")
    with Store.open(folder, FINGERPRINT, write=True) as store:
        writer = ChromaWriter(folder / "chroma", store._vectors._collection, {"reader": "1"})
        held = sorted(store._vectors._open_reader().ids())
        writer.delete(held[:2])
        writer.close()
    with Store.open(folder) as store:
        assert store.verify().missing == ("one:0", "one:1")
        store._vectors._compared_so_far = 1 << 40
        assert len(store.dense(vector_of("x"), 100)) == 12
        assert store._vectors._reader is None
    with Store.open(folder, FINGERPRINT, write=True) as store:
        assert store.sweep() == 2
        assert store.verify().sound


def test_vectors_of_no_passage_are_swept(folder: Path) -> None:
    fill(folder, "one", "two")
    with sqlite3.connect(folder / "catalogue.sqlite3") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM studies WHERE id = 'one'")
    connection.close()
    with Store.open(folder, FINGERPRINT, write=True) as store:
        assert store.verify().orphans == 6
        assert {hit.passage_id[:3] for hit in store.dense(vector_of("x"), 99)} == {"two"}
        assert store.sweep() == 6
        assert store.verify().sound
        assert store.sweep() == 0


def test_collections_of_an_earlier_catalogue_are_dropped(folder: Path) -> None:
    fill(folder, "one")
    for name in ("catalogue.sqlite3", "catalogue.sqlite3-wal", "catalogue.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    fill(folder, "two")
    with sqlite3.connect(folder / "chroma" / "chroma.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM collections").fetchone() == (1,)
    connection.close()
    with Store.open(folder) as store:
        store._vectors._compared_so_far = 1 << 40
        assert store.dense(make("two").vectors[3], 1)[0].passage_id == "two:3"


def test_a_chroma_that_takes_nothing_is_reported_and_nothing_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ChromaFailure("database or disk is full")

    monkeypatch.setattr(ChromaWriter, "add", full)
    with pytest.raises(StoreNotWritable, match=r"disk is full.*nothing is lost"):
        fill(folder, "one")
    monkeypatch.undo()
    with Store.open(folder) as store:
        assert store.verify().pending == 6
        assert store.dense(make("one").vectors[2], 1)[0].passage_id == "one:2"
    Store.open(folder, FINGERPRINT, write=True).close()
    with Store.open(folder) as store:
        assert store.verify().pending == 0 and store.verify().sound


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_catalogue_says_how_to_build_it_again(folder: Path, content: bytes) -> None:
    fill(folder, "one")
    (folder / "catalogue.sqlite3").write_bytes(content)
    for write in (False, True):
        with pytest.raises(StoreError, match="realist ingest --rebuild"):
            Store.open(folder, FINGERPRINT, write=write)
    with Store.open(folder, FINGERPRINT, write=True, rebuild=True) as store:
        store.replace_many([make("one")])
    with Store.open(folder) as store:
        assert store.verify().sound


def test_a_damaged_study_is_named(folder: Path) -> None:
    fill(folder, "one", "two", "three")
    with sqlite3.connect(folder / "catalogue.sqlite3") as connection:
        key = "(SELECT key FROM studies WHERE id = ?)"
        connection.execute(f"UPDATE documents SET body = x'00' WHERE key = {key}", ("one",))
        connection.execute(f"DELETE FROM documents WHERE key = {key}", ("three",))
    connection.close()
    with Store.open(folder) as store:
        assert store.verify().damaged == ("one", "three")
        with pytest.raises(StoreError, match=r"study one is damaged.*Ingest its file again"):
            store.study("one")


def test_a_folder_that_is_a_file_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / ".realist").touch()
    with pytest.raises(StoreNotWritable, match=r"can't be written to.*permissions"):
        Store.open(tmp_path / ".realist", FINGERPRINT, write=True)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("database is locked", StoreLocked),
        ("attempt to write a readonly database", StoreNotWritable),
        ("database or disk is full", StoreNotWritable),
        ("no such table: studies", StoreError),
    ],
)
def test_errors_of_sqlite_say_what_to_do(message: str, expected: type[StoreError]) -> None:
    with pytest.raises(expected) as caught, database.translated(Path("catalogue.sqlite3")):
        raise sqlite3.OperationalError(message)
    assert type(caught.value) is expected and caught.value.remedy and message in caught.value.message


READER = """
import os, sys
from pathlib import Path
import filelock, Stemmer  # while modules can still be read: the interpreter may lie in the first user's home
import numpy as np
from assistant.store.store import Store
from assistant.store.vectors import VectorIndex
from assistant.errors import StoreNotWritable
from assistant.store.entries import Fingerprint
os.setgid(65534); os.setuid(65534)
folder = Path(sys.argv[1])
with Store.open(folder) as store:
    store._vectors._compared_so_far = 1 << 40
    print(len(store.studies()), len(store.lexical("team", 3)), len(store.dense(np.ones(8, "f4"), 3)))
try:
    Store.open(folder, Fingerprint("1", "1:20:60", "made/8"), write=True)
except StoreNotWritable as error:
    print("refused")
"""


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may become another user")
def test_a_store_that_may_not_be_written_is_read(folder: Path, tmp_path: Path) -> None:
    fill(folder, "one", "two")
    for path in (tmp_path, *tmp_path.parents[:2], *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    done = subprocess.run([sys.executable, "-c", READER, str(folder)], capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:2] == ["2 3 3", "refused"], done.stderr


def test_a_chroma_that_cannot_be_written_is_not_examined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, "one")
    monkeypatch.setattr(VectorIndex, "is_read_only", True)
    with Store.open(folder) as store:
        found = store.verify()
    assert found.sound and not found.examined
