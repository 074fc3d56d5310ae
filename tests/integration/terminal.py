"""Running the command on a pseudo-terminal, and looking at what the terminal would be sent."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

HIDDEN = set("\x07\x7f\x9b\u00ad\u061c\u200b\u200e\u202e\u2028\u2060\u2066\u3164\ufeff\U000e0041")
_OWN = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>]|\([B0])")
"""Colour, cursor and modes, which the tool itself sends; no titles, links, or clipboard."""


def on_a_terminal(project: Path, *arguments: str, typed: str = "", code: int = 0) -> str:
    """What a terminal would be sent."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "LINES": "50"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "assistant.cli.main", "--project", str(project), *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        output = b""
        while True:
            try:
                read = os.read(ours, 65_536)
            except OSError:  # the other side is closed
                break
            if not read:
                break
            output += read
    os.close(ours)
    assert process.returncode == code, output
    return output.decode("utf-8")


def check(shown: str, *, words: str) -> None:
    """Nothing but what the tool itself sends reached the terminal, and ``words`` stand there letter by letter."""
    left = _OWN.sub("", shown)
    assert "\x1b" not in left, left[max(0, left.find("\x1b") - 40) : left.find("\x1b") + 40]
    assert not set(left) & HIDDEN
    assert "\x1b[2J\x1b[31m" not in shown and "owned" not in shown and "cm0gLXJm" not in shown
    assert words in left
