"""Back matter of a JATS article: acknowledgements, notes, abbreviations, appendices, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain.study import SectionType
from assistant.readers.builder import RawBlock
from assistant.readers.jats.body import Writer, section_type, title_text
from assistant.text.headings import heading_type

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEFAULT_TITLES = {
    "ack": "Acknowledgements",
    "notes": "Notes",
    "glossary": "Abbreviations",
    "app": "Appendix",
    "bio": "About the authors",
    "fn-group": "Notes",
}


def back_blocks(article: _Element) -> list[RawBlock]:
    """Back matter in the file's order, after it notes that the file keeps in front."""
    writer = Writer()
    for child in article.iterfind("back/*"):
        _write(writer, child)
    for note in article.iterfind("front/notes"):
        if note.find("p[@content-type='self-citation']") is None:
            _write(writer, note)
    return writer.blocks


def _write(writer: Writer, element: _Element) -> None:
    match element.tag:
        case "ref-list":
            writer.references(element, 1)
        case "app-group":
            for appendix in element:
                _write(writer, appendix)
        case "ack" | "notes" | "app" | "bio" | "glossary" if not title_text(element) and len(element) == 1:
            _write_untitled(writer, element)
        case "sec" | "ack" | "notes" | "app" | "bio" | "glossary":
            writer.section(element, 1, _DEFAULT_TITLES.get(element.tag, "Notes"), _type(element))
        case "title" | "label":
            return
        case tag:
            writer.heading(title_text(element) or _DEFAULT_TITLES.get(tag, "Notes"), 1, SectionType.BACK_MATTER)
            writer.children(element, 1)


def _write_untitled(writer: Writer, element: _Element) -> None:
    """Writes an element whose only child may be the section that has the title."""
    inner = element[0]
    if inner.tag == "sec" and title_text(inner):
        writer.section(inner, 1, "", _type(inner))
    else:
        writer.section(element, 1, _DEFAULT_TITLES[element.tag], SectionType.BACK_MATTER)


def _type(element: _Element) -> SectionType:
    """Back matter, unless the section's own type or title says that it still belongs to the argument."""
    return section_type(element) or heading_type(title_text(element)) or SectionType.BACK_MATTER
