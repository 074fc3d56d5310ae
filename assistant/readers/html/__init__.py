"""HTML pages: a publisher's article page, a page saved from a browser, XHTML.

Read with lxml directly and not with trafilatura, the usual extractor of main text. On publishers' pages both find
the same headings, block quotations and table cells. But trafilatura glues raised citation marks to the word before
them ("studied.12"), gives captions of figures as paragraphs and a table's caption as a row of the table, and
footnotes and references as plain lists: each would put words that are no evidence into body passages, or
break a sentence. Its strength, finding the text of pages whose structure says nothing, matters less for studies.
So the article's element is found by where running text and known headings stand (`content`), its elements are
translated into JATS's vocabulary (`translation`), and the writer of JATS articles does the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.study import BlockKind
from assistant.readers.arrange import arrange
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.html.content import article_of
from assistant.readers.html.metadata import is_article, page_bibliography, window_title
from assistant.readers.html.parsing import parse_page
from assistant.readers.html.translation import Translation
from assistant.readers.html.writer import written
from assistant.readers.limits import ReadingLimits

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["page_blocks", "read_html"]


def read_html(data: bytes, limits: ReadingLimits = ReadingLimits()) -> RawStudy:
    """The article in a page, without navigation, scripts, notices and the links that open its references.

    Args:
        data: The whole file.
        limits: Bounds on nesting and number of tags.

    Raises:
        EmptyStudy: If the page holds no text.
        StudyTooLarge: If it is beyond ``limits``.
        UnsupportedFormat: If it is no text.
    """
    page = parse_page(data, limits)
    known = page_bibliography(page.root)
    article = is_article(page.root)
    fallback = window_title(page.root)
    blocks = page_blocks(page.root)
    arranged = arrange(blocks, known, article=article)
    title = known.title or arranged.title or ("" if any(b.kind is BlockKind.HEADING for b in blocks) else fallback)
    return RawStudy(arranged.blocks, replace(known, title=title), page.notes)


def page_blocks(root: _Element) -> list[RawBlock]:
    """Blocks of the article in the page at ``root``, headings with the ranks that the page gives them."""
    return written(Translation().translate(article_of(root)))
