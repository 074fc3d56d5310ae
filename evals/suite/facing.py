"""Gold and prediction of one sample side by side, as `realist eval show` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.domain.spans import Span
from assistant.presentation.safety import one_line, safe
from evals.suite.parts import Item, Unscored

STYLES = {
    "context": "cyan",
    "resource": "yellow",
    "reasoning": "magenta",
    "outcome": "green",
    "evidence": "black on green",
    "other": "red",
}
"""How a mark of each kind is shown; where there is no colour, the marks stand in brackets with their kind."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of text that is shown in a style of its own."""

    start: int
    """Offset into the excerpt's text."""
    end: int
    """Offset after it."""
    kind: str
    """A key of `STYLES`."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text with its marks."""

    text: str
    """As it stands in its source, or what was said of it."""
    marks: tuple[Marked, ...] = ()
    """In order, not overlapping."""
    head: str = ""
    """Shown above it: study, offsets, level."""


@dataclass(frozen=True, slots=True)
class Facing:
    """The two columns, row by row; a row may lack either side."""

    question: str
    """What the sample asks, or its study."""
    rows: tuple[tuple[Excerpt | None, Excerpt | None], ...]
    """Gold on the left, prediction on the right."""


def excerpt(text: str, span: Span, marks: Iterable[tuple[Span, str]] = (), head: str = "") -> Excerpt:
    """The words of ``span`` with those marks that fall into it, cut to it."""
    kept: list[Marked] = []
    end = 0
    for mark, kind in sorted(marks, key=lambda pair: pair[0]):
        start, stop = max(mark.start - span.start, end), min(mark.end, span.end) - span.start
        if start < stop:
            kept.append(Marked(start, stop, kind))
            end = stop
    return Excerpt(span.of(text), tuple(kept), head)


def side_by_side(
    gold: Sequence[Excerpt], predicted: Sequence[Excerpt]
) -> tuple[tuple[Excerpt | None, Excerpt | None], ...]:
    """Two lists as rows, the shorter filled up with nothing."""
    length = max(len(gold), len(predicted))
    return tuple(
        (gold[at] if at < len(gold) else None, predicted[at] if at < len(predicted) else None) for at in range(length)
    )


def render_facing(item: Item, facing: Facing, console: Console) -> None:
    """Prints the item: what was asked, both columns, and what the scorer said."""
    console.print(Text(f"{item.id}  {item.kind}  {item.split}", style="bold"))
    console.print(Text(safe(facing.question)))
    table = Table(box=None, expand=True, padding=(0, 1))
    table.add_column("gold", ratio=1)
    table.add_column("prediction", ratio=1)
    plain = not console.is_terminal or console.no_color
    for left, right in facing.rows:
        table.add_row(_text(left, plain), _text(right, plain))
        table.add_row()
    console.print(table)
    if isinstance(item.score, Unscored):
        console.print(Text(f"unscored: {one_line(item.score.reason)}", style="bold red"))
        return
    console.print(Text("  ".join(f"{name} {value:.3g}" for name, value in item.score.values.items()), style="bold"))
    console.print(Text(safe(item.score.reason)))


def _text(shown: Excerpt | None, plain: bool) -> Text:
    text = Text()
    if shown is None:
        return text
    if shown.head:
        text.append(one_line(shown.head) + "\n", style="dim")
    at = 0
    for mark in shown.marks:
        text.append(safe(shown.text[at : mark.start]))
        words = safe(shown.text[mark.start : mark.end])
        text.append(f"[{mark.kind}: {words}]" if plain else words, style=STYLES[mark.kind])
        at = mark.end
    text.append(safe(shown.text[at:]))
    return text
