"""Rich text (.rtf): its words by striprtf, its structure as that of a plain text."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.domain.study import ReadingNote
from assistant.readers.builder import RawStudy
from assistant.readers.text import read_text

_PARAGRAPH = re.compile(r"\n+")
_NOTE = ReadingNote("Rich text was read as plain text: headings are told by their words, not by their styles.")


def read_rtf(data: bytes) -> RawStudy:
    """The words of a rich text file, one block a paragraph; its styles are not read, and a note says so.

    Args:
        data: The whole file.
    """
    from striprtf.striprtf import rtf_to_text

    # The format is ASCII by its definition; bytes beyond it in careless files are those of Windows.
    text = rtf_to_text(data.decode("cp1252", errors="replace"), errors="replace")  # type: ignore[no-untyped-call]
    raw = read_text(_PARAGRAPH.sub("\n\n", text.replace("|\n", "\n")).encode("utf-8", errors="replace"))
    return replace(raw, notes=(*raw.notes, _NOTE))
