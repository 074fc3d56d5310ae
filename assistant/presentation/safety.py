"""Text from outside never reaches a terminal raw: control and bidirectional characters are taken out."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])?"  # ESC and the sequence it opens
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def safe(text: str) -> str:
    """``text`` without escape sequences, control and bidirectional characters; tabs and line feeds stay."""
    return _UNSAFE.sub("", text)


def one_line(text: str, width: int | None = None) -> str:
    """``text`` safe, on one line, cut with an ellipsis beyond ``width`` code points."""
    line = " ".join(safe(text).split())
    return line if width is None or len(line) <= width else line[: width - 1].rstrip() + "…"
