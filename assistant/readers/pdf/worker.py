"""The process that opens PDFs for `service`: reads files from its input, writes pages to its output.

Each file is its length in eight bytes and then its bytes; each answer is a line of JSON.
"""

from __future__ import annotations

import json
import sys
from typing import IO, Any

from assistant.readers.pdf.document import PdfDocument, Refused
from assistant.readers.pdf.wire import encode

MEMORY = 1_500_000_000
"""Bytes of address space beyond which the process is refused more."""


def main() -> None:
    """Serves files until the input ends."""
    _bound_memory()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(8)) == 8:
        length = int.from_bytes(head, "big")
        data = source.read(length)
        if len(data) < length:
            return
        serve(data, sink)


def serve(data: bytes, sink: IO[bytes]) -> None:
    """Writes what the file says of itself and its pages to ``sink``, then that it is done; or why it is refused."""
    try:
        document = PdfDocument.open(data)
    except Refused as refused:
        _write(sink, {"refused": refused.kind, "reason": refused.reason})
        return
    try:
        _write(sink, encode(document.info))
        for page in document:
            _write(sink, encode(page))
    finally:
        document.close()
    _write(sink, {"done": document.pages})


def _write(sink: IO[bytes], answer: dict[str, Any]) -> None:
    sink.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
    sink.flush()


def _bound_memory() -> None:
    """Sets the bound where the system knows one."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > MEMORY:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
        except (ValueError, OSError):  # some systems know the bound but do not take it
            return


if __name__ == "__main__":
    main()
