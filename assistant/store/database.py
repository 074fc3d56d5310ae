"""The catalogue's file: its tables, how it is opened, and what its errors mean to the user."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import StoreError, StoreLocked, StoreNotWritable

SCHEMA_VERSION = 3
"""Changes when the tables do; a store of another version has to be built again."""

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- AUTOINCREMENT: a key that was deleted never comes back, so that a vector left in Chroma under it can't be
-- taken for a newer one.
CREATE TABLE studies (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bibliography TEXT NOT NULL,
    passages INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    added TEXT NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX studies_pending ON studies (indexed) WHERE indexed = 0;

-- Large values stand apart, so that listing studies does not read over them.
CREATE TABLE documents (key INTEGER PRIMARY KEY REFERENCES studies ON DELETE CASCADE, body BLOB NOT NULL);
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES studies ON DELETE CASCADE,
    sections TEXT NOT NULL,
    body BLOB NOT NULL
);

CREATE TABLE passages (
    key INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE,
    place INTEGER NOT NULL,
    start INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    section TEXT NOT NULL,
    path TEXT NOT NULL,
    page INTEGER,
    tokens INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (key, place)
);

-- Keys of studies that are gone and whose vectors Chroma may still hold.
CREATE TABLE stale (key INTEGER PRIMARY KEY, passages INTEGER NOT NULL);

-- Stems, not words: what is indexed and what is asked go through the same stemmer. By study first, so that storing
-- one writes in one place however much is stored already.
CREATE TABLE postings (
    key INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE,
    stem TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (key, stem)
) WITHOUT ROWID;
CREATE TABLE names (
    stem TEXT NOT NULL,
    key INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE,
    count INTEGER NOT NULL,
    PRIMARY KEY (stem, key)
) WITHOUT ROWID;
-- How many stems each passage has, and those of its study's name.
CREATE TABLE lengths (
    key INTEGER PRIMARY KEY REFERENCES studies ON DELETE CASCADE,
    name INTEGER NOT NULL,
    body BLOB NOT NULL
);
"""

_REBUILD = "Build it again: realist ingest --rebuild PATH..."


def create(path: Path) -> sqlite3.Connection:
    """A writing connection to a catalogue; its tables are made if it is new.

    Raises:
        StoreNotWritable: If the folder does not take the file.
        StoreError: If the file is no catalogue.
    """
    with translated(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # The operating system keeps what was committed when the process dies; a power cut may cost the last
            # commits, never the file.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        except BaseException:
            connection.close()
            raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, on a read-only disk too.

    Raises:
        StoreError: If the file can't be read or is no catalogue.
    """
    with translated(path):
        try:
            return _probe(f"{path.absolute().as_uri()}?mode=ro")
        except sqlite3.OperationalError:
            # Where nothing can be written, the shared-memory file of the journal can't be made either.
            return _probe(f"{path.absolute().as_uri()}?mode=ro&immutable=1")


def _probe(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """The version that the tables were made by."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into those that say what to do.

    Raises:
        StoreLocked: If another process keeps the file busy.
        StoreNotWritable: If the disk is full or read-only, or permissions are missing.
        StoreError: If the file is damaged.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        message = str(error)
        if "locked" in message or "busy" in message:
            raise StoreLocked(f"{path} is in use ({message})", remedy="Try again in a moment.", path=path) from error
        if any(sign in message for sign in ("readonly", "full", "unable to open", "disk I/O")):
            remedy = "Check its permissions and the free space."
            raise StoreNotWritable(f"{path} can't be used ({message})", remedy=remedy, path=path) from error
        raise StoreError(f"{path} can't be read ({message})", remedy=_REBUILD, path=path) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is damaged ({error})", remedy=_REBUILD, path=path) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of what is written inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
