"""BioMed Central's article XML (root ``<art>``), rewritten into the vocabulary of JATS and read as such."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.errors import MalformedStudy
from assistant.readers.builder import RawStudy
from assistant.readers.jats import article_study
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import bare_text, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_RENAMED = {
    "st": "title", "it": "italic", "b": "bold", "u": "underline", "smcaps": "sc", "bdy": "body", "url": "ext-link",
    "blockquote": "disp-quote", "quote": "disp-quote", "li": "list-item", "row": "tr", "entry": "td",
    "tfoot": "table-wrap-foot", "suppl": "supplementary-material", "kwdg": "kwd-group", "abs": "abstract",
    "display-formula": "disp-formula", "tblfn": "fn", "tgroup": "table",
}  # fmt: skip
_LINKS = {"tblr": "table", "figr": "fig", "suppr": "supplementary-material", "formr": "disp-formula", "abbr": "bibr"}
_LISTS = frozenset({"ul", "ol"})
_SAME_IN_CITATION = ("source", "volume", "issue", "fpage", "lpage", "edition", "note")
_YEAR = re.compile(r"\b[12]\d{3}\b")


def read_bmc(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The article in ``data``, as `read_jats` gives one.

    Args:
        data: The whole file.
        limits: Bounds on the XML.

    Raises:
        MalformedStudy: If it is not well-formed, or holds no article.
        StudyTooLarge: If it is beyond ``limits``.
    """
    root = parse_xml(data, limits)
    if root.tag != "art":
        raise MalformedStudy(f"the XML holds no BMC article (its root is <{root.tag}>)", remedy="Get it as JATS XML.")
    return article_study(_as_jats(root))


def _as_jats(art: _Element) -> _Element:
    """``art`` rewritten in place."""
    front = _element("front")
    for matter in art.findall("fm"):
        _write_front(matter, front)
    for matter in art.findall("bm"):
        _write_back(matter)
    for matter in art.findall("fm"):
        art.remove(matter)
    art.insert(0, front)
    for element in list(art.iter()):
        _rename(element)
    art.tag = "article"
    return art


def _rename(element: _Element) -> None:
    tag = str(element.tag)
    if tag in _LINKS:
        element.tag = "xref"
        element.set("ref-type", _LINKS[tag])
    elif tag == "abbrgrp":
        # A group of reference numbers, printed in brackets; JATS writes such a group as a superscript.
        element.tag = "sup"
        for number in list(element)[:-1]:
            number.tail = "," if not (number.tail or "").strip() else number.tail
    elif tag in _LISTS:
        element.tag = "list" if element.find("li") is not None or element.find("list-item") is not None else "underline"
    elif tag in {"table", "fig", "suppl"} and element.get("rewritten") is None:
        _rename_float(element, tag)
    elif tag == "entry":
        _rename_cell(element)
    elif tag in _RENAMED:
        element.tag = _RENAMED[tag]


def _rename_float(element: _Element, tag: str) -> None:
    """A float's title becomes its label, and the text below a figure part of the caption."""
    element.tag = {"table": "table-wrap", "suppl": "supplementary-material"}.get(tag, tag)
    for title in element.findall("title"):
        title.tag = "label"
    caption = element.find("caption")
    for text in element.findall("text"):
        if caption is None:
            caption = _element("caption")
            element.insert(0, caption)
        caption.extend(list(text))
        element.remove(text)
    for group in element.findall("tgroup"):
        group.tag = "table"
        group.set("rewritten", "yes")
    for foot in element.findall(".//tfoot"):
        element.append(foot)


def _rename_cell(cell: _Element) -> None:
    """A cell with its spans as HTML has them."""
    first, last = (_column(cell.get(name)) for name in ("namest", "nameend"))
    if first and last and last > first:
        cell.set("colspan", str(last - first + 1))
    if (rows := cell.get("morerows", "")).isdecimal():
        cell.set("rowspan", str(int(rows[:4]) + 1))
    cell.tag = "td"


