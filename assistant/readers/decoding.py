"""From the bytes of a text file to its characters, with a note on what could not be read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from assistant.domain.study import ReadingNote
from assistant.errors import UnsupportedFormat

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
"""Bytes that are looked at to tell text from other content."""
_MOSTLY = 0.3
"""Share of control bytes above which content is no text."""
_REPLACED = "\ufffd"
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b\x85")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The characters of a file."""

    text: str
    """As decoded, line ends and all."""
    notes: tuple[ReadingNote, ...] = ()
    """What the researcher should know about the decoding."""


def decode(data: bytes) -> DecodedText:
    """The characters of ``data``: by its byte order mark, else UTF-8, else Windows' Western European encoding.

    Bytes that are no UTF-8 in a text that otherwise is UTF-8 are replaced and counted in a note.

    Raises:
        UnsupportedFormat: If the content is not text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _noted(data.decode(encoding, errors="replace"), encoding.removesuffix("-sig"))
    _refuse_binary(data)
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    replaced = text.count(_REPLACED) - data.count(_REPLACED.encode())
    if any(ord(char) > 127 and char != _REPLACED for char in text) and replaced <= max(3, len(text) // 200):
        return _noted(text, "UTF-8", replaced)
    return _as_windows(data)


def _as_windows(data: bytes) -> DecodedText:
    text = data.decode("cp1252", errors="replace")
    message = "The file is not UTF-8; it was read as Windows-1252 (Western European)"
    replaced = text.count(_REPLACED)
    if replaced:
        message += f", and {replaced} bytes that it does not know were replaced"
    return DecodedText(text, (ReadingNote(f"{message}."),))


def _noted(text: str, encoding: str, replaced: int | None = None) -> DecodedText:
    count = text.count(_REPLACED) if replaced is None else replaced
    if not count:
        return DecodedText(text)
    what = "1 place was" if count == 1 else f"{count} places were"
    return DecodedText(text, (ReadingNote(f"The file is not clean {encoding}: {what} replaced by '{_REPLACED}'."),))


def _refuse_binary(data: bytes) -> None:
    sample = data[:_SAMPLE]
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample)
    if sample.count(0) > len(sample) * 0.01 or controls > len(sample) * _MOSTLY:
        raise UnsupportedFormat(
            "the content is not text",
            remedy="Give a text, Markdown, JATS XML or other supported file; convert this one first.",
        )
