"""Taking apart what an extraction glued into one line: lists, quotations, images and captions run into a sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.readers.layout.lines import TAB_COLUMNS, Line

_IMAGE = re.compile(r"\[image:[^\]\n]{0,200}\]", re.IGNORECASE)
_CAPTION_LABEL = re.compile(r"(?<=[.)\w])(?=(?:Table|Figure|Fig\.|Box) \d{1,2}$)")
_FIRST_ITEM = re.compile(r"(?<=[:;.])(?=1[.)][^\W\d_])")
_NEXT_ITEM = re.compile(r"^2[.)]\S")
_NEXT_ITEM_WITHIN = 12
"""Lines within which the second item of a glued list has to come."""
_QUOTATION = re.compile(r"(?<=[^\W\d_][.:?!]|[)\]][.:?!])(?=[“\"](?:[^\W\d_]|\.|…))")
_QUOTATION_END = re.compile(r"[”\"][.,;]?(?:\s?\([^()]{2,80}\)\.?)?$")
_TABLE_ROW_WORDS = 8
"""Words from which what stands before a tab is prose, not a cell."""


def unglue(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with glued parts on lines of their own, each marked as glued."""
    result: list[Line] = []
    for number, line in enumerate(lines):
        following = lines[number + 1 : number + 1 + _NEXT_ITEM_WITHIN]
        parts = [part for piece in _at_tabs(line.text) for part in _parts(piece, following)]
        result.append(replace(line, text=parts[0].strip()))
        for part in parts[1:]:
            indent = TAB_COLUMNS if part.startswith("\t") else 0
            result.append(
                replace(line, text=part.strip(), indent=indent, gap=0, rule=False, opens_page=False, glued=True)
            )
    return result


def _at_tabs(text: str) -> list[str]:
    """``text`` cut before each tab that follows prose; a row of cells stays whole."""
    pieces = text.split("\t")
    result = [pieces[0]]
    for piece in pieces[1:]:
        if len(result[-1].split(maxsplit=_TABLE_ROW_WORDS)) >= _TABLE_ROW_WORDS:
            result.append("\t" + piece)
        else:
            result[-1] += "\t" + piece
    return [piece for piece in result if piece.strip()]


def _parts(text: str, following: Sequence[Line]) -> Iterator[str]:
    cuts: set[int] = set()
    for match in _IMAGE.finditer(text):
        cuts.update(match.span())
    if label := _CAPTION_LABEL.search(text, max(0, len(text) - 12)):
        cuts.add(label.start())
    firsts = [match.start() for match in _FIRST_ITEM.finditer(text)]
    if firsts and any(_NEXT_ITEM.match(line.text) for line in following):
        cuts.update(firsts)
    quotation = _QUOTATION.search(text)
    if quotation and _QUOTATION_END.search(text[-100:]):
        cuts.add(quotation.start())
    bounds = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    for start, end in itertools.pairwise(bounds):
        if text[start:end].strip():
            yield text[start:end]
