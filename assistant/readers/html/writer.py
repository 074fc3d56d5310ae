"""Writes a translated document: what JATS's writer writes, and headings that carry their rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain.study import BlockKind
from assistant.readers.builder import RawBlock
from assistant.readers.jats.body import Writer
from assistant.readers.jats.inline import plain

if TYPE_CHECKING:
    from lxml.etree import _Element


def written(body: _Element) -> list[RawBlock]:
    """The blocks of a ``body`` in JATS's vocabulary with ``<heading level="…">`` for sections' titles."""
    writer = _RankWriter()
    writer.children(body, 0)
    return writer.blocks


class _RankWriter(Writer):
    """Writes headings by the rank that they carry."""

    def element(self, element: _Element, level: int, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Writes one element; a heading keeps its rank."""
        if element.tag == "heading":
            self.heading(" ".join(plain(element).split()), int(element.get("level") or 1))
        else:
            super().element(element, level, kind)
