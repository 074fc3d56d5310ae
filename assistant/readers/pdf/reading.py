"""From the pages of a PDF to a study: refuses what has no text, notes what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.study import Bibliography, ReadingNote
from assistant.errors import EmptyStudy, MalformedStudy, StudyTooLarge
from assistant.readers.builder import RawStudy
from assistant.readers.limits import ReadingLimits
from assistant.readers.pdf.blocks import make_blocks
from assistant.readers.pdf.front import bibliography, find_title
from assistant.readers.pdf.glyphs import DocumentInfo, PageContent, PageFault
from assistant.readers.pdf.layout import Layout, PageLines, lay_out, page_lines

_OCR = "Recognise its text first, for example with `ocrmypdf in.pdf out.pdf`, and read the result."
_OCR_ANEW = "Recognise its text anew, for example with `ocrmypdf --force-ocr in.pdf out.pdf`, and read the result."
_NO_LETTERS = 0.3
"""Share of characters that stand for nothing from which a text layer can't be read."""
_MOST_NAMED = 8
"""Pages that a note names at the most."""
_AUTHOR_LINES = 8
"""Lines after the title that may name authors."""


def read_document(document: Iterable[DocumentInfo | PageContent | PageFault], limits: ReadingLimits) -> RawStudy:
    """The study that a document's pages make.

    Args:
        document: What the file says of itself, then its pages in order.
        limits: Bounds on the text.

    Raises:
        MalformedStudy: If none of its pages can be read.
        EmptyStudy: If it has no text layer, or one that holds no letters.
        StudyTooLarge: If it holds more text than ``limits`` allow.
    """
    info, pages, notes = _read_pages(document, limits)
    layout = lay_out(pages)
    return RawStudy(blocks=make_blocks(layout), bibliography=_bibliography(layout, info), notes=notes)


def _read_pages(
    document: Iterable[DocumentInfo | PageContent | PageFault], limits: ReadingLimits
) -> tuple[DocumentInfo, list[PageLines], tuple[ReadingNote, ...]]:
    info = DocumentInfo()
    pages: list[PageLines] = []
    faults: list[PageFault] = []
    pictured: list[int] = []
    characters = unknown = 0
    for found in document:
        if isinstance(found, DocumentInfo):
            info = found
            continue
        if isinstance(found, PageFault):
            faults.append(found)
            continue
        if not found.words and found.pictured:
            pictured.append(found.number)
        pages.append(page_lines(found))
        characters += sum(len(word.text) for word in found.words)
        unknown += found.unknown
        _check_length(characters, found.number, limits)
    _refuse_unreadable(len(pages), characters, unknown, faults)
    return info, pages, _notes(faults, pictured)


def _check_length(characters: int, page: int, limits: ReadingLimits) -> None:
    if characters > limits.max_characters:
        raise StudyTooLarge(
            f"the PDF holds over {limits.max_characters:,} characters by page {page}",
            remedy="Split it into the studies that it holds.",
        )


def _refuse_unreadable(pages: int, characters: int, unknown: int, faults: Sequence[PageFault]) -> None:
    if not pages:
        raise MalformedStudy(
            f"the PDF is damaged: none of its {len(faults)} pages can be read",
            remedy="Open it in a PDF viewer: if that fails too, get the file again from its publisher.",
        )
    if not characters:
        what = "its page" if pages == 1 else f"any of its {pages} pages"
        raise EmptyStudy(f"the PDF has no text layer on {what}; it may be a scan", remedy=_OCR)
    if unknown > _NO_LETTERS * characters:
        raise EmptyStudy("the PDF's text layer does not say which letters its signs stand for", remedy=_OCR_ANEW)


def _notes(faults: Sequence[PageFault], pictured: Sequence[int]) -> tuple[ReadingNote, ...]:
    notes = [ReadingNote(f"Page {fault.number} was left out: {fault.reason}.", fault.number) for fault in faults]
    if pictured:
        many = f"Pages {_listed(pictured)} are images" if len(pictured) > 1 else f"Page {pictured[0]} is an image"
        notes.append(ReadingNote(f"{many} without text and left out. {_OCR}", pictured[0]))
    return tuple(notes[:_MOST_NAMED])


def _listed(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    return f"{named} and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else named


def _bibliography(layout: Layout, info: DocumentInfo) -> Bibliography:
    lines = layout.first_page
    title = find_title(lines, layout.setting)
    after = [line.text for line in lines[title[-1] + 1 : title[-1] + 1 + _AUTHOR_LINES]] if title else []
    words = " ".join(lines[number].text for number in title)
    return bibliography(words, lines, layout.furniture, after, layout.last_page, info)
