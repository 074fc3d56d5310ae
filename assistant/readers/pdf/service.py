"""Opens PDFs in a process of its own, so that a hostile or broken one costs that process and nothing else.

The process lives on between files, because starting one costs more than reading a short article.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Any

import assistant
from assistant.errors import MalformedStudy, ReadingError, StudyTooLarge
from assistant.readers.pdf.glyphs import DocumentInfo, PageContent, PageFault
from assistant.readers.pdf.wire import ENCRYPTED, MALFORMED, TOO_LARGE, decode

SECONDS = 30.0
"""Time that a file may take to be opened before its first page."""
SECONDS_A_PAGE = 0.2
"""Time that each page adds; a dense one takes a tenth of it."""
_WORKER = "assistant.readers.pdf.worker"
_REMEDIES = {
    ENCRYPTED: "Save it without a password (in a viewer: print it to a PDF file), and read that.",
    TOO_LARGE: "Split it into the studies that it holds.",
    MALFORMED: "Open it in a PDF viewer: if that fails too, get the file again from its publisher.",
}


def open_pages(data: bytes, seconds: float = SECONDS) -> Generator[DocumentInfo | PageContent | PageFault, None, None]:
    """What the file in ``data`` says of itself, then its pages in order.

    Files are opened one at a time: exhaust or close the generator before another one is asked for its pages.

    Raises:
        ReadingError: If it is encrypted.
        MalformedStudy: If it is damaged, or breaks the process that opens it.
        StudyTooLarge: If it takes longer than ``seconds``, and `SECONDS_A_PAGE` for each page so far.
    """
    with _lock:
        yield from _service.pages(data, seconds)


def close() -> None:
    """Ends the process that opens files; the next file starts another."""
    with _lock:
        _service.close()


class _Service:
    """The process, started when it is first needed and again after it had to be ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def pages(self, data: bytes, seconds: float) -> Iterator[DocumentInfo | PageContent | PageFault]:
        process = self._running()
        watch = _Watch(process, seconds)
        complete = False
        try:
            for answer in _answers(process, data):
                watch.extend(SECONDS_A_PAGE)
                complete = "refused" in answer or "done" in answer
                if "refused" in answer:
                    raise _refusal(answer)
                if "done" in answer:
                    return
                yield decode(answer)
            raise _broken(watch.expired, seconds)
        finally:
            watch.end()
            if not complete:
                self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path()},
            )
        return self._process

    def close(self) -> None:
        """Ends the process, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close_quietly(pipe)
        process.wait()


class _Watch:
    """Ends a process that works longer than it may."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.expired = False
        self._process = process
        self._deadline = time.monotonic() + seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def extend(self, seconds: float) -> None:
        """Gives the process more time."""
        self._deadline += seconds

    def end(self) -> None:
        """Stops watching."""
        self._over.set()
        self._thread.join()

    def _wait(self) -> None:
        while not self._over.wait(max(self._deadline - time.monotonic(), 0.01)):
            if time.monotonic() >= self._deadline:
                self.expired = True
                self._process.kill()
                return


def _search_path() -> str:
    """Where the process finds this package, and then what it would search anyway."""
    here = str(Path(assistant.__file__).parent.parent)
    return os.pathsep.join(part for part in (here, os.environ.get("PYTHONPATH", "")) if part)


def _answers(process: subprocess.Popen[bytes], data: bytes) -> Iterator[dict[str, Any]]:
    """Sends the file and gives the answers as they come; ends early where the process does."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(len(data).to_bytes(8, "big"))
        process.stdin.write(data)
        process.stdin.flush()
    except OSError:
        return
    for line in process.stdout:
        if not line.endswith(b"\n"):
            return
        yield json.loads(line)


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what could not be written any more is of no use
        pass


def _refusal(answer: dict[str, Any]) -> ReadingError:
    kinds = {ENCRYPTED: ReadingError, TOO_LARGE: StudyTooLarge}
    kind = kinds.get(answer["refused"], MalformedStudy)
    return kind(str(answer["reason"]), remedy=_REMEDIES.get(answer["refused"], ""))


def _broken(expired: bool, seconds: float) -> ReadingError:
    if expired:
        return StudyTooLarge(
            f"the PDF took longer than {seconds:.0f} seconds to open",
            remedy="It unfolds to far more than it seems to hold; get it again, or save it anew from a PDF viewer.",
        )
    return MalformedStudy(
        "the PDF needs more memory than any study does, or breaks the program that opens it",
        remedy="Get it again from its publisher, or save it anew from a PDF viewer.",
    )


_service = _Service()
_lock = threading.Lock()
atexit.register(close)
