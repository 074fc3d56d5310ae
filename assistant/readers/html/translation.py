"""A page's elements in the vocabulary of JATS, so that one writer serves articles in every markup.

Containers are unfolded: text and running markup that stand side by side in a ``div`` become one paragraph. A
heading becomes ``<heading level="…">``, because pages nest their sections by rank and not by element.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.domain.study import SectionType
from assistant.readers.html.content import HEADINGS, class_words, role_of
from assistant.readers.xml_safety import bare_text
from assistant.text.headings import heading_type

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = HEADINGS | frozenset(
    """p div section article main aside header footer ul ol dl dt dd li blockquote figure figcaption table thead tbody
    tfoot tr td th caption pre hr form fieldset address center details summary hgroup body legend label-block""".split()
)
_INLINE = {
    "em": "italic", "i": "italic", "cite": "italic", "var": "italic", "dfn": "italic", "strong": "bold", "b": "bold",
    "sup": "sup", "sub": "sub", "br": "break", "wbr": "styled-content", "math": "math",
}  # fmt: skip
_QUOTING = frozenset({"blockquote", "quote", "quotation", "pullquote", "blockquoted", "extract"})
_FLOATING = frozenset({"fig", "figs", "figure", "tablewrap", "thumbnail"})
_NOTED = frozenset({"footnote", "footnotes", "endnote", "endnotes", "fn"})
_NOTE_ROLES = ("footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote")
_NUMBER = re.compile(r"\[?\(?\d{1,3}[a-z]?\)?\]?")
_NOTE_TARGET = re.compile(r"#.{0,80}?(?:fn|foot|note|edn|ftn)", re.IGNORECASE)
_NUMBERED = re.compile(r"[\[(]?\d{1,4}[\])]?[.\s]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that pages may hold and trees of XML may not."""
_BACK_ARROWS = frozenset({"↩", "↩︎", "↑", "^", "⏎"})
_BOLD_HEADING_WORDS = 10
_BOLD_LEVEL = "7"
"""Depth of a bold line that stands for a heading: below every marked one."""
_LAYOUT_CELL_WORDS = 120
"""Words of a cell beyond which a table without headings only lays out the page."""
_REFERENCE_LINKS = re.compile(
    r"\[?(?:view (?:article|record).{0,20}|google scholar|cross ?ref|(?:publisher |biomed central |pmc )?full text|"
    r"pubmed|pubmed central|pubmed ?/ ?ncbi|pubmed (?:central )?(?:abstract|full text)|pmc free article|medline|cas|"
    r"ads|article|abstract|web of science.{0,8}|scopus|open ?url|download references|find (?:it )?online|"
    r"return to (?:ref|text).{0,30}|webcite|doi|isi|pdf|links?|go to reference)\]?",
    re.IGNORECASE,
)
"""What the links that a page adds behind a reference say."""
_MATHML_ONLY = re.compile(r"^(?:MathJax|katex-html|mjx)", re.IGNORECASE)


