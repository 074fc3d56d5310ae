"""Replies of earlier runs, kept in the project, so that an equal request is never paid for twice.

One SQLite file that several processes may read and write at once. It is only a saving: each run's journal holds its
replies too, and the file may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.domain.engine import PromptRecord
from assistant.engines.model.records import CallRecord
from assistant.errors import StoreError

FILE = "replies.sqlite3"
_PATIENCE = 30.0
"""Longest wait for another process, in seconds."""
_TABLE = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    text TEXT NOT NULL,
    tokens_out INTEGER NOT NULL
) WITHOUT ROWID
"""


class ReplyCache:
    """Replies by the key of their request.

    Args:
        folder: The project's own folder; the file in it is made if absent.

    Raises:
        StoreError: If the file can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        from filelock import FileLock

        # SQLite does not wait where two processes turn the same new file to its write-ahead log.
        with self._translated(), FileLock(f"{self._path}.lock", timeout=_PATIENCE):
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=_PATIENCE)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # A power cut may cost the last replies, which the run's journal holds anyway, and never the file.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_TABLE)

    def find(self, key: str) -> str | None:
        """The reply to the request with this key; None if it is not kept."""
        with self._translated():
            row = self._connection.execute("SELECT text FROM replies WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def keep(self, key: str, prompt: PromptRecord, text: str, tokens_out: int) -> None:
        """Keeps a reply of so many tokens, in place of an earlier one under the same key."""
        row = (key, prompt.hash, text, tokens_out)
        with self._translated():
            self._connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", row)

    def take_over(self, records: Iterable[CallRecord]) -> None:
        """Keeps the replies of a run's journal that are not kept yet: those between which and here it was killed."""
        rows = [
            (record.key, record.prompt.hash, record.reply.text, record.reply.usage.tokens_out)
            for record in records
            if not record.reply.problem
        ]
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR IGNORE INTO replies VALUES (?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")

    def usual_length(self, prompt: PromptRecord) -> float | None:
        """Mean length of the replies to this prompt, in tokens; None where there is none yet."""
        with self._translated():
            query = "SELECT avg(tokens_out) FROM replies WHERE prompt = ?"
            row = self._connection.execute(query, (prompt.hash,)).fetchone()
        return float(row[0]) if row[0] is not None else None

    def close(self) -> None:
        """Gives the file back."""
        self._connection.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self._path} can't be used ({error})",
                remedy="Check its permissions and the free space, or delete it: it only saves repeated calls.",
                path=self._path,
            ) from error
