"""One writer at a time: a file lock that the operating system releases when its holder dies."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StoreLocked, StoreNotWritable

if TYPE_CHECKING:
    from filelock import FileLock


class WriteLock:
    """Held from `acquire` to `release`; readers take no notice of it.

    Args:
        folder: The project's ``.realist``; made if absent.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._holder = folder / "lock.json"
        self._lock: FileLock | None = None

    def acquire(self) -> None:
        """Takes the lock.

        Raises:
            StoreLocked: If another process, or another store of this one, holds it.
            StoreNotWritable: If the folder can't be written to.
        """
        from filelock import FileLock, Timeout

        with written_to(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path, thread_local=False)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                remedy = "Wait until it has finished, or stop it."
                raise StoreLocked(
                    f"{self._who()} is writing to {self._path.parent}", remedy=remedy, path=self._path.parent
                ) from error
            self._lock = lock
            holder = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
            self._holder.write_text(json.dumps(holder), encoding="utf-8")

    def release(self) -> None:
        """Gives the lock back; nothing if it is not held."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._holder.unlink()
            self._lock.release()
            self._lock = None

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"Process {holder['pid']}, started {holder['since']},"
        except (OSError, ValueError, KeyError, TypeError):
            return "Another process"


@contextlib.contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Turns a refusal of the operating system into the error that says what to do.

    Raises:
        StoreNotWritable: If ``folder`` does not take what is written.
    """
    try:
        yield
    except OSError as error:
        raise StoreNotWritable(
            f"{folder} can't be written to ({error.strerror or error})",
            remedy="Check its permissions and the free space.",
            path=folder,
        ) from error
