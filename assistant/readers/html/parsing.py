"""From the bytes of a page to its element tree: encoding, what nobody sees taken out, bounded depth and size."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.study import ReadingNote
from assistant.errors import EmptyStudy, MalformedStudy, StudyTooLarge
from assistant.readers.decoding import decode
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4_096
"""Bytes in which a page has to declare its encoding; the standard asks for the first 1,024."""
_REMEDY = "Save the page again from the browser, or save the article as plain text and read that."


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as a tree."""

    root: _Element
    """Its outermost element, tags in lower case and without namespaces."""
    notes: tuple[ReadingNote, ...] = ()
    """What the researcher should know about the decoding."""


def parse_page(data: bytes, limits: ReadingLimits = ReadingLimits()) -> ParsedPage:
    """The tree of an HTML page, mended as browsers do where its tags do not match.

    Args:
        data: The whole file.
        limits: Bounds on nesting and number of tags.

    Raises:
        EmptyStudy: If there is no element in it.
        StudyTooLarge: If it nests deeper, or has more tags, than ``limits`` allow.
        UnsupportedFormat: If it is no text.
    """
    from lxml import etree

    if (tags := data.count(b"<")) > limits.max_xml_elements:
        raise StudyTooLarge(
            f"the page has {tags:,} tags, over the limit of {limits.max_xml_elements:,}", remedy=_REMEDY
        )
    text, notes = _decoded(data)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    characters = text.replace("\x00", "").encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(characters, parser)
    except (etree.XMLSyntaxError, etree.ParserError) as error:
        raise EmptyStudy("the page holds no text", remedy="Check that the file is the one you meant.") from error
    if root is None:
        raise EmptyStudy("the page holds no text", remedy="Check that the file is the one you meant.")
    if any("Excessive depth" in entry.message or "RESOURCE_LIMIT" in entry.type_name for entry in parser.error_log):
        raise StudyTooLarge(f"the page nests deeper than {limits.max_xml_depth} elements", remedy=_REMEDY)
    return ParsedPage(root, notes)


def parse_xhtml(data: bytes, limits: ReadingLimits = ReadingLimits()) -> ParsedPage:
    """The tree of a page that is written as XML; read as HTML where it is not well-formed.

    Raises:
        ReadingError: As `parse_page`.
    """
    try:
        return ParsedPage(parse_xml(data, limits))
    except MalformedStudy:
        return parse_page(data, limits)


def _decoded(data: bytes) -> tuple[str, tuple[ReadingNote, ...]]:
    """The characters by the byte order mark, the declared encoding where it holds, else as any text file."""
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "" if marked else _declared(data)
    if encoding:
        try:
            return data.decode(encoding), ()
        except (UnicodeDecodeError, UnicodeError):
            pass
    decoded = decode(data)
    return decoded.text, decoded.notes


def _declared(data: bytes) -> str:
    """Name of the encoding that the page declares; empty where it declares none that is known."""
    head = data[:_DECLARED_WITHIN]
    match = _XML_ENCODING.search(head) or _CHARSET.search(head)
    if match is None:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return ""
    # A page that could be searched for ASCII words is in no wide encoding, whatever it says; and browsers take
    # Latin-1 for the Windows encoding that extends it.
    if name.startswith(("utf-16", "utf-32")) or not codecs.lookup(name)._is_text_encoding:
        return ""
    return "cp1252" if name in {"iso8859-1", "ascii"} else name
