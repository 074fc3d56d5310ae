"""Running text of a JATS paragraph: markup taken off without gluing or splitting words.

What can't stand inside a sentence is set apart: lists and block quotations end the paragraph, and what follows
them opens another; figures, tables, boxes and footnotes wait until the paragraph is over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.readers.jats.formulas import formula_text
from assistant.readers.marks import bracketed, superscript
from assistant.readers.xml_safety import bare_text

if TYPE_CHECKING:
    from lxml.etree import _Element

BREAKING = frozenset({"list", "def-list", "disp-quote", "verse-group", "speech", "statement", "preformat", "p", "sec"})
"""Elements that end the paragraph that they stand in."""

FLOATING = frozenset(
    {
        "fig",
        "fig-group",
        "table-wrap",
        "table-wrap-group",
        "boxed-text",
        "supplementary-material",
        "media",
        "graphic",
        "fn",
        "chem-struct-wrap",
        "array",
        "table",
        "ref-list",
    }
)
"""Elements that wait until the paragraph is over."""

_FORMULAS = frozenset({"inline-formula", "disp-formula", "disp-formula-group", "math", "tex-math", "chem-struct"})
_SILENT = frozenset(
    {"graphic", "inline-graphic", "inline-supplementary-material", "object-id", "alt-text", "long-desc", "def",
     "index-term", "x-ref", "hr", "processing-meta"}
)  # fmt: skip
_SPACED = frozenset({"break", "address", "addr-line", "institution", "country", "td", "th", "tr", "title", "label"})
_NUMBER = re.compile(r"\d{1,3}[a-z]?(?:(?:\s*[,;–‐-]\s*|\s+)\d{1,3}[a-z]?){0,40}")
_BETWEEN_NUMBERS = re.compile(r"\s*[,;]\s*|\s+")
_DASH = re.compile(r"\s*[–‐-]\s*")
_BETWEEN = re.compile(r"[\s,;–‐-]*")
_OPEN_BRACKET = re.compile(r"[\[(][\d\sa-z,;–‐-]{0,40}$")


@dataclass
class Flow:
    """The text of a paragraph while it is being read."""

    on_break: Callable[[_Element], None] | None = None
    """Called with each element that ends the paragraph; None to read such elements as running text."""
    pieces: list[str] = field(default_factory=list)
    """Text since the paragraph, or its continuation, began."""
    floats: list[_Element] = field(default_factory=list)
    """What waits until the paragraph is over."""

    def take(self) -> str:
        """The text read so far, which is then forgotten."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return text

    def tail(self) -> str:
        """The end of the text read so far."""
        tail = ""
        for piece in reversed(self.pieces):
            tail = piece + tail
            if len(tail) >= 60:
                break
        return tail[-60:]

    def read(self, element: _Element) -> None:
        """Adds the contents of ``element``, its own tail left out."""
        self.add(element.text)
        children = list(element)
        at = 0
        while at < len(children):
            run = self._citation_run(children, at)
            if run:
                self._add_citations(children[at : at + run])
            else:
                self._read_child(children[at])
            at += max(run, 1)
            self.add(children[at - 1].tail)

    def add(self, text: str | None) -> None:
        """Adds ``text`` as it stands."""
        if text:
            self.pieces.append(text)

    def _read_child(self, child: _Element) -> None:
        tag = child.tag
        if tag in _SILENT or tag in FLOATING:
            if tag in FLOATING:
                self.floats.append(child)
            if tag == "fn":
                self._mark_footnote(child)
        elif tag in BREAKING and self.on_break is not None:
            self.on_break(child)
        elif tag in _FORMULAS:
            self._add_spaced(formula_text(child))
        elif tag == "sup":
            self._raise(child)
        elif tag == "xref" and child.get("ref-type") in {"fn", "table-fn"}:
            self._raise(child)
        elif tag in {"ext-link", "uri", "self-uri"} and not bare_text(child).strip():
            self.add(child.get("{http://www.w3.org/1999/xlink}href"))
        elif tag == "alternatives":
            if len(child):
                self._read_child(child[0])
        elif tag in _SPACED or tag in BREAKING:
            self._add_spaced(plain(child))
        else:
            self.read(child)

    def _add_spaced(self, text: str) -> None:
        self.pieces.append(f" {text} " if text.strip() else " ")

    def _raise(self, element: _Element) -> None:
        """Adds a superscript with the white space that it holds at its ends."""
        raised = plain(element, raised=True)
        lead, trail = raised[: len(raised) - len(raised.lstrip())], raised[len(raised.rstrip()) :]
        self.add(lead)
        mark = raised.strip()
        cites = element.tag == "xref" or element.find(".//xref") is not None
        bare = bool(mark) and mark[0] not in "[(*†‡§" and any(char.isalnum() for char in mark)
        self.add(bracketed(self.tail(), mark) if cites and bare else superscript(self.tail(), mark))
        apart = self.tail().endswith("]") and (element.tail or "")[:1].isalnum()
        self.add(trail or (" " if apart else ""))

    def _mark_footnote(self, footnote: _Element) -> None:
        label = footnote.find("label")
        if label is not None and (mark := bare_text(label).strip()):
            self.add(bracketed(self.tail(), mark))

    def _citation_run(self, children: list[_Element], at: int) -> int:
        """How many children from ``at`` on are numbers of references that layout or markup set as superscripts."""
        before = self.tail()
        if not _is_number(children[at]) or not before or before[-1] in "[(" or _OPEN_BRACKET.search(before):
            return 0
        if before[-1].isspace() and children[at].tag != "sup" and children[at].find("sup") is None:
            return 0
        count = length = 1
        while at + length < len(children) and _BETWEEN.fullmatch(children[at + length - 1].tail or ""):
            following = children[at + length]
            if not _is_number(following) and not _is_separator(following):
                break
            length += 1
            count = length if _is_number(following) else count
        return count

    def _add_citations(self, run: list[_Element]) -> None:
        joined = ""
        for element, following in zip(run, [*run[1:], None], strict=True):
            tail = (element.tail or "").strip() if following is not None else ""
            joined += bare_text(element).strip() + (tail or " ")
        self.add(bracketed(self.tail(), _BETWEEN_NUMBERS.sub(",", _DASH.sub("–", joined.strip()))))


def _is_number(element: _Element) -> bool:
    """Whether ``element`` is the number of a reference, or several."""
    if element.tag == "sup":
        return len(element) > 0 and all(_is_number(child) for child in element) and _is_number_text(element)
    return element.tag == "xref" and element.get("ref-type", "bibr") == "bibr" and _is_number_text(element)


def _is_number_text(element: _Element) -> bool:
    return bool(_NUMBER.fullmatch(bare_text(element).strip()))


def _is_separator(element: _Element) -> bool:
    return element.tag == "sup" and bool(_BETWEEN.fullmatch(bare_text(element)))


def plain(element: _Element | None, *, raised: bool = False) -> str:
    """The contents of ``element`` as one run of text, blocks inside it included; empty for None.

    Args:
        element: What to read.
        raised: It is a superscript already, so that marks inside it are not raised again.
    """
    if element is None:
        return ""
    if raised:
        return bare_text(element)
    flow = Flow()
    flow.read(element)
    return flow.take()
