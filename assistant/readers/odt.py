"""OpenDocument texts (.odt), rewritten into the vocabulary of JATS and written as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography
from assistant.errors import MalformedStudy
from assistant.readers.archive import open_archive
from assistant.readers.arrange import arrange
from assistant.readers.builder import RawStudy
from assistant.readers.html.writer import written
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import bare_text, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = frozenset(
    """tracked-changes annotation annotation-end sequence-decls forms table-of-content alphabetical-index
    illustration-index table-index user-index object-index bookmark soft-page-break script""".split()
)
"""Comments, deleted text, and lists that repeat headings."""
_DEEPEST_CHAIN = 20
"""Styles that may be based on one another."""
_MANY = 200
"""Spaces, columns or empty cells that one element may stand for."""


def read_odt(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The text in ``data`` as blocks; deleted text and comments are left out.

    Args:
        data: The whole file.
        limits: Bounds on the archive and its parts.

    Raises:
        MalformedStudy: If the archive or its content is damaged.
        StudyTooLarge: If it, or what it unfolds to, is beyond ``limits``.
        UnsupportedFormat: If it is encrypted.
    """
    archive = open_archive(data, limits)
    content = parse_xml(archive.read("content.xml"), limits)
    text = content.find("body/text")
    if text is None:
        raise MalformedStudy("the document holds no text", remedy="Save it again from the program that made it.")
    named = archive.find("styles.xml")
    styles = _Styles.of([content, *([parse_xml(named, limits)] if named else [])])
    blocks = written(_Translation(styles).translate(text))
    styled = (part for part in text.iter("p") if styles.is_a(part.get(f"{_TEXT}style-name") or "", "title"))
    meta = archive.find("meta.xml")
    stated = parse_xml(meta, limits).iter("title") if meta else iter(())
    title = next(styled, None)
    title = title if title is not None else next(stated, None)
    known = Bibliography(title=" ".join(bare_text(title).split()) if title is not None else "")
    arranged = arrange(blocks, known)
    return RawStudy(arranged.blocks, Bibliography(title=known.title or arranged.title))


@dataclass(frozen=True, slots=True)
class _Styles:
    """What a document's styles settle."""

    parents: Mapping[str, str]
    """By name, the style that it is based on."""
    raised: frozenset[str]
    """Character styles that set superscripts."""

    @staticmethod
    def of(roots: list[_Element]) -> _Styles:
        """The styles in the parts ``roots``."""
        parents: dict[str, str] = {}
        raised: set[str] = set()
        for style in (style for root in roots for style in root.iter("style")):
            name = style.get(f"{_STYLE}name") or ""
            parents[name] = style.get(f"{_STYLE}parent-style-name") or ""
            properties = style.find("text-properties")
            if properties is not None and (properties.get(f"{_STYLE}text-position") or "").startswith("super"):
                raised.add(name)
        return _Styles(parents, frozenset(raised))

    def is_a(self, name: str, kind: str) -> bool:
        """Whether the style ``name``, or one that it is based on, is named ``kind``."""
        for _ in range(_DEEPEST_CHAIN):
            if name.lower() == kind:
                return True
            name = self.parents.get(name, "")
        return False


@dataclass(frozen=True, slots=True)
class _Translation:
    """Rewrites OpenDocument elements."""

    styles: _Styles
    """The document's styles."""

    def translate(self, text: _Element) -> _Element:
        """The document's text as a ``<body>`` in the vocabulary of JATS."""
        from lxml import etree

        body = etree.Element("body")
        self._blocks(text, body)
        return body

    def _blocks(self, source: _Element, target: _Element) -> None:
        for child in source:
            match child.tag:
                case "h":
                    self._inline(child, _child(target, "heading", level=child.get(f"{_TEXT}outline-level") or "1"))
                case "p":
                    self._paragraph(child, target)
                case "list":
                    made = _child(target, "list")
                    for item in child.iterchildren("list-item", "list-header"):
                        self._blocks(item, _child(made, "list-item"))
                case "table":
                    self._table(child, target)
                case tag if tag not in _LEFT_OUT:
                    self._blocks(child, target)

    def _paragraph(self, source: _Element, target: _Element) -> None:
        style = source.get(f"{_TEXT}style-name") or ""
        if self.styles.is_a(style, "title"):
            self._inline(source, _child(target, "heading", level="1"))
            return
        holder = _child(target, "disp-quote") if self.styles.is_a(style, "quotations") else target
        self._inline(source, _child(holder, "p"))

    def _table(self, source: _Element, target: _Element) -> None:
        table = _child(_child(target, "table-wrap"), "table")
        for row in source.iter("table-row"):
            made = _child(table, "tr")
            for cell in row.iterchildren("table-cell", "covered-table-cell"):
                copies = min(
                    int(count) if (count := cell.get(f"{_TABLE}number-columns-repeated") or "1").isdecimal() else 1,
                    _MANY,
                )
                for _ in range(copies if not bare_text(cell).strip() else 1):
                    written_cell = _child(made, "td")
                    for part in cell.iter("p"):
                        self._inline(part, _child(written_cell, "p"))

    def _inline(self, source: _Element, target: _Element) -> None:
        """Adds the words of ``source``; notes in it wait as footnotes until the paragraph is over."""
        _append(target, source.text)
        for child in source:
            match child.tag:
                case "s":
                    _append(target, " ")
                case "tab" | "line-break":
                    _append(target, " ")
                case "note":
                    self._note(child, target)
                case "span" if child.get(f"{_TEXT}style-name") in self.styles.raised:
                    self._inline(child, _child(target, "sup"))
                case "p" | "h":
                    _append(target, " ")
                    self._inline(child, _child(target, "styled-content"))
                    _append(target, " ")
                case tag if tag not in _LEFT_OUT:
                    self._inline(child, _child(target, "styled-content"))
            _append(target, child.tail)

    def _note(self, source: _Element, target: _Element) -> None:
        note = _child(target, "fn")
        citation = source.find("note-citation")
        _child(note, "label").text = bare_text(citation).strip() if citation is not None else "*"
        for part in source.iterfind("note-body//p"):
            self._inline(part, _child(note, "p"))


def _child(parent: _Element, tag: str, **attributes: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, tag, attributes)


def _append(target: _Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