def _column(name: str | None) -> int:
    match = re.search(r"\d{1,4}$", name or "")
    return int(match[0]) if match else 0


def _write_front(matter: _Element, front: _Element) -> None:
    meta = _element("article-meta")
    cited = matter.find("bibl")
    if cited is not None:
        if (source := cited.find("source")) is not None:
            _add(_add(front, "journal-meta"), "journal-title", bare_text(source))
        for pubid in cited.iterfind("xrefbib/pubidlist/pubid"):
            _add(meta, "article-id", bare_text(pubid)).set("pub-id-type", pubid.get("idtype") or "")
        if (title := cited.find("title")) is not None:
            title.tag = "article-title"
            _add(meta, "title-group").append(title)
        _write_people(cited.iterfind("aug/au"), _add(meta, "contrib-group"))
        if year := _YEAR.search(_text(cited, "pubdate")):
            _add(_add(meta, "pub-date"), "year", year[0])
    if (rights := matter.find("cpyrt")) is not None:
        licence = _add(_add(meta, "permissions"), "license")
        licence.extend(rights.findall("note"))
    for part in (*matter.findall("kwdg"), *_abstracts(matter)):
        meta.append(part)
    front.append(meta)


def _write_people(people: Iterable[_Element], group: _Element) -> None:
    for person in people:
        contributor = _add(group, "contrib")
        contributor.set("contrib-type", "author")
        _write_person(person, contributor)


def _write_person(person: _Element, target: _Element) -> None:
    if (corporate := _text(person, "cnm")) and not _text(person, "snm"):
        _add(target, "collab", corporate)
        return
    name = _add(target, "name")
    _add(name, "surname", _text(person, "snm"))
    given = " ".join(filter(None, (_text(person, tag) for tag in ("fnm", "mnm", "mi"))))
    _add(name, "given-names", given)
    if suffix := _text(person, "suf"):
        _add(name, "suffix", suffix)


def _abstracts(matter: _Element) -> list[_Element]:
    """Abstracts, each without the section that only carries its title."""
    abstracts = matter.findall("abs")
    for abstract in abstracts:
        inner = abstract.findall("sec")
        if len(abstract) == 1 and inner:
            abstract.extend(list(inner[0]))
            abstract.remove(inner[0])
    return abstracts


def _write_back(matter: _Element) -> None:
    matter.tag = "back"
    for references in matter.findall("refgrp"):
        references.tag = "ref-list"
        for entry in references.findall("bibl"):
            _write_reference(entry)


def _write_reference(entry: _Element) -> None:
    """Rewrites a ``bibl`` as a reference of parts."""
    number = re.search(r"\d+$", entry.get("id") or "")
    cited = _element("element-citation")
    for person in entry.iterfind("aug/*"):
        if person.tag == "au":
            _write_person(person, cited)
        elif person.tag in {"etal", "cnm"}:
            _add(cited, "etal" if person.tag == "etal" else "collab", bare_text(person))
    for tag, name in (("title", "article-title"), ("pubdate", "year"), ("publisher", "publisher-name"), ("url", "uri")):
        if words := _text(entry, tag):
            _add(cited, name, words)
    for tag in _SAME_IN_CITATION:
        if words := _text(entry, tag):
            _add(cited, tag if tag != "note" else "comment", words)
    for pubid in entry.iterfind("xrefbib/pubidlist/pubid"):
        _add(cited, "pub-id", bare_text(pubid)).set("pub-id-type", pubid.get("idtype") or "")
    for child in list(entry):
        entry.remove(child)
    entry.tag, entry.text = "ref", None
    if number:
        _add(entry, "label", number[0])
    entry.append(cited)


def _element(tag: str) -> _Element:
    from lxml import etree

    return etree.Element(tag)


def _add(parent: _Element, tag: str, text: str = "") -> _Element:
    from lxml import etree

    child = etree.SubElement(parent, tag)
    child.text = text or None
    return child


def _text(element: _Element, tag: str) -> str:
    found = element.find(tag)
    return " ".join(bare_text(found).split()) if found is not None else ""
