"""Small files kept between runs, each with the hash of its own content in front.

A file that is missing, damaged or half-written reads as absent; one that can't be written is done without. So
a cache folder may be shared by processes, deleted at any time, or lie on a disk that is read-only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

_HASH_BYTES = 32


def read_checked(path: Path) -> bytes | None:
    """The content that `write_atomically` stored; None if there is none that is whole."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    stored, content = raw[:_HASH_BYTES], raw[_HASH_BYTES:]
    return content if hashlib.sha256(content).digest() == stored else None


def write_atomically(path: Path, content: bytes) -> bool:
    """Stores ``content`` so that readers see all of it or nothing; whether it could be stored."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        return False
    return True


def cached(path: Path, build: Callable[[], bytes]) -> bytes:
    """The content at ``path``, built and stored first where it is absent or damaged."""
    content = read_checked(path)
    if content is None:
        content = build()
        write_atomically(path, content)
    return content
