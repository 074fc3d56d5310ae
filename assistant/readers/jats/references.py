"""One reference as a line that a reader can recognise: as printed, or composed from its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.readers.xml_safety import bare_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "note", "p")
_FORMATTING = frozenset({"italic", "bold", "sup", "sub", "sc", "underline", "styled-content", "named-content", "break"})
_APART = frozenset({"pub-id", "article-title", "source", "person-group", "comment", "ext-link", "uri"})
"""Parts that never touch the punctuation before them."""
_TITLES = ("article-title", "chapter-title", "part-title", "data-title", "trans-title")
_SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:)\]])")


def reference_text(ref: _Element) -> str:
    """Number, authors, title, source and year of a reference.

    A citation that carries its own punctuation is given as printed; one that lists only parts is composed as
    ``Family G, Family G. Title. Source. Year;volume(issue):pages. doi:…``.
    """
    label = _text(ref, "label")
    citations = [child for tag in _CITATIONS for child in ref.iter(tag)][:1] or [ref]
    texts = [_as_printed(citation) if _has_punctuation(citation) else _composed(citation) for citation in citations]
    number = label if not label or label.endswith((".", "]", ")")) else f"{label}."
    return " ".join(part for part in (number, *texts) if part)


def _has_punctuation(citation: _Element) -> bool:
    between = [citation.text or "", *(child.tail or "" for child in citation)]
    return any(char.isalnum() or char in ".,;:" for text in between for char in text)


def _as_printed(citation: _Element) -> str:
    return _SPACE_BEFORE_STOP.sub(r"\1", " ".join(_spaced(citation).split()))


def _spaced(element: _Element) -> str:
    """Text of ``element`` with a space between parts that the file sets side by side."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "label":
            parts.append(child.tail or "")
            continue
        printed = parts[-1][-1:]
        apart = not parts[-1] or (child.tag in _APART and printed in ".,;")
        gap = " " if apart and child.tag not in _FORMATTING else ""
        parts += [gap, _spaced(child), child.tail or ""]
    return "".join(parts)


def _composed(citation: _Element) -> str:
    names = ", ".join(_people(citation))
    titles = [_text(citation, tag) for tag in _TITLES]
    source = ", ".join(filter(None, [_text(citation, "source"), _text(citation, "edition")]))
    place = ": ".join(filter(None, [_text(citation, "publisher-loc"), _text(citation, "publisher-name")]))
    comments = [_text(child) for child in citation.iterchildren("comment", "ext-link", "uri", "date-in-citation")]
    doi = next((_text(child) for child in citation.iterchildren("pub-id") if child.get("pub-id-type") == "doi"), "")
    parts = [names, *titles, source, place, _issue(citation), *comments, f"doi:{doi}" if doi else ""]
    sentences = [part if part[-1] in ".?!" else f"{part}." for part in parts if part]
    return " ".join(sentences)


def _issue(citation: _Element) -> str:
    year, volume, issue = (_text(citation, tag) for tag in ("year", "volume", "issue"))
    first, last = (_text(citation, tag) for tag in ("fpage", "lpage"))
    pages = f"{first}–{last}" if last and last != first else first or _text(citation, "elocation-id")
    where = f"{volume}({issue})" if issue else volume
    return "".join([year, f";{where}" if year and where else where, f":{pages}" if pages else ""])


def _people(citation: _Element) -> list[str]:
    people: list[str] = []
    for person in citation.iter("name", "string-name", "collab", "etal"):
        if person.tag == "etal":
            people.append("et al")
        elif person.tag == "collab":
            people.append(_text(person))
        else:
            family, given = _text(person, "surname"), _text(person, "given-names")
            people.append(" ".join(filter(None, [family, given])) or _text(person))
    return [person for person in people if person]


def _text(element: _Element, tag: str | None = None) -> str:
    found = element.find(tag) if tag else element
    return " ".join(bare_text(found).split()) if found is not None else ""
