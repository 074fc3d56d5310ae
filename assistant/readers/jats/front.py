"""Front matter of a JATS article: what identifies it, its title block and its abstracts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.domain.study import Bibliography, BlockKind, SectionType
from assistant.readers.builder import RawBlock
from assistant.readers.jats.body import Writer, title_text
from assistant.readers.jats.inline import plain

if TYPE_CHECKING:
    from lxml.etree import _Element

_HREF = "{http://www.w3.org/1999/xlink}href"
_PUBLISHED = frozenset({"epub", "ppub", "collection", "epub-ppub", "pub", "epreprint", "issue-pub"})
_ABSTRACT_TITLES = {
    "author-highlights": "Highlights",
    "highlights": "Highlights",
    "key-points": "Key points",
    "plain-language-summary": "Plain language summary",
    "plain-language": "Plain language summary",
    "executive-summary": "Executive summary",
    "summary": "Summary",
}
_PICTURED = frozenset({"graphical", "toc", "teaser", "video", "web-summary"})
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+")
_LONGEST_LICENCE = 200
"""Code points of a licence's text beyond which it is no short statement."""


def bibliography(article: _Element) -> Bibliography:
    """What identifies the article, as far as the file says."""
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find("front-stub")
    if meta is None:
        return Bibliography()
    journal = article.find("front/journal-meta//journal-title")
    doi = next((_line(item) for item in meta.iterfind("article-id") if item.get("pub-id-type") == "doi"), "")
    return Bibliography(
        title=_title(meta),
        authors=tuple(_authors(meta)),
        year=_year(meta),
        journal=_line(journal),
        doi=_RESOLVER.sub("", doi).lower(),
        licence=_licence(meta),
    )


def title_blocks(article: _Element) -> list[RawBlock]:
    """Title, authors and keywords, each as a line of front matter."""
    known = bibliography(article)
    lines = [known.title, "; ".join(known.authors)]
    for group in article.iterfind("front/article-meta/kwd-group"):
        if words := [_line(word) for word in group.iter("kwd", "compound-kwd")]:
            lines.append(f"{title_text(group) or 'Keywords'}: {'; '.join(words)}")
    return [
        RawBlock(BlockKind.FRONT_MATTER, line, section_type=SectionType.BACK_MATTER) for line in lines if line.strip()
    ]


def abstract_blocks(article: _Element) -> list[RawBlock]:
    """Every abstract in the article's own language under a heading typed so, its parts as subsections."""
    writer = Writer()
    for abstract in article.iterfind("front/article-meta/abstract"):
        kind = (abstract.get("abstract-type") or "").lower()
        if kind not in _PICTURED:
            default = _ABSTRACT_TITLES.get(kind, "Abstract")
            writer.section(abstract, 1, default, SectionType.ABSTRACT)
    return writer.blocks


def _line(element: _Element | None) -> str:
    return " ".join(plain(element).split())


def _title(meta: _Element) -> str:
    group = meta.find("title-group")
    if group is None:
        return ""
    title, subtitle = _line(group.find("article-title")), _line(group.find("subtitle"))
    return f"{title.rstrip(':')}: {subtitle}" if title and subtitle else title or subtitle


def _authors(meta: _Element) -> list[str]:
    contributors = meta.findall("contrib-group/contrib")
    typed = [person for person in contributors if person.get("contrib-type") == "author"]
    chosen = typed or [person for person in contributors if person.get("contrib-type") is None]
    return [name for person in chosen if (name := _author(person))]


def _author(person: _Element) -> str:
    name = person.find("name")
    if name is None:
        name = person.find("name-alternatives/name")
    if name is None:
        name = person.find("string-name")
    if name is not None:
        family, given, suffix = (_line(name.find(tag)) for tag in ("surname", "given-names", "suffix"))
        return ", ".join(part for part in (family, given, suffix) if part) or _line(name)
    group = person.find("collab")
    if group is None:
        return ""
    spoken = [group.text or ""]
    for child in group:
        spoken += [plain(child) if child.tag not in {"contrib-group", "aff", "address"} else " ", child.tail or ""]
    return " ".join("".join(spoken).split())


def _year(meta: _Element) -> int | None:
    """The earliest year in which the article was published, on line or in print; not that of a deposit."""
    dates = [
        date
        for date in meta.iterfind("pub-date")
        if (date.get("pub-type") or date.get("date-type") or "pub").lower() in _PUBLISHED
    ]
    years = [_line(date.find("year")) for date in dates or meta.findall("pub-date")]
    years = years or [_line(year) for year in meta.iterfind("permissions/copyright-year")]
    return min((int(year) for year in years if re.fullmatch(r"[12]\d{3}", year)), default=None)


def _licence(meta: _Element) -> str:
    """Address of the licence; where there is none its text, if short."""
    for licence in meta.iterfind("permissions/license"):
        links = [licence.get(_HREF), _line(licence.find("license_ref"))]
        links += [link.get(_HREF) or _line(link) for link in licence.iter("ext-link", "uri")]
        text = _line(licence)
        found: list[str] = [link.strip() for link in links if link and link.strip()] + _ADDRESS.findall(text)
        found.sort(key=lambda link: "creativecommons.org" not in link)
        if found:
            return found[0].rstrip(".,;")
        if text:
            return (
                text if len(text) <= _LONGEST_LICENCE else licence.get("license-type") or f"{text[:_LONGEST_LICENCE]}…"
            )
    return ""
