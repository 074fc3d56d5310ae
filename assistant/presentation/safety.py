"""Text from outside is data: nothing in it may steer a terminal, hide from the reader, or turn into a link or markup.

Studies, file names, metadata and a model's words all come from outside. Whatever prints or exports them passes them
through here, each kind of output by its own function.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # control, but tab and line feed
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    r"\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # without width
    r"\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # fillers, which look like nothing
    r"\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # variants and tags
)
_JOINER = "[\u200c\u200d]"
"""Needed within words of some scripts, and a hiding place elsewhere."""
_JOINED = "[\u0590-\u0fff]"
_UNSAFE = re.compile(
    r"\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # ESC and the string that it opens: titles, links, the clipboard
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])?"  # ESC and the sequence that it opens
    rf"|[{_HIDDEN}]|(?<!{_JOINED}){_JOINER}|{_JOINER}(?!{_JOINED})"
)
_LINE_BREAK = re.compile("\r\n|[\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEVER_RAW = re.compile(rf"[{_HIDDEN}\u200c\u200d\u2028\u2029\ud800-\udfff]")
_MARKDOWN = re.compile(
    r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=www)\."  # wherever they stand
    r"|^[-+=]",  # at the beginning of a line
    re.MULTILINE | re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d+)([.)])", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def safe(text: str) -> str:
    """``text`` without escape sequences, control, bidirectional and hidden characters; tabs and line feeds stay."""
    shown = _UNSAFE.sub("", _LINE_BREAK.sub("\n", text))
    while (again := _UNSAFE.sub("", shown)) != shown:  # what was taken out may have held a sequence apart
        shown = again
    return _SURROGATE.sub("\ufffd", shown)


def one_line(text: str, width: int | None = None) -> str:
    """``text`` safe, on one line, cut with an ellipsis beyond ``width`` code points."""
    line = " ".join(safe(text).split())
    return line if width is None or len(line) <= width else line[: width - 1].rstrip() + "…"


def markdown(text: str) -> str:
    """``text`` safe, as Markdown that shows it as it is: no link, image, heading, list, table, code or HTML."""
    plain = _MARKDOWN.sub(r"\\\g<0>", _INDENT.sub("", safe(text)))
    return _NUMBERED.sub(r"\1\\\2", plain)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """``value`` as JSON that reads back the same, with everything that a terminal could obey or hide escaped."""
    return _NEVER_RAW.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(found: re.Match[str]) -> str:
    """A character as JSON spells it; outside strings only line feeds occur, which are none of these."""
    return json.dumps(found.group()).strip('"')
