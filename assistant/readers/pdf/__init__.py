"""PDF, read by where its words stand on the page rather than in the order in which the file happens to hold them."""

from __future__ import annotations

from contextlib import closing

from assistant.readers.builder import RawStudy
from assistant.readers.limits import ReadingLimits

__all__ = ["read_pdf"]


def read_pdf(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The study in ``data``: typed blocks in reading order, each with its page and the places of its lines.

    The file is opened in a process of its own, with bounds on memory and time, because a file can be made so
    that the library that opens it takes all memory or ends its process.

    Args:
        data: The whole file.
        limits: Bounds on the text.

    Raises:
        ReadingError: If it is encrypted with a password; and one of its kinds:
        MalformedStudy: If it is damaged beyond reading.
        EmptyStudy: If it has no text layer, as with a scan.
        StudyTooLarge: If it, or what it unfolds to, is beyond the limits.
    """
    # Kept out of the module, which the process that opens the file imports too.
    from assistant.readers.pdf.reading import read_document
    from assistant.readers.pdf.service import open_pages

    with closing(open_pages(data)) as pages:
        return read_document(pages, limits)
