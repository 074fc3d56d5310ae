"""E-books (.epub): their pages in the order of the spine, each read as HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography, ReadingNote
from assistant.errors import EmptyStudy, MalformedStudy, StudyTooLarge, UnsupportedFormat
from assistant.readers.archive import Archive, open_archive, part_beside
from assistant.readers.arrange import arrange
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.html import page_blocks
from assistant.readers.html.parsing import parse_xhtml
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import bare_text, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/html+xml"})
_FILE_AS = "{http://www.idpf.org/2007/opf}file-as"
_DOI = re.compile(r"\b(10\.\d{4,9}/\S{1,200})")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_REMEDY = "Get the book from its publisher again, or save it as plain text."


def read_epub(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The book in ``data``: the pages that its spine names, in order, without its table of contents.

    Args:
        data: The whole file.
        limits: Bounds on the archive, and on the tags of each page.

    Raises:
        MalformedStudy: If the archive or its package is damaged, or none of its pages can be read.
        StudyTooLarge: If it, or its pages together, are beyond ``limits``.
        UnsupportedFormat: If its pages are encrypted.
    """
    archive = open_archive(data, limits)
    package_name = _package_name(archive, limits)
    package = parse_xml(archive.read(package_name), limits)
    names = _spine(package, package_name)
    _refuse_protected(archive, set(names), limits)
    blocks, notes = _pages(archive, names, limits)
    known = _bibliography(package)
    arranged = arrange(blocks, known)
    return RawStudy(arranged.blocks, replace(known, title=known.title or arranged.title), notes)


def _package_name(archive: Archive, limits: ReadingLimits) -> str:
    container = parse_xml(archive.read(_CONTAINER), limits)
    for rootfile in container.iter("rootfile"):
        if name := rootfile.get("full-path"):
            return name
    raise MalformedStudy("the e-book names no package", remedy=_REMEDY)


def _spine(package: _Element, package_name: str) -> list[str]:
    """Names of the parts in reading order, each once; the navigation left out."""
    pages: dict[str, str] = {}
    for item in package.iterfind("manifest/item"):
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split():
            pages[item.get("id") or ""] = part_beside(package_name, item.get("href") or "")
    wanted = [reference.get("idref") or "" for reference in package.iterfind("spine/itemref")]
    return list(dict.fromkeys(pages[id] for id in wanted if id in pages))


def _refuse_protected(archive: Archive, names: set[str], limits: ReadingLimits) -> None:
    """Refuses a book whose pages are encrypted; obfuscated fonts do not matter."""
    listed = archive.find(_ENCRYPTION)
    if listed is None:
        return
    for reference in parse_xml(listed, limits).iter("CipherReference"):
        if (reference.get("URI") or "").lstrip("/") in names:
            raise UnsupportedFormat(
                "the e-book is protected against copying", remedy="Get it without protection, or as PDF or text."
            )


def _pages(archive: Archive, names: list[str], limits: ReadingLimits) -> tuple[list[RawBlock], tuple[ReadingNote, ...]]:
    blocks: list[RawBlock] = []
    failed: list[str] = []
    size = 0
    for name in names:
        try:
            data = archive.read(name)
            size += len(data)
            if size > limits.max_part_bytes:
                raise StudyTooLarge(
                    f"the e-book's pages have more than {limits.max_part_bytes:,} bytes", remedy=_REMEDY
                )
            blocks += page_blocks(parse_xhtml(data, limits).root)
        except (MalformedStudy, EmptyStudy) as error:
            failed.append(f"{name} ({error.message})")
    if names and len(failed) == len(names):
        raise MalformedStudy(f"none of the e-book's {len(names)} pages can be read, as {failed[0]}", remedy=_REMEDY)
    if not failed:
        return blocks, ()
    return blocks, (ReadingNote(f"Left out: {len(failed)} of {len(names)} pages, which can't be read: {failed[0]}."),)


def _bibliography(package: _Element) -> Bibliography:
    def values(tag: str) -> list[str]:
        found = (" ".join(bare_text(element).split()) for element in package.iterfind(f"metadata/{tag}"))
        return [value for value in found if value]

    authors = [
        " ".join((creator.get(_FILE_AS) or bare_text(creator)).split())
        for creator in package.iterfind("metadata/creator")
    ]
    doi = next((match[1] for value in values("identifier") if (match := _DOI.search(value))), "")
    years = [int(match[1]) for value in values("date") if (match := _YEAR.search(value))]
    rights = next(iter(values("rights")), "")
    return Bibliography(
        title=next(iter(values("title")), ""),
        authors=tuple(name for name in authors if name),
        year=min(years, default=None),
        journal=next(iter(values("publisher")), ""),
        doi=doi.rstrip(".,;").lower(),
        licence=rights if len(rights) <= 200 else "",
    )
