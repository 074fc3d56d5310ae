"""A file of JSON lines that only grows: what was written is on the disk, and a line cut short by a kill is dropped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import StoreNotWritable


def append_lines(file: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Writes a line a record and waits until the disk has them.

    Raises:
        StoreNotWritable: If the file does not take them.
    """
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with writing(file.parent), file.open("a", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of ``file``; none where it is not there. Changes nothing."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return
    # Only the line feed ends a line: the other separators that Python knows may stand inside a string.
    for line in data[: data.rfind(b"\n") + 1].split(b"\n"):
        if line:
            yield json.loads(line)


def drop_torn_line(file: Path) -> None:
    """Cuts off what a kill left of a last line, so that the next one begins anew; only for the file's one writer."""
    if not file.exists():
        return
    data = file.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with writing(file.parent), file.open("r+b") as handle:
            handle.truncate(whole)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns the system's refusal to write into the error that names the remedy.

    Raises:
        StoreNotWritable: If ``folder`` does not take what is written inside.
    """
    try:
        yield
    except OSError as error:
        raise StoreNotWritable(
            f"{folder} can't be written: {error.strerror or error}",
            remedy="Check its permissions and the free space on its disk.",
            path=folder,
        ) from error
