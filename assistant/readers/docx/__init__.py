"""Word documents (.docx): structure by styles and outline levels, changes accepted, comments left out.

The parts that are read pass the safe XML parser first; then python-docx gives styles, relations and properties.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography, BlockKind, ReadingNote
from assistant.errors import MalformedStudy
from assistant.readers.archive import open_archive
from assistant.readers.arrange import arrange
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.docx.body import BodyReader, with_speakers
from assistant.readers.docx.names import W, local
from assistant.readers.docx.styles import read_styles
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import parse_xml

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part
    from lxml.etree import _Element

__all__ = ["read_docx"]

_XML_PART = re.compile(r"\.(?:xml|rels)$", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"microsoft word\b|.*\.(?:docx?|rtf|odt|pdf)$|(?:(?:word )?document|untitled|word)\s*\d*$", re.IGNORECASE
)
"""Titles that programs write by themselves."""
_CHANGES = ("ins", "del", "moveFrom", "moveTo")


def read_docx(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The document in ``data`` as blocks: headings, paragraphs, lists, quotations, tables, notes.

    Tracked insertions are kept and deletions dropped. The title is the paragraph of style *Title*, else that
    of the document's properties; the author in the properties is whoever made the file, and counts only where the
    document's first blocks name the same person. The properties' dates are the file's and give no year.

    Args:
        data: The whole file.
        limits: Bounds on the archive and its parts.

    Raises:
        MalformedStudy: If the archive or a part is damaged.
        StudyTooLarge: If it, or what it unfolds to, is beyond ``limits``.
        UnsupportedFormat: If it is encrypted.
    """
    archive = open_archive(data, limits)
    for name in archive.names():
        if _XML_PART.search(name):
            parse_xml(archive.read(name), limits)
    document = _opened(data)
    root = document.element
    reader = BodyReader(read_styles(document), _notes_of(document, "footnotes"), _notes_of(document, "endnotes"))
    blocks = with_speakers(reader.read(root.body))
    stated = " ".join((document.core_properties.title or "").split())
    title = reader.title or ("" if _FILE_NAME.match(stated) else stated)
    arranged = arrange(blocks, Bibliography(title=title))
    known = Bibliography(title=title or arranged.title, authors=_authors(document, blocks))
    return RawStudy(arranged.blocks, known, _notes(root))


def _opened(data: bytes) -> Document:
    import docx

    try:
        return docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise MalformedStudy(
            f"the document lacks a part that Word documents have ({error})",
            remedy="Open it in a word processor and save it again as .docx.",
        ) from error


def _notes_of(document: Document, kind: str) -> dict[str, _Element]:
    """Footnotes or endnotes by id, without the separators that Word keeps among them."""
    from lxml import etree

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            part: Part = relation.target_part
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            root = etree.fromstring(part.blob, parser)
            notes = [note for note in root if local(note) in {"footnote", "endnote"} and note.get(f"{W}type") is None]
            return {note.get(f"{W}id") or "": note for note in notes}
    return {}


def _authors(document: Document, blocks: list[RawBlock]) -> tuple[str, ...]:
    """The properties' authors whom the document's first blocks name too."""
    opening = " ".join(block.text for block in blocks[:8] if block.kind is not BlockKind.TABLE).casefold()
    names = re.split(r"\s*[;,]\s*", document.core_properties.author or "")
    return tuple(name for name in names if len(name.split()) > 1 and name.casefold() in opening)


def _notes(root: _Element) -> tuple[ReadingNote, ...]:
    changes = sum(1 for _ in root.iter(*(f"{W}{name}" for name in _CHANGES)))
    if not changes:
        return ()
    return (ReadingNote(f"The document has tracked changes ({changes}); it was read as if all were accepted."),)
