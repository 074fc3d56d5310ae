"""What a file is, by its content; its name decides nothing but whether plain text is Markdown."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum


class Format(StrEnum):
    """A kind of content; the value is how messages name it."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JATS = "jats"
    BMC_XML = "BMC article XML"
    TEI_XML = "TEI XML"
    XML = "XML of another kind"
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX (Word)"
    EPUB = "EPUB"
    ODT = "ODT (OpenDocument)"
    RTF = "RTF"
    OFFICE = "a spreadsheet or presentation"
    OLE = "an old Office file (.doc, .xls, .ppt)"
    ZIP = "a ZIP archive"
    COMPRESSED = "a compressed file"
    IMAGE = "an image"
    MEDIA = "audio or video"
    DATABASE = "an SQLite database"
    BINARY = "binary data"
    EMPTY = "empty"


_HEAD = 65_536
"""Bytes that decide; a signature or a root element stands well within them."""

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\x1f\x8b", Format.COMPRESSED),
    (b"BZh", Format.COMPRESSED),
    (b"\xfd7zXZ\x00", Format.COMPRESSED),
    (b"7z\xbc\xaf\x27\x1c", Format.COMPRESSED),
    (b"Rar!\x1a\x07", Format.COMPRESSED),
    (b"\x28\xb5\x2f\xfd", Format.COMPRESSED),
    (b"\x89PNG\r\n\x1a\n", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"GIF87a", Format.IMAGE),
    (b"GIF89a", Format.IMAGE),
    (b"II*\x00", Format.IMAGE),
    (b"MM\x00*", Format.IMAGE),
    (b"ID3", Format.MEDIA),
    (b"OggS", Format.MEDIA),
    (b"\x1aE\xdf\xa3", Format.MEDIA),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OLE),
    (b"SQLite format 3\x00", Format.DATABASE),
    (b"{\\rtf", Format.RTF),
)
_ZIPPED: tuple[tuple[bytes, Format], ...] = (
    (b"mimetypeapplication/epub+zip", Format.EPUB),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", Format.ODT),
    (b"mimetypeapplication/vnd.oasis.opendocument", Format.OFFICE),
    (b"word/document", Format.DOCX),
    (b"xl/workbook", Format.OFFICE),
    (b"ppt/presentation", Format.OFFICE),
)
_ROOTS = {"html": Format.HTML, "art": Format.BMC_XML, "TEI": Format.TEI_XML, "teiCorpus": Format.TEI_XML}
_JATS_WRAPPERS = frozenset({"pmc-articleset", "OAI-PMH"})
_JATS_PARTS = re.compile(r"<(?:[\w.-]+:)?(?:front|front-stub|body|article-meta)[\s>/]")
_FIRST_TAG = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_PART = re.compile(
    r"<(?:div|p|h[1-6]|main|table|ul|ol|dl|meta|style|script|center|font)\b[^<>]*>", re.I
)
"""How a part of a page starts that was saved without its frame."""
_XML_START = re.compile(r"<(?:\?xml\s|!DOCTYPE\s|!--|[A-Za-z_])")
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_MARKDOWN_NAME = re.compile(r"\.(?:md|markdown|mdown|mkd)$", re.IGNORECASE)
_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0c\x0b\x08\x1b"))
"""Bytes that no text holds; the escape of a coloured terminal log is let through and cleaned later."""
_MOST_CONTROLS = 0.02
"""Share of control bytes from which a file counts as binary; text with stray ones stays text."""


def sniff(data: bytes, name: str = "") -> Format:
    """What ``data`` is.

    Args:
        data: The whole file, or its first 64 KiB at least.
        name: The file's name, of which only a Markdown ending counts, and only for plain text.
    """
    head = data[:_HEAD]
    if not head.strip(b"\x00 \t\r\n\x0b\x0c\xef\xbb\xbf"):
        return Format.EMPTY if not data.strip(b"\x00 \t\r\n\x0b\x0c\xef\xbb\xbf") else Format.TEXT
    return _by_signature(data, head) or _by_words(head, name)


def _by_signature(data: bytes, head: bytes) -> Format | None:
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((found for sign, found in _ZIPPED if sign in data), Format.ZIP)
    if head.startswith(b"RIFF") and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return Format.IMAGE if head[8:12] == b"WEBP" else Format.MEDIA
    if head[4:8] == b"ftyp":
        return Format.MEDIA
    return None


def _by_words(head: bytes, name: str) -> Format:
    text = _decoded(head)
    if text is None:
        return Format.BINARY
    start = text.lstrip("\ufeff \t\r\n\x0b\x0c")
    if _HTML_START.match(start):
        return Format.HTML
    if _HTML_PART.match(start) and not _is_markdown(start, name):
        return Format.HTML
    if _XML_START.match(start) and (found := _xml_kind(start)):
        return found
    return Format.MARKDOWN if _is_markdown(start, name) else Format.TEXT


def _decoded(head: bytes) -> str | None:
    """The text of ``head``, roughly; None where it is none."""
    for mark, encoding in _MARKED:
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(head):
        return None
    return head.decode("utf-8", errors="replace")


def _xml_kind(text: str) -> Format | None:
    """Which XML ``text`` opens; None where it opens none, as with a text that starts with an angle bracket."""
    declared = text.startswith(("<?xml", "<!DOCTYPE"))
    root = _root(text)
    if root is None:
        return Format.XML if declared else None
    if root == "article" or root in _JATS_WRAPPERS:
        return Format.JATS if _JATS_PARTS.search(text) else Format.XML
    if root in _ROOTS:
        return _ROOTS[root]
    return Format.XML if declared or re.search(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>|xmlns", text) else None


def _root(text: str) -> str | None:
    """Name of the root element, without its prefix, after declarations and comments."""
    at = 0
    while at < len(text):
        at += len(text[at:]) - len(text[at:].lstrip())
        if text.startswith("<!--", at):
            at = _after(text, "-->", at)
        elif text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!", at):
            bracket, close = text.find("[", at), text.find(">", at)
            at = _after(text, "]", bracket) if 0 <= bracket < close else at
            at = _after(text, ">", at)
        else:
            match = _FIRST_TAG.match(text, at)
            return match[1] if match else None
    return None


def _after(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _is_markdown(text: str, name: str) -> bool:
    return bool(_MARKDOWN_NAME.search(name) or _FRONT_MATTER.match(text) or len(_ATX.findall(text)) >= 2)