@dataclass
class Translation:
    """Translates one page's article."""

    with_blocks: set[_Element] = field(default_factory=set)
    """Elements that hold a block, whatever their own kind."""
    referring: bool = False
    """Whether the heading last met is one of references."""

    def translate(self, article: _Element) -> _Element:
        """The article as a ``<body>`` in the vocabulary of JATS."""
        from lxml import etree

        for block in article.iter(*_BLOCKS):
            for above in block.iterancestors():
                if above in self.with_blocks:
                    break
                self.with_blocks.add(above)
        body = etree.Element("body")
        self._contents(article, body)
        return body

    def _contents(self, source: _Element, target: _Element) -> None:
        """Adds what ``source`` holds to ``target``, running text gathered in paragraphs."""
        run = _Run(target)
        run.text(source.text)
        for child in source:
            if not isinstance(child.tag, str):
                pass
            elif child.tag in _BLOCKS or child in self.with_blocks:
                run.close()
                self._block(child, target)
            else:
                self._inline(child, run.paragraph())
            run.text(child.tail)
        run.close()

    def _block(self, source: _Element, target: _Element) -> None:
        tag = str(source.tag)
        named = class_words(source)
        if tag in HEADINGS:
            self._heading(source, target, tag[1])
        elif tag == "hr":
            return
        elif tag == "table":
            self._table(source, target)
        elif tag in {"ul", "ol"} and not named & _NOTED:
            self._list(source, target)
        elif tag == "dl":
            self._definitions(source, target)
        elif tag == "blockquote" or (named & _QUOTING and tag in {"div", "p", "section"}):
            self._quotation(source, target)
        elif tag == "figure" or (tag == "div" and named & _FLOATING and not _holds_headings(source)):
            self._figure(source, target)
        elif self._is_note(source, named):
            self._note(source, target)
        elif tag == "pre":
            self._inline_contents(source, _child(target, "preformat"))
        elif tag == "p" and source not in self.with_blocks:
            self._paragraph(source, target)
        else:
            self._contents(source, target)

    def _heading(self, source: _Element, target: _Element, level: str) -> None:
        words = bare_text(source).strip()
        if words:
            self.referring = heading_type(words) is SectionType.REFERENCES
            self._inline_contents(source, _child(target, "heading", level=level))

    def _paragraph(self, source: _Element, target: _Element) -> None:
        words = " ".join(bare_text(source).split())
        if _is_bold_line(source, words):
            self._heading(source, target, _BOLD_LEVEL)
        elif words:
            self._inline_contents(source, _child(target, "p"))

    def _list(self, source: _Element, target: _Element) -> None:
        if self.referring:
            self._references(source, target)
            return
        made = _child(target, "list")
        for item in source:
            if item.tag in {"ul", "ol"}:
                self._list(item, made)
            elif isinstance(item.tag, str) and bare_text(item).strip():
                self._contents(item, _child(made, "list-item"))

    def _references(self, source: _Element, target: _Element) -> None:
        """Writes a list's items as references, numbered as the page shows them."""
        number = int(start) if (start := (source.get("start") or "1")).isdecimal() else 1
        for item in source:
            words = bare_text(item).strip() if isinstance(item.tag, str) else ""
            if not words:
                continue
            made = _child(target, "ref")
            if source.tag == "ol" and not _NUMBERED.match(words):
                made.text = f"{number}. "
            number += 1
            self._inline_contents(item, made)

    def _definitions(self, source: _Element, target: _Element) -> None:
        made = _child(target, "def-list")
        entry: _Element | None = None
        for part in source.iter("dt", "dd"):
            if part.tag == "dt" or entry is None:
                entry = _child(made, "def-item")
            self._inline_contents(part, _child(entry, "term" if part.tag == "dt" else "def"))

    def _quotation(self, source: _Element, target: _Element) -> None:
        quote = _child(target, "disp-quote")
        self._contents(source, quote)
        for closing in source.iter("footer", "cite"):
            words = " ".join(bare_text(closing).split())
            last = quote[-1] if len(quote) else None
            if last is not None and len(quote) > 1 and " ".join(bare_text(last).split()) == words:
                last.tag = "attrib"

    def _figure(self, source: _Element, target: _Element) -> None:
        """Writes a float: its caption, and the tables in it; links and buttons around the picture are left out."""
        tables = [table for table in source.iter("table") if not _is_layout(table)]
        made = _child(target, "table-wrap" if tables else "fig")
        captions = list(source.iter("figcaption")) or [part for part in source.iter("p") if not _within(part, "td")]
        captions = captions or [part for part in source.iter("caption")]
        if captions:
            caption = _child(made, "caption")
            for part in captions:
                if not any(above.tag == "figcaption" for above in part.iterancestors()):
                    self._inline_contents(part, _child(caption, "p"))
        for table in tables:
            self._table(table, made, captioned=bool(captions))

    def _table(self, source: _Element, target: _Element, *, captioned: bool = False) -> None:
        if _is_layout(source):
            for cell in source.iter("td", "th"):
                if not any(above.tag in {"td", "th"} and _below(above, source) for above in cell.iterancestors()):
                    self._contents(cell, target)
            return
        wrap = target if target.tag == "table-wrap" else _child(target, "table-wrap")
        caption = source.find("caption")
        if caption is not None and not captioned:
            self._inline_contents(caption, _child(_child(wrap, "caption"), "p"))
        table = _child(wrap, "table")
        for row in source.iter("tr"):
            made = _child(table, "tr")
            for cell in row.iterchildren("td", "th"):
                spans = {name: cell.get(name, "") for name in ("colspan", "rowspan") if cell.get(name)}
                self._inline_contents(cell, _child(made, str(cell.tag), **spans))

    def _is_note(self, source: _Element, named: set[str]) -> bool:
        role = role_of(source)
        return any(name in role for name in _NOTE_ROLES) or bool(named & _NOTED and not _holds_headings(source))

    def _note(self, source: _Element, target: _Element) -> None:
        """Writes notes: each item, or each paragraph, one."""
        parts = list(source.iter("li")) or [part for part in source.iter("p") if bare_text(part).strip()]
        numbered = source.tag == "ol" or source.find("ol") is not None
        for number, part in enumerate(parts or [source], start=1):
            note = _child(target, "fn")
            if numbered:
                _child(note, "label").text = str(number)
            self._inline_contents(part, _child(note, "p"))

    def _inline_contents(self, source: _Element, target: _Element) -> None:
        """Adds what ``source`` holds as running text; a block in it is set off by spaces."""
        _append_text(target, source.text)
        for child in source:
            if isinstance(child.tag, str):
                self._inline(child, target)
            _append_text(target, child.tail)

    def _inline(self, source: _Element, target: _Element) -> None:
        tag = str(source.tag)
        if tag == "img":
            return
        if tag == "a" and self._is_button(source):
            return
        if self.referring and tag in {"ul", "ol"}:
            return
        if tag in _BLOCKS:
            _append_text(target, " ")
            self._inline_contents(source, _child(target, "styled-content"))
            _append_text(target, " ")
        elif tag == "a" and _cites(source):
            kind = "fn" if _NOTE_TARGET.search(source.get("href") or "") else "bibr"
            made = _child(target, "xref", **{"ref-type": kind})
            self._inline_contents(source, made)
        elif tag == "math":
            target.append(_copy(source))
        elif not _MATHML_ONLY.match(source.get("class") or ""):
            self._inline_contents(source, _child(target, _INLINE.get(tag, "styled-content")))

    def _is_button(self, link: _Element) -> bool:
        """Whether a link belongs to the page and not to the sentence."""
        words = " ".join(bare_text(link).split())
        return words in _BACK_ARROWS or (self.referring and bool(_REFERENCE_LINKS.fullmatch(words)))


