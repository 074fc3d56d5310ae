"""Small files kept between runs, each with the hash of its own content in front.

A file that is missing, damaged or half-written reads as absent; one that can't be written is done without. So
a cache folder may be shared by processes, deleted at any time, or lie on a disk that is read-only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from assistant.files import write_whole

_HASH_BYTES = 32


def read_checked(path: Path) -> bytes | None:
    """The content that `write_checked` stored; None if there is none that is whole."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    stored, content = raw[:_HASH_BYTES], raw[_HASH_BYTES:]
    return content if hashlib.sha256(content).digest() == stored else None


def write_checked(path: Path, content: bytes) -> bool:
    """Stores ``content`` so that readers see all of it or nothing; whether it could be stored."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, hashlib.sha256(content).digest() + content)
    except OSError:
        return False
    return True


def cached(path: Path, build: Callable[[], bytes]) -> bytes:
    """The content at ``path``, built and stored first where it is absent or damaged."""
    content = read_checked(path)
    if content is None:
        content = build()
        write_checked(path, content)
    return content
