"""Bytes to text: UTF-8 first, else what the bytes themselves suggest, and never an exception."""

from __future__ import annotations

from assistant.domain.study import ReadingNote

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decode_text(data: bytes) -> tuple[str, tuple[ReadingNote, ...]]:
    """``data`` as text, and a note where the encoding had to be guessed or bytes were replaced."""
    if data.startswith(_UTF16):
        text = data.decode("utf-16", errors="replace")
        return text, _replaced(text)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8-sig", errors="replace")
    broken = lenient.count("\ufffd")
    beyond_ascii = sum(char > "\x7f" for char in lenient)
    if broken * 2 <= beyond_ascii:
        return lenient, _replaced(lenient)
    text = data.decode("cp1252", errors="replace")
    return text, (ReadingNote("The file is not UTF-8; it was read as Windows-1252."),)


def _replaced(text: str) -> tuple[ReadingNote, ...]:
    count = text.count("\ufffd")
    return (ReadingNote(f"{count} broken characters were replaced by \ufffd."),) if count else ()
