"""What a page's ``citation_*``, ``dc.*`` and ``prism.*`` tags say of the article."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography
from assistant.readers.xml_safety import bare_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLE = ("citation_title", "dc.title", "dcterms.title", "eprints.title", "bepress_citation_title", "og:title")
_AUTHOR = ("citation_author", "bepress_citation_author", "eprints.creators_name", "dc.creator", "dcterms.creator")
_WITH_FAMILY_FIRST = ("dc.creator", "dcterms.creator")
_DATE = (
    "citation_publication_date", "citation_online_date", "citation_date", "prism.publicationdate",
    "bepress_citation_date", "dc.date", "dcterms.issued", "dcterms.date", "article:published_time",
)  # fmt: skip
_JOURNAL = ("citation_journal_title", "prism.publicationname", "bepress_citation_journal_title", "dc.source")
_PUBLISHER = ("citation_publisher", "dc.publisher", "dcterms.publisher")
_DOI = ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dcterms.identifier")
_RIGHTS = ("dc.rights", "dcterms.rights", "dcterms.license", "prism.copyright", "dc.rights.license")
_DOI_WITHIN = re.compile(r"\b(10\.\d{4,9}/\S{1,200})")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_LICENCE = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[^\s\"'<>()]+")


def page_bibliography(root: _Element) -> Bibliography:
    """What identifies the article, as far as the page's own tags say; a heading is not looked at.

    Authors are ``Family, Given`` where a tag writes them so, else as written.
    """
    values = _values(root)

    def first(names: tuple[str, ...]) -> str:
        return next((value for name in names for value in values[name]), "")

    return Bibliography(
        title=first(_TITLE),
        authors=_authors(values),
        year=_year(values),
        journal=first(_JOURNAL) or first(_PUBLISHER),
        doi=_doi(values),
        licence=_licence(root, first(_RIGHTS)),
    )


def is_article(root: _Element) -> bool:
    """Whether the page says that it is a scholarly article."""
    return any((tag.get("name") or "").lower().startswith("citation_") for tag in root.iter("meta"))


def window_title(root: _Element) -> str:
    """The page's ``<title>``."""
    title = next(root.iter("title"), None)
    return " ".join(bare_text(title).split()) if title is not None else ""


def _values(root: _Element) -> defaultdict[str, list[str]]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for tag in root.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").strip().lower()
        content = " ".join((tag.get("content") or "").split())
        if name and content:
            values[name].append(content)
    return values


def _authors(values: defaultdict[str, list[str]]) -> tuple[str, ...]:
    listed = [list(dict.fromkeys(values[name])) for name in _AUTHOR if values[name]]
    if not listed:
        joined = "; ".join(values["citation_authors"])
        return tuple(name.strip() for name in joined.split(";") if name.strip())
    sorted_names = [
        names
        for name in _WITH_FAMILY_FIRST
        if (names := list(dict.fromkeys(values[name]))) and all("," in entry for entry in names)
    ]
    chosen = next((names for names in sorted_names if len(names) == len(listed[0])), listed[0])
    return tuple(chosen)


def _year(values: defaultdict[str, list[str]]) -> int | None:
    """The earliest year in the first kinds of date, those of publication."""
    for names in (_DATE[:3], _DATE[3:]):
        years = [int(match[1]) for name in names for value in values[name] if (match := _YEAR.search(value))]
        if years:
            return min(years)
    return None


def _doi(values: defaultdict[str, list[str]]) -> str:
    for name in _DOI:
        for value in values[name]:
            if match := _DOI_WITHIN.search(value):
                return match[1].rstrip(".,;").lower()
    return ""


def _licence(root: _Element, stated: str) -> str:
    for link in (*root.iter("a"), *root.iter("link")):
        address = link.get("href") or ""
        if "license" in (link.get("rel") or "").lower().split() and address.startswith("http"):
            return address.strip()
        if link.tag == "a" and (match := _LICENCE.match(address.strip())):
            return match[0]
    if match := _LICENCE.search(stated):
        return match[0].rstrip(".,;")
    return stated if 0 < len(stated) <= 100 else ""
