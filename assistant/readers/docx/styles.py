"""What a Word document's styles say of its paragraphs: heading, list, quotation, caption, note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.readers.docx.names import W, number_of, value_of

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_BODY_LEVEL = 9
"""Outline level that means running text."""
_DEEPEST_CHAIN = 20
"""Styles that may be based on one another."""


class Role(StrEnum):
    """What a style makes of a paragraph."""

    TITLE = "title"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    CAPTION = "caption"
    CONTENTS = "contents"
    """A line of the table of contents, of figures, or of the index: not read."""
    FRONT = "front"
    REFERENCE = "reference"
    BODY = "body"


_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (r"title|document title|article title", Role.TITLE),
        (r"(?:subtitle|author.*|affiliations?|date|keywords?|correspondence.*)", Role.FRONT),
        (r"(?:intense |block |long )?(?:quot(?:e|ation)s?|block ?text|blockquote|extract|verbatim).*", Role.QUOTE),
        (r"list(?: .*)?|bullet.*|numbered.*", Role.LIST),
        (r"caption|figure caption|table caption|table title|figure title", Role.CAPTION),
        (r"(?:toc \d|toc heading|table of (?:figures|contents|authorities)|index \d|contents.*)", Role.CONTENTS),
        (r"(?:bibliography|references?(?: list| text)?|endnote bibliography|citation list)", Role.REFERENCE),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph style settles, its bases included."""

    role: Role = Role.BODY
    """What it makes of a paragraph."""
    level: int | None = None
    """Of a heading: depth from 1."""
    indent: int = 0
    """Left indentation, in twentieths of a point."""
    numbered: bool = False
    """Whether it makes items of a list."""
    bold: bool = False
    """Whether its text is bold."""


@dataclass(frozen=True, slots=True)
class Styles:
    """A document's styles by id."""

    paragraphs: Mapping[str, ParagraphStyle]
    """Paragraph styles."""
    raised: frozenset[str]
    """Character styles that set superscripts."""
    default: ParagraphStyle = ParagraphStyle()
    """Of a paragraph that names no style."""

    def of(self, properties: _Element | None) -> ParagraphStyle:
        """The style that a paragraph with these ``properties`` (``w:pPr``) names."""
        named = value_of(properties, "pStyle")
        return self.paragraphs.get(named, self.default) if named else self.default


def read_styles(document: Document) -> Styles:
    """The styles of ``document``."""
    by_id = {style.style_id: style.element for style in document.styles}
    kinds = {key: element.get(f"{W}type") for key, element in by_id.items()}
    paragraphs = {key: _paragraph_style(element, by_id) for key, element in by_id.items() if kinds[key] == "paragraph"}
    raised = frozenset(
        key
        for key, element in by_id.items()
        if kinds[key] == "character"
        and any(value_of(style.find(f"{W}rPr"), "vertAlign") == "superscript" for style in _chain(element, by_id))
    )
    default = next(
        (key for key, element in by_id.items() if kinds[key] == "paragraph" and element.get(f"{W}default") == "1"), ""
    )
    return Styles(paragraphs, raised, paragraphs.get(default, ParagraphStyle()))


def _chain(style: _Element, by_id: Mapping[str, _Element]) -> Iterator[_Element]:
    """The style and those that it is based on, nearest first."""
    current: _Element | None = style
    for _ in range(_DEEPEST_CHAIN):
        if current is None:
            return
        yield current
        current = by_id.get(value_of(current, "basedOn"))


def _paragraph_style(style: _Element, by_id: Mapping[str, _Element]) -> ParagraphStyle:
    role, level, indent, numbered, bold = Role.BODY, None, 0, False, False
    for one in reversed(list(_chain(style, by_id))):
        properties = one.find(f"{W}pPr")
        name = value_of(one, "name")
        if match := _HEADING.fullmatch(name):
            role, level = Role.HEADING, int(match[1]) or 1
        elif found := next((kind for pattern, kind in _ROLES if pattern.fullmatch(name)), None):
            role, level = found, None
        if (outline := number_of(value_of(properties, "outlineLvl"))) is not None and role in {Role.BODY, Role.HEADING}:
            role, level = (Role.HEADING, outline + 1) if outline < _BODY_LEVEL else (Role.BODY, None)
        indent = left_indent(properties, indent)
        numbered = is_numbered(properties, numbered)
        bold = is_bold(one.find(f"{W}rPr"), bold)
    return ParagraphStyle(role, level, indent, numbered, bold)


def left_indent(properties: _Element | None, inherited: int) -> int:
    """Left indentation in twentieths of a point; a hanging first line, as references have, counts as none."""
    indent = properties.find(f"{W}ind") if properties is not None else None
    if indent is None:
        return inherited
    if number_of(indent.get(f"{W}hanging") or ""):
        return 0
    stated = number_of(indent.get(f"{W}left") or indent.get(f"{W}start") or "")
    return inherited if stated is None else stated


def is_numbered(properties: _Element | None, inherited: bool) -> bool:
    """Whether the paragraph is an item of a list."""
    numbering = properties.find(f"{W}numPr") if properties is not None else None
    if numbering is None:
        return inherited
    return value_of(numbering, "numId") not in {"", "0"}


def is_bold(properties: _Element | None, inherited: bool) -> bool:
    """Whether text with these run properties is bold."""
    switch = properties.find(f"{W}b") if properties is not None else None
    return inherited if switch is None else (switch.get(f"{W}val") or "1") not in {"0", "false", "off"}
