"""JATS XML, the form in which journals and PubMed Central keep articles, and its NLM predecessors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain.study import ReadingNote
from assistant.errors import MalformedStudy
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.jats.back import back_blocks
from assistant.readers.jats.body import body_blocks
from assistant.readers.jats.front import abstract_blocks, bibliography, title_blocks
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["article_study", "read_jats"]

_OTHER_ARTICLES = ("sub-article", "response")


def read_jats(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The article in ``data``: front matter, abstracts, body, floats, back matter and references, in this order.

    Args:
        data: The whole file.
        limits: Bounds on the XML.

    Raises:
        MalformedStudy: If it is not well-formed, or holds no article.
        StudyTooLarge: If it is beyond ``limits``.
    """
    root = parse_xml(data, limits)
    articles = [root] if root.tag == "article" else list(root.iter("article"))
    if not articles:
        raise MalformedStudy(f"the XML holds no article (its root is <{root.tag}>)", remedy="Save the article as JATS.")
    return article_study(articles[0], len(articles))


def article_study(article: _Element, articles: int = 1) -> RawStudy:
    """What an ``<article>`` element holds.

    Args:
        article: The element, tags without namespaces.
        articles: How many the file holds; only the first is read, and a note says so.
    """
    blocks = [
        *title_blocks(article),
        *abstract_blocks(article),
        *body_blocks(article),
        *back_blocks(article),
    ]
    return RawStudy(blocks=blocks, bibliography=bibliography(article), notes=_notes(article, articles, blocks))


def _notes(article: _Element, articles: int, blocks: list[RawBlock]) -> tuple[ReadingNote, ...]:
    notes: list[str] = []
    if articles > 1:
        notes.append(f"The file holds {articles} articles; only the first was read.")
    if article.find("body") is None:
        notes.append("The file has no body: only front and back matter were read.")
    for tag in _OTHER_ARTICLES:
        if count := len(article.findall(tag)):
            what = f"1 {tag}" if count == 1 else f"{count} {tag}s"
            notes.append(f"Left out: {what} attached to the article.")
    translated = [
        element.get("{http://www.w3.org/XML/1998/namespace}lang") for element in article.iter("trans-abstract")
    ]
    if translated:
        languages = ", ".join(sorted({language or "of no stated language" for language in translated}))
        notes.append(f"Translated abstracts were left out ({languages}).")
    return tuple(ReadingNote(note) for note in notes)
