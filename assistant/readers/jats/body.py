"""Body of a JATS article as blocks: sections, paragraphs, lists, quotations, boxes, figures and tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.builder import RawBlock
from assistant.readers.jats.inline import Flow, plain
from assistant.readers.jats.references import reference_text
from assistant.readers.jats.tables import caption_text, table_text
from assistant.readers.marks import bracketed
from assistant.text.headings import heading_type
from assistant.text.speakers import closing_label, is_label, is_quotation, speaker_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEC_TYPES = {
    "intro": SectionType.BACKGROUND,
    "introduction": SectionType.BACKGROUND,
    "background": SectionType.BACKGROUND,
    "objective": SectionType.BACKGROUND,
    "methods": SectionType.METHODS,
    "materials": SectionType.METHODS,
    "subjects": SectionType.METHODS,
    "results": SectionType.RESULTS,
    "findings": SectionType.RESULTS,
    "discussion": SectionType.DISCUSSION,
    "conclusion": SectionType.CONCLUSION,
    "conclusions": SectionType.CONCLUSION,
    "supplementary-material": SectionType.BACK_MATTER,
    "display-objects": SectionType.BACK_MATTER,
}
_SILENT = frozenset(
    {"title", "label", "sec-meta", "object-id", "alt-text", "long-desc", "graphic", "permissions", "attrib", "hr"}
)

_ENDS_WORDS = frozenset(".!?…”’\"'")
"""What a speaker's words end with, and a label does not."""


def body_blocks(article: _Element) -> list[RawBlock]:
    """The body and the floats that the file keeps apart from it, in reading order."""
    writer = Writer()
    body = article.find("body")
    if body is not None:
        lead = next((child for child in body if child.tag not in _SILENT), None)
        if lead is not None and lead.tag not in {"sec", "boxed-text"}:
            parted = body.find("sec") is not None
            writer.heading(
                "Introduction" if parted else "Main text", 1, SectionType.BACKGROUND if parted else SectionType.BODY
            )
        writer.children(body, 0)
    floats = article.find("floats-group")
    if floats is not None and len(floats):
        writer.heading("Figures and tables", 1, SectionType.BODY)
        writer.children(floats, 1)
    return writer.blocks


def section_type(element: _Element) -> SectionType | None:
    """What the file says a section is for; None where it says nothing that is known."""
    for part in (element.get("sec-type") or "").lower().split("|"):
        if part.strip() in _SEC_TYPES:
            return _SEC_TYPES[part.strip()]
    return None


def title_text(element: _Element) -> str:
    """Number and title of a section, without a closing stop; empty where it has none."""
    label, title = (" ".join(plain(element.find(tag)).split()) for tag in ("label", "title"))
    title = title[:-1] if title[-1:] in ".:" and not title.endswith("..") else title
    return f"{label} {title}".strip() if title else ""


