"""The article in a page: navigation, notices and buttons taken out, and the element that holds the rest found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.readers.xml_safety import bare_text
from assistant.text.headings import heading_type

if TYPE_CHECKING:
    from lxml.etree import _Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_UNSEEN = frozenset(
    """script style noscript template iframe object embed applet svg canvas audio video map dialog button select
    input textarea option datalist nav link meta base head frameset frame marquee progress meter slot portal""".split()
)
"""Tags without running text; ``head`` is read for metadata before."""
_ROLES = frozenset(
    {"navigation", "banner", "search", "contentinfo", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tablist"}
)
_CHROME = frozenset(
    """nav navbar navigation breadcrumb breadcrumbs menu submenu cookie cookies consent gdpr onetrust advert adverts
    advertisement advertising ads ad banner share sharing social addthis sidebar skip skiplink pagination pager
    newsletter signup login toolbar modal popup tooltip recommended recommendations related metrics altmetric
    comments feedback footer masthead branding promo outline toc
    banners crossmark backlink noprint screenreader offscreen""".split()
)
"""Words of a class or id that name the frame around an article."""
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PROSE_WORDS = 15
"""Words from which a paragraph counts as running text."""
_MUCH = 0.25
"""Share of a page's running text that no frame element holds, whatever its name says."""
_NEARLY_ALL = 0.9
"""Share of the running text that the article's element must hold."""


def article_of(root: _Element) -> _Element:
    """The smallest element that holds the article: nearly all running text and every heading of a known section.

    Takes out of ``root`` what is not read: scripts, forms, navigation, notices, what is hidden.
    """
    body = next(root.iter("body"), root)
    _take_out(list(body.iter(*_UNSEEN)))
    words = _prose_words(body)
    most = words.get(body, 0) * _MUCH
    _take_out([element for element in _outermost_chrome(body) if words.get(element, 0) <= most])
    return _smallest(body)


def class_words(element: _Element) -> set[str]:
    """Words of the element's class and id, in lower case: ``left-articleBox`` has ``left``, ``article``, ``box``."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.lower() for word in _WORD.findall(named[:500])}


def role_of(element: _Element) -> str:
    """The element's role and its kind in an e-book, in lower case."""
    kinds = (element.get(name) for name in ("role", "epub:type", "{http://www.idpf.org/2007/ops}type"))
    return " ".join(kind.lower() for kind in kinds if kind)


def _outermost_chrome(body: _Element) -> Iterator[_Element]:
    for element in body.iterdescendants():
        if isinstance(element.tag, str) and _is_chrome(element):
            yield element


def _is_chrome(element: _Element) -> bool:
    if element.tag in {"article", "main", "body"}:
        return False
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    if hidden or _HIDDEN.search(element.get("style") or "") or (element.get("role") or "").lower() in _ROLES:
        return True
    if element.tag == "aside":
        return not _is_note(element)
    if element.tag in {"footer", "header"}:
        return _is_of_the_page(element)
    return element.tag in {"div", "ul", "ol", "p", "section", "span", "form", "table", "dl", "a"} and bool(
        _CHROME & class_words(element)
    )


def _is_of_the_page(element: _Element) -> bool:
    """Whether a header or footer is that of the page, and not of an article, a section or a quotation."""
    inner = {"article", "main", "section", "blockquote", "figure", "aside"}
    return next(element.iter("h1"), None) is None and not any(above.tag in inner for above in element.iterancestors())


def _is_note(element: _Element) -> bool:
    """Whether an aside is a box or a note of the article."""
    role = role_of(element)
    return (
        "doc-" in role
        or "note" in role
        or bool(class_words(element) & {"box", "boxed", "note", "footnote", "fn", "textbox"})
    )


def _take_out(elements: list[_Element]) -> None:
    """Removes ``elements``, leaving the text that follows each in its place."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)


def _prose_words(body: _Element) -> dict[_Element, int]:
    """By element, the words of running text that stand in it."""
    words: dict[_Element, int] = {}
    for paragraph in body.iter("p", "li", "blockquote", "div", "td"):
        own = sum(len(text.split()) for text in _own_texts(paragraph))
        if own >= _PROSE_WORDS:
            for element in (paragraph, *paragraph.iterancestors()):
                words[element] = words.get(element, 0) + own
                if element is body:
                    break
    return words


def _own_texts(element: _Element) -> Iterator[str]:
    """Text that stands directly in ``element`` or in running markup in it."""
    yield element.text or ""
    for child in element:
        if child.tag not in {"p", "li", "blockquote", "div", "td", "ul", "ol", "table", "section", "article", "a"}:
            yield bare_text(child) if len(child) == 0 else " ".join(_own_texts(child))
        yield child.tail or ""


def _smallest(body: _Element) -> _Element:
    words = _prose_words(body)
    known = {
        heading for heading in body.iter(*HEADINGS) if heading_type(" ".join(bare_text(heading).split())) is not None
    }
    wanted = words.get(body, 0) * _NEARLY_ALL
    element = body
    while True:
        child = max(element, key=lambda child: words.get(child, 0), default=None)
        if child is None or not words.get(child) or words[child] < wanted or child.tag in {"p", "li", "td", "tr"}:
            return element
        if any(child not in set(heading.iterancestors()) for heading in known):
            return element
        element = child
