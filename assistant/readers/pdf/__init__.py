"""PDF, read by where its words stand on the page rather than in the order in which the file happens to hold them."""

from __future__ import annotations

from assistant.domain.study import Bibliography, ReadingNote
from assistant.errors import EmptyStudy, MalformedStudy, StudyTooLarge
from assistant.readers.builder import RawStudy
from assistant.readers.limits import ReadingLimits
from assistant.readers.pdf.blocks import make_blocks
from assistant.readers.pdf.document import DocumentInfo, PdfDocument
from assistant.readers.pdf.front import bibliography, find_title
from assistant.readers.pdf.layout import Layout, PageLines, lay_out, page_lines

__all__ = ["read_pdf"]

_OCR = "Recognise its text first, for example with `ocrmypdf in.pdf out.pdf`, and read the result."


def read_pdf(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The study in ``data``: typed blocks in reading order, each with its page and the places of its lines.

    Args:
        data: The whole file.
        limits: Bounds on the text.

    Raises:
        ReadingError: If it is encrypted with a password; and one of its kinds:
        MalformedStudy: If it is damaged beyond reading.
        EmptyStudy: If it has no text layer, as with a scan.
        StudyTooLarge: If it holds more text than ``limits`` allow.
    """
    document = PdfDocument.open(data)
    try:
        pages, notes = _read_pages(document, limits)
    finally:
        document.close()
    layout = lay_out(pages)
    title = find_title(layout.first_page, layout.setting)
    blocks = make_blocks(layout)
    return RawStudy(blocks=blocks, bibliography=_bibliography(layout, title, document.info), notes=notes)


def _read_pages(document: PdfDocument, limits: ReadingLimits) -> tuple[list[PageLines], tuple[ReadingNote, ...]]:
    pages: list[PageLines] = []
    damaged: list[int] = []
    pictured: list[int] = []
    characters = 0
    for number, page in enumerate(document, 1):
        if page is None:
            damaged.append(number)
            continue
        if page.pictured and not page.words:
            pictured.append(number)
        pages.append(page_lines(page))
        characters += sum(len(line.text) for line in pages[-1].lines)
        if characters > limits.max_characters:
            raise StudyTooLarge(
                f"the PDF holds over {limits.max_characters:,} characters by page {number} of {document.pages}",
                remedy="Split it into the studies that it holds.",
            )
    _refuse_unreadable(document, characters, damaged)
    return pages, _notes(damaged, pictured)


def _refuse_unreadable(document: PdfDocument, characters: int, damaged: list[int]) -> None:
    if document.pages and len(damaged) == document.pages:
        raise MalformedStudy("the PDF is damaged: none of its pages can be read", remedy="Get the file again.")
    if not characters:
        raise EmptyStudy(
            f"the PDF has no text layer on any of its {document.pages} pages; it may be a scan", remedy=_OCR
        )


def _notes(damaged: list[int], pictured: list[int]) -> tuple[ReadingNote, ...]:
    notes = [ReadingNote(f"Page {number} is damaged and was left out.", number) for number in damaged]
    return (
        *notes,
        *(ReadingNote(f"Page {n} is an image without text and was left out. {_OCR}", n) for n in pictured),
    )


def _bibliography(layout: Layout, title: tuple[int, ...], info: DocumentInfo) -> Bibliography:
    after = [line.text for line in layout.first_page[title[-1] + 1 : title[-1] + 9]] if title else []
    text = " ".join(layout.first_page[number].text for number in title)
    return bibliography(text, layout.first_page, layout.furniture, after, layout.last_page, info)
