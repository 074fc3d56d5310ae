"""Writing files so that a reader, or a kill in the middle, never meets a half-written one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: str | bytes) -> None:
    """Writes ``file`` so that it is either whole and on the disk, or as it was.

    Raises:
        OSError: As the system says; nothing is left behind.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    """What the user's new files leave out; the system only tells it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