@dataclass
class _Run:
    """Running text that stands between the blocks of a container."""

    target: _Element
    """Where its paragraphs go."""
    open: _Element | None = None
    """The paragraph that is being filled."""

    def paragraph(self) -> _Element:
        """The open paragraph, opened if there is none."""
        if self.open is None:
            self.open = _child(self.target, "p")
        return self.open

    def text(self, text: str | None) -> None:
        """Adds text; white space alone opens no paragraph."""
        if text and (self.open is not None or text.strip()):
            _append_text(self.paragraph(), text)

    def close(self) -> None:
        """Ends the paragraph; one without words, or of links alone, is dropped."""
        if self.open is not None and not bare_text(self.open).strip():
            self.target.remove(self.open)
        self.open = None


def _child(parent: _Element, tag: str, **attributes: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, tag, attributes)


def _append_text(target: _Element, text: str | None) -> None:
    if not text:
        return
    text = _NO_XML.sub("", text)
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _copy(source: _Element) -> _Element:
    from copy import deepcopy

    copied = deepcopy(source)
    copied.tail = None
    return copied


def _cites(link: _Element) -> bool:
    """Whether a link leads from a number to a reference or note of the same page."""
    address = link.get("href") or ""
    return "#" in address and bool(_NUMBER.fullmatch(bare_text(link).strip()))


def _is_bold_line(paragraph: _Element, words: str) -> bool:
    """Whether a paragraph is a short line in bold alone, as pages without heading tags write their headings."""
    if not words or len(words.split()) > _BOLD_HEADING_WORDS or words[-1] in ".;,:?!" or not words[0].isalnum():
        return False
    bold = "".join("".join(bare_text(part)) for part in paragraph.iterchildren("b", "strong"))
    return " ".join(bold.split()) == words


def _holds_headings(source: _Element) -> bool:
    return next(source.iter(*HEADINGS), None) is not None


def _is_layout(table: _Element) -> bool:
    """Whether a table only lays out the page."""
    if table.get("role") in {"presentation", "none"} or _holds_headings(table):
        return True
    if any(inner is not table for inner in table.iter("table")):
        return True
    if next(table.iter("th"), None) is not None:
        return False
    return any(
        len(bare_text(cell).split()) > _LAYOUT_CELL_WORDS and cell.find(".//p") is not None for cell in table.iter("td")
    )


def _within(element: _Element, tag: str) -> bool:
    return any(above.tag == tag for above in element.iterancestors())


def _below(element: _Element, top: _Element) -> bool:
    return any(above is top for above in element.iterancestors())