@dataclass
class Writer:
    """Writes elements as blocks."""

    blocks: list[RawBlock] = field(default_factory=list)
    """What was written, in reading order."""

    def heading(self, text: str, level: int, kind: SectionType | None = None) -> None:
        """Writes a heading."""
        self.blocks.append(RawBlock(BlockKind.HEADING, text, level=max(level, 1), section_type=kind))

    def children(self, parent: _Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Writes the children of ``parent``, which stands at heading depth ``level``, and its stray text."""
        self._stray(parent.text, kind)
        for child in parent:
            self.element(child, level, kind)
            self._stray(child.tail, kind)

    def element(self, element: _Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Writes one element and what it holds.

        Args:
            element: What to write.
            level: Depth of the heading that it stands under; 0 for none.
            kind: What a paragraph directly in it counts as.
        """
        match element.tag:
            case tag if tag in _SILENT:
                return
            case "sec" | "app" | "ack" | "notes" | "glossary" | "bio":
                self.section(element, level + 1)
            case "p" | "verse-line" | "preformat":
                self.paragraph(element, level, kind)
            case "list" | "def-list":
                self._list(element, level)
            case "disp-quote" | "verse-group" | "speech":
                self._quotation(element)
            case "boxed-text":
                self._box(element, level)
            case "fig" | "table-wrap" | "chem-struct-wrap" | "media" | "supplementary-material":
                self._float(element, level)
            case "table":
                self._add(BlockKind.TABLE, table_text(element))
            case "fn":
                self._footnote(element)
            case "ref-list":
                self.references(element, level + 1)
            case "disp-formula" | "disp-formula-group" | "ref":
                self.paragraph(element, level, kind, whole=True)
            case "alternatives":
                for child in element.iterchildren("table", "p", "disp-formula"):
                    self.element(child, level, kind)
                    return
            case _:
                self.children(element, level, kind)

    def section(self, element: _Element, level: int, default: str = "", kind: SectionType | None = None) -> None:
        """Writes a section under its title.

        Args:
            element: The section.
            level: Depth of its heading.
            default: Title where it has none; without one its contents go to the section before.
            kind: Type of the section, where the element itself tells.
        """
        title = title_text(element) or default
        hint = section_type(element) or kind
        if level == 1 and hint is None and _is_article_within(element):
            hint = SectionType.BODY
        if not title and hint is SectionType.BACK_MATTER:
            title = "Supplementary material"
        if title:
            self.heading(title, level, hint)
        self.children(element, level if title else level - 1)

    def paragraph(self, element: _Element, level: int, kind: BlockKind, *, whole: bool = False) -> None:
        """Writes a paragraph, the blocks inside it in their places, and its floats after it."""

        def interrupt(inner: _Element) -> None:
            self._add(kind, flow.take())
            self.element(inner, level, kind)

        flow = Flow(on_break=interrupt)
        if whole:
            flow.add(plain(element))
        else:
            flow.read(element)
        self._add(kind, flow.take())
        for waiting in flow.floats:
            self.element(waiting, level)

    def references(self, element: _Element, level: int) -> None:
        """Writes a reference list, one block a reference."""
        self.heading(title_text(element) or "References", level, SectionType.REFERENCES)
        for child in element:
            match child.tag:
                case "ref":
                    self._add(BlockKind.REFERENCE, reference_text(child))
                case "ref-list":
                    self.references(child, level + 1)
                case _:
                    self.element(child, level)

    def _add(self, kind: BlockKind, text: str, speaker: str | None = None) -> None:
        if kind is BlockKind.PARAGRAPH and is_quotation(words := " ".join(text.split())):
            kind, speaker = BlockKind.QUOTATION, closing_label(words)
        if text.strip():
            self.blocks.append(RawBlock(kind, text, speaker=speaker))

    def _stray(self, text: str | None, kind: BlockKind) -> None:
        if text and any(char.isalnum() for char in text):
            self._add(kind, text)

    def _list(self, element: _Element, level: int) -> None:
        if title := title_text(element):
            self._add(BlockKind.PARAGRAPH, title)
        for item in element:
            if item.tag == "def-item":
                term, meaning = (" ".join(plain(item.find(tag)).split()) for tag in ("term", "def"))
                self._add(BlockKind.LIST_ITEM, f"{term}: {meaning}" if meaning else term)
            elif item.tag == "list-item":
                self._item(item, level)
            elif item.tag in {"list", "def-list"}:
                self._list(item, level)

    def _item(self, item: _Element, level: int) -> None:
        """Writes an item, with the number or letter that tells it from others."""
        first = len(self.blocks)
        self.children(item, level, BlockKind.LIST_ITEM)
        label = " ".join(plain(item.find("label")).split())
        if label and any(char.isalnum() for char in label) and len(self.blocks) > first:
            block = self.blocks[first]
            self.blocks[first] = RawBlock(block.kind, f"{label} {block.text}", speaker=block.speaker)

    def _quotation(self, element: _Element) -> None:
        for nested in element.findall("disp-quote"):
            self._quotation(nested)
        parts = _quoted_parts(element)
        attribution = " ".join(plain(element.find("attrib")).split())
        if attribution and parts:
            parts[-1] = f"{parts[-1]} {attribution if attribution[0] in '([–—-' else f'({attribution})'}"
        if self._is_label_of_previous(element, parts):
            block = self.blocks.pop()
            self._add(BlockKind.QUOTATION, f"{block.text} ({parts[0]})", parts[0])
            return
        for part, speaker in zip(parts, _speakers(parts, attribution), strict=True):
            self._add(BlockKind.QUOTATION, part, speaker)

    def _is_label_of_previous(self, element: _Element, parts: list[str]) -> bool:
        """Whether the whole quotation is the label of the one before it, which some publishers set apart.

        A short answer in a dialogue looks much the same, so that a label must have a comma or a number too.
        """
        before = element.getprevious()
        return (
            len(parts) == 1
            and before is not None
            and before.tag == "disp-quote"
            and not (before.tail or "").strip()
            and bool(self.blocks)
            and self.blocks[-1].kind is BlockKind.QUOTATION
            and self.blocks[-1].speaker is None
            and self.blocks[-1].text.rstrip()[-1:] in _ENDS_WORDS
            and is_label(parts[0])
            and parts[0][-1] not in _ENDS_WORDS
            and parts[0][0].isupper()
            and any(char in ",0123456789" for char in parts[0])
        )

    def _box(self, element: _Element, level: int) -> None:
        """Writes a box: under a heading where it stands for itself, else under a caption."""
        caption = caption_text(element)
        parent = element.getparent()
        if level == 0 and caption and parent is not None and parent.tag == "body":
            self.heading(caption.removesuffix("."), 1)
        else:
            self._add(BlockKind.CAPTION, caption)
        for child in element:
            if child.tag != "caption":
                self.element(child, level)

    def _float(self, element: _Element, level: int) -> None:
        self._add(BlockKind.CAPTION, caption_text(element))
        for child in element:
            if child.tag == "table-wrap-foot":
                self.children(child, level, BlockKind.FOOTNOTE)
            elif child.tag not in {"caption", "label"}:
                self.element(child, level)

    def _footnote(self, element: _Element) -> None:
        label = " ".join(plain(element.find("label")).split())
        texts = [" ".join(plain(child).split()) for child in element if child.tag != "label"]
        mark = bracketed("", label) if label and len(label) <= 3 else label
        self._add(BlockKind.FOOTNOTE, " ".join(part for part in (mark, *texts) if part))


def _is_article_within(element: _Element) -> bool:
    """Whether a section holds a whole article's sections, so that its own title says nothing of theirs."""
    within = {heading_type(title_text(child)) for child in element.iterfind("sec")}
    return SectionType.METHODS in within and SectionType.RESULTS in within and SectionType.DISCUSSION in within


def _quoted_parts(element: _Element) -> list[str]:
    """Paragraphs of a quotation; a bracketed label that stands as a paragraph goes to the words before it."""
    parts: list[str] = []
    for text in _paragraph_texts(element):
        if parts and text[0] in "([" and text.rstrip(".")[-1] in ")]" and is_label(text):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
    return parts


def _speakers(parts: list[str], attribution: str) -> list[str | None]:
    """Who speaks in each part: a label behind a part holds for the parts before it that have none of their own."""
    named: list[str | None] = []
    closing = attribution.strip(" ()[]–—-") or None
    for part in reversed(parts):
        own = (closing if not named and attribution else None) or closing_label(part)
        closing = own or closing
        named.append(own or speaker_of(part) or closing)
    return named[::-1]


def _paragraph_texts(element: _Element) -> Iterable[str]:
    if not len(element):
        yield from filter(None, [" ".join(plain(element).split())])
        return
    for child in element:
        if child.tag in {"verse-group", "list", "list-item"}:
            yield from _paragraph_texts(child)
        elif child.tag not in {"disp-quote", "attrib", "title", "label", "object-id"}:
            yield from filter(None, [" ".join(plain(child).split())])
