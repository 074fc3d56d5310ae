"""A study as it was read: its stored text, and the blocks, sections and pages that lie on it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.domain.spans import Span


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTATION = "quotation"
    """A participant's or an author's words set apart as a block."""
    TABLE = "table"
    """Rows on lines of their own, cells separated by `` | ``."""
    CAPTION = "caption"
    RUNNING_HEAD = "running_head"
    """Running heads, running feet and page numbers."""
    REFERENCE = "reference"
    FOOTNOTE = "footnote"
    FRONT_MATTER = "front_matter"
    """Title, authors, affiliations, keywords, correspondence."""


PROSE_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION})
"""The kinds whose sentences may be evidence."""


class SectionType(StrEnum):
    """What a section is for, whatever its heading."""

    ABSTRACT = "abstract"
    BACKGROUND = "background"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    BACK_MATTER = "back_matter"
    """Acknowledgements, funding, interests, appendices, author notes, front matter too."""
    BODY = "body"
    """Part of the argument, of no known type."""


EVIDENCE_SECTIONS = frozenset(SectionType) - {SectionType.REFERENCES, SectionType.BACK_MATTER}
"""The types that may be cited; references and back matter never are."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, quotation, table, … of the stored text."""

    kind: BlockKind
    """What it is."""
    span: Span
    """Where it stands in the stored text; blocks do not overlap and come in reading order."""
    section: int
    """Index of its section in `Study.sections`."""
    page: int | None = None
    """Number of the page that it starts on, from 1; None where the format has no pages."""
    level: int | None = None
    """Of a heading: its depth, from 1."""
    speaker: str | None = None
    """Of a quotation: the label that names the speaker, as printed, without brackets."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything up to the next heading of any level; sections partition the blocks."""

    type: SectionType
    """What the section is for."""
    path: tuple[str, ...]
    """Headings from the outermost to its own; empty before the first heading."""
    span: Span
    """Where it stands, its heading included."""

    @property
    def title(self) -> str:
        """Its own heading; empty before the first."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source and the run of stored text that began on it."""

    number: int
    """Counted from 1, as the file has them."""
    span: Span
    """From the start of the first block that begins on the page to the start of the next page's."""


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a page, in points (1/72 inch) from the top left corner of the page as it is shown."""

    page: int
    """Number of the page, from 1."""
    x0: float
    """Left edge."""
    y0: float
    """Upper edge."""
    x1: float
    """Right edge."""
    y1: float
    """Lower edge."""

    def part(self, start: float, end: float) -> PageBox:
        """The box from the share ``start`` to the share ``end`` of its width, both from 0 to 1."""
        width = self.x1 - self.x0
        return PageBox(self.page, self.x0 + start * width, self.y0, self.x0 + end * width, self.y1)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed on a page, and the run of stored text that it gave."""

    span: Span
    """Where its words stand in the stored text."""
    box: PageBox
    """Where they stand on the page."""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What identifies a study; what is unknown stays empty and is never guessed."""

    title: str = ""
    """Full title."""
    authors: tuple[str, ...] = ()
    """``Family, Given`` in the order printed."""
    year: int | None = None
    """Year of publication."""
    journal: str = ""
    """Journal or publisher."""
    doi: str = ""
    """Without a resolver's address, lower case."""
    licence: str = ""
    """As stated, or its address."""

    @property
    def label(self) -> str:
        """Author and year as researchers cite them, such as ``Marston et al. 2022``; may be empty."""
        names = [author.split(",")[0].strip() for author in self.authors]
        who = {0: "", 1: "".join(names), 2: " and ".join(names)}.get(len(names), f"{names[0]} et al." if names else "")
        return " ".join(part for part in (who, str(self.year or "")) if part)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that a study was read from."""

    name: str
    """File name, or its path relative to the folder that was ingested."""
    sha256: str
    """Of the file's bytes."""
    format: str
    """Name of the reader: ``text``, ``markdown``, ``jats``, …"""


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Something that a reader had to decide or could not read, for the researcher to know."""

    message: str
    """What, in a sentence."""
    page: int | None = None
    """Where, if the format has pages."""


@dataclass(frozen=True)
class Study:
    """One study document. Every span in the tool refers to `text`, which never changes for a given hash.

    Raises:
        ValueError: If blocks overlap or are out of order, or a block or section leaves the text.
    """

    id: str
    """Slug that names the study in citations."""
    text: str
    """The stored text: the blocks in reading order, cleaned, two line feeds between blocks."""
    blocks: tuple[Block, ...]
    """In reading order."""
    sections: tuple[Section, ...]
    """In reading order; every block belongs to one."""
    bibliography: Bibliography
    """What identifies it."""
    source: SourceFile
    """Where it came from."""
    pages: tuple[Page, ...] = ()
    """In order; empty where the format has none."""
    notes: tuple[ReadingNote, ...] = ()
    """What the reader wants known."""
    lines: tuple[PrintedLine, ...] = ()
    """In the order of the stored text; empty where the format has no fixed lines."""
    sha256: str = field(init=False, default="")
    """Of the stored text in UTF-8."""

    def __post_init__(self) -> None:
        end = 0
        for block in self.blocks:
            if block.span.start < end:
                raise ValueError(f"{self.id}: blocks overlap or are out of order at {block.span}")
            if not 0 <= block.section < len(self.sections):
                raise ValueError(f"{self.id}: block {block.span} names section {block.section}, which is not there")
            end = block.span.end
        if max([end, *(section.span.end for section in self.sections)]) > len(self.text):
            raise ValueError(f"{self.id}: a block or section ends after the text's {len(self.text)} code points")
        object.__setattr__(self, "sha256", hashlib.sha256(self.text.encode()).hexdigest())

    def section_of(self, block: Block) -> Section:
        """The section that ``block`` belongs to."""
        return self.sections[block.section]

    def boxes(self, span: Span) -> tuple[PageBox, ...]:
        """Where ``span`` stands on its pages, one box a printed line; empty where the format has no fixed lines.

        A line that the span covers in part is cut in proportion to its characters, a few points more or less.
        """
        first = bisect_right(self.lines, span.start, key=lambda line: line.span.end)
        found: list[PageBox] = []
        for line in self.lines[first:]:
            if line.span.start >= span.end:
                break
            start, end = max(span.start, line.span.start), min(span.end, line.span.end)
            length = len(line.span)
            found.append(line.box.part((start - line.span.start) / length, (end - line.span.start) / length))
        return tuple(found)

    def block_at(self, offset: int) -> Block | None:
        """The block that holds the code point at ``offset``; None between blocks."""
        low, high = 0, len(self.blocks)
        while low < high:
            middle = (low + high) // 2
            if self.blocks[middle].span.end <= offset:
                low = middle + 1
            else:
                high = middle
        if low < len(self.blocks) and self.blocks[low].span.start <= offset:
            return self.blocks[low]
        return None


def slug(name: str) -> str:
    """``name`` as a study id: lower-case letters, digits and hyphens; ``study`` where nothing is left."""
    return re.sub(r"[^\w]+|_+", "-", name.lower()).strip("-") or "study"
