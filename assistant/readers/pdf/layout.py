"""A whole document: pages to lines, what is beside the running text taken out, the rest in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.study import BlockKind
from assistant.readers.pdf.assembly import Piece
from assistant.readers.pdf.columns import Gutter, common_gutter, crosses, find_gutter, has_columns, in_order
from assistant.readers.pdf.floats import FloatFinder
from assistant.readers.pdf.furniture import find_furniture
from assistant.readers.pdf.glyphs import PageContent, Rule, Word
from assistant.readers.pdf.lines import Line, fragments, line_of, spelled
from assistant.readers.pdf.paragraphs import Edges, Segment, segments
from assistant.readers.pdf.setting import Setting, find_setting


@dataclass(frozen=True, slots=True)
class PageLines:
    """What is kept of a page once its lines are known."""

    number: int
    """From 1."""
    height: float
    """In points."""
    lines: tuple[Line, ...]
    """In reading order as far as columns tell."""
    rules: tuple[Rule, ...]
    """From the top."""
    gutter: Gutter | None
    """Between its columns, if it has two."""
    sideways: Line | None
    """Words set sideways, such as a stamp in the margin, in a box that holds them all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A document, taken apart."""

    setting: Setting
    """How it is set."""
    items: tuple[Segment | Piece, ...]
    """Segments of running text, and between them what interrupts it."""
    first_page: tuple[Line, ...]
    """Lines of its first page with words, furniture left out."""
    last_page: tuple[str, ...]
    """Lines of its last page, as text."""
    furniture: tuple[str, ...]
    """Running heads and feet."""


def page_lines(page: PageContent) -> PageLines:
    """The lines of ``page`` in reading order."""
    runs = fragments(page)
    rough = [line_of(run, page.number) for run in runs]
    gutter = find_gutter(rough)
    if gutter is not None:
        rough = [line for run, line in zip(runs, rough, strict=True) for line in _cut(run, line, gutter)]
    lines = [line for line in in_order(rough, gutter) if line.text]
    return PageLines(page.number, page.height, tuple(lines), page.rules, gutter, _sideways(page))


def _sideways(page: PageContent) -> Line | None:
    words = page.turned
    if not words:
        return None
    top, bottom = min(word.y for word in words), max(word.y for word in words)
    face = words[0].face._replace(size=max(bottom - top, words[0].face.size))
    text = " ".join(spelled(word.text) for word in words)
    return Line(text, page.number, min(word.x0 for word in words), max(word.x1 for word in words), bottom, face)


def _cut(run: Sequence[Word], line: Line, gutter: Gutter) -> list[Line]:
    """The ``line`` of ``run``, or two where a space in it is the gutter."""
    if not crosses(line, gutter):
        return [line]
    for number in range(1, len(run)):
        before, word = run[number - 1], run[number]
        if before.x1 <= gutter.middle <= word.x0 and word.x0 - before.x1 >= 0.7 * (gutter.x1 - gutter.x0):
            return [line_of(run[:number], line.page), line_of(run[number:], line.page)]
    return [line]


def _near(gutter: Gutter | None, common: Gutter) -> bool:
    return gutter is not None and common.x0 - 8 <= gutter.middle <= common.x1 + 8


def _with_common_gutter(pages: Sequence[PageLines]) -> list[PageLines]:
    """``pages`` with the columns of those found that only end, or begin, in two."""
    gutter = common_gutter(page.gutter for page in pages)
    return [
        replace(page, gutter=gutter, lines=tuple(in_order(page.lines, gutter)))
        if gutter is not None and not _near(page.gutter, gutter) and has_columns(page.lines, gutter)
        else page
        for page in pages
    ]


def lay_out(pages: Sequence[PageLines]) -> Layout:
    """The document that ``pages`` make."""
    pages = _with_common_gutter(pages)
    furniture = find_furniture([page.lines for page in pages], [page.height for page in pages])
    kept = [
        [line for number, line in enumerate(page.lines) if number not in taken]
        for page, taken in zip(pages, furniture, strict=True)
    ]
    setting = find_setting(kept)
    running: list[Line] = []
    beside: dict[int, list[Piece]] = {}
    heads: list[str] = []
    for page, lines, taken in zip(pages, kept, furniture, strict=True):
        head = [page.lines[number] for number in sorted(taken)]
        heads.extend(line.text for line in head)
        beside.setdefault(len(running), []).extend(_furniture_pieces([*head, page.sideways] if page.sideways else head))
        _part(page, lines, setting, running, beside)
    first = next((lines for lines in kept if lines), [])
    last = tuple(line.text for line in kept[-1]) if kept else ()
    return Layout(setting, tuple(_items(running, beside, setting)), tuple(first), last, tuple(dict.fromkeys(heads)))


def _part(
    page: PageLines, lines: list[Line], setting: Setting, running: list[Line], beside: dict[int, list[Piece]]
) -> None:
    """Adds the page's running lines to ``running``, and its floats to ``beside`` at the line that they precede."""
    floats = FloatFinder(lines, page.rules, page.gutter, setting, page.height).find()
    owner = {number: found for found in floats for number in found.lines}
    shown: set[int] = set()
    for number, line in enumerate(lines):
        found = owner.get(number)
        if found is None:
            running.append(line)
        elif id(found) not in shown:
            shown.add(id(found))
            beside.setdefault(len(running), []).append(_piece(found.kind, [lines[n] for n in found.lines]))


def _piece(kind: BlockKind, lines: Sequence[Line]) -> Piece:
    edges = Edges(min(line.x0 for line in lines), max(line.x1 for line in lines))
    return Piece(kind, (Segment(kind, tuple(lines), edges),))


def _furniture_pieces(head: Sequence[Line]) -> Iterable[Piece]:
    return (_piece(BlockKind.RUNNING_HEAD, [line]) for line in head)


def _items(running: Sequence[Line], beside: dict[int, list[Piece]], setting: Setting) -> Iterable[Segment | Piece]:
    """Segments and pieces in order; a piece inside a segment comes after it."""
    position = 0
    waiting = sorted(beside)
    for segment in segments(running, setting):
        while waiting and waiting[0] <= position:
            yield from beside[waiting.pop(0)]
        yield segment
        position += len(segment.lines)
    for left in waiting:
        yield from beside[left]
