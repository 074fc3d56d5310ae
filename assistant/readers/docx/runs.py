"""The words of a Word paragraph: changes accepted, comments and field instructions left out, marks raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.readers.docx.names import W, local, value_of
from assistant.readers.docx.styles import Styles, is_bold
from assistant.readers.marks import bracketed, superscript

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEFT_OUT = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "commentRangeStart", "commentRangeEnd", "Fallback",
     "commentReference", "annotationRef", "fldChar", "softHyphen", "sdtPr", "sdtEndPr", "tblPr", "object"}
)  # fmt: skip
"""What is not part of the accepted text."""
_SPACES = frozenset({"tab", "br", "cr", "ptab"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


@dataclass
class Notes:
    """Footnotes and endnotes in the order in which the text refers to them."""

    footnotes: list[str] = field(default_factory=list)
    """Ids."""
    endnotes: list[str] = field(default_factory=list)
    """Ids."""

    def mark(self, kind: str, id: str) -> str:
        """The number under which the note stands, from 1."""
        ids: list[str] = getattr(self, kind)
        if id not in ids:
            ids.append(id)
        return str(ids.index(id) + 1)


@dataclass
class Words:
    """The words of one paragraph."""

    styles: Styles
    """The document's styles."""
    notes: Notes
    """Receives the notes that the paragraph refers to."""
    bold: bool = False
    """Whether the paragraph's style is bold."""
    pieces: list[str] = field(default_factory=list)
    """Text in order."""
    boxes: list[_Element] = field(default_factory=list)
    """Text boxes that are anchored in the paragraph."""
    bold_characters: int = 0
    """Of the characters that are no spaces, how many are bold."""
    characters: int = 0
    """Characters that are no spaces."""
    _raised: list[str] = field(default_factory=list)

    def read(self, element: _Element) -> str:
        """The words in ``element``."""
        self._read(element)
        self._settle()
        return " ".join("".join(self.pieces).split())

    @property
    def is_bold(self) -> bool:
        """Whether all the words are bold."""
        return 0 < self.characters == self.bold_characters

    def _read(self, element: _Element) -> None:
        for child in element:
            name = local(child)
            if name == "r":
                self._run(child)
            elif name == "txbxContent":
                self.boxes.append(child)
            elif name == "oMath":
                self._add("".join(part.text or "" for part in child.iter() if local(part) == "t"))
            elif name not in _LEFT_OUT and name != "p":
                self._read(child)

    def _run(self, run: _Element) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None and _is_on(properties, "vanish"):
            return
        raised = properties is not None and (
            value_of(properties, "vertAlign") == "superscript" or value_of(properties, "rStyle") in self.styles.raised
        )
        bold = is_bold(properties, self.bold)
        for child in run:
            name = local(child)
            if name == "t":
                self._text(child.text or "", raised=raised, bold=bold)
            elif name in _SPACES:
                self._add(" ")
            elif name == "noBreakHyphen":
                self._add("-")
            elif name in _NOTES and (id := child.get(f"{W}id")):
                self._settle()
                self.pieces.append(bracketed(self._tail(), self.notes.mark(_NOTES[name], id)))
            elif name not in _LEFT_OUT:
                self._read(child)

    def _text(self, text: str, *, raised: bool, bold: bool) -> None:
        count = sum(not char.isspace() for char in text)
        self.characters += count
        self.bold_characters += count if bold else 0
        if raised:
            self._raised.append(text)
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        self._settle()
        self.pieces.append(text)

    def _settle(self) -> None:
        """Adds the raised text that waits, as running text."""
        if self._raised:
            raised = "".join(self._raised)
            self._raised.clear()
            self.pieces.append(superscript(self._tail(), raised) if raised.strip() else raised)

    def _tail(self) -> str:
        return "".join(self.pieces[-20:])[-60:]


def _is_on(properties: _Element, tag: str) -> bool:
    switch = properties.find(f"{W}{tag}")
    return switch is not None and (switch.get(f"{W}val") or "1") not in {"0", "false", "off"}
