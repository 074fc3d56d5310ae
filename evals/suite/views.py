"""Results on the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from evals.answering.judgements import Judgement
from evals.suite.gates import Verdict
from evals.suite.metrics import Interval
from evals.suite.results import Cell, Comparison, Results, Table

_WIDEST = 500
"""Columns that a table may take in a pipe."""


def number(value: float) -> str:
    """A value to two digits; more where it is nearly whole or nearly nothing; a dash where it is undefined."""
    if math.isnan(value):
        return "–"
    if abs(value) >= 10:
        return f"{value:,.0f}"
    if 0 < abs(value) < 0.01:
        return f"{value:.1g}"
    return f"{value:.3f}" if 0 < abs(value) < 0.1 or 0.995 <= abs(value) < 1 else f"{value:.2f}"


def with_interval(one: Interval, *, signed: bool = False) -> str:
    """A value and its interval; the value alone where that has no bounds."""
    value = f"{one.value:+.2f}" if signed and not math.isnan(one.value) else number(one.value)
    if math.isnan(one.low):
        return value
    bounds = f"{one.low:+.2f} to {one.high:+.2f}" if signed else f"{number(one.low)}–{number(one.high)}"
    return f"{value} ({bounds})"


def render_results(results: Results, console: Console) -> None:
    """Prints every table, then the gates."""
    for table in results.tables:
        render_table(table, results, console)
    for one in results.judgements:
        console.print(Text(judgement_line(one)), soft_wrap=True)
    if not results.gated:
        console.print(Text("Gates are not applied to a part of the samples or to the development split.", style="dim"))
        return
    if not results.verdicts:
        console.print(Text("No gate applies to what was run.", style="dim"))
        return
    failed = [verdict for verdict in results.verdicts if not verdict.holds]
    for verdict in failed:
        console.print(Text(f"gate failed: {verdict.words}", style="bold red"))
    passed = len(results.verdicts) - len(failed)
    console.print(
        Text(f"{passed} of {len(results.verdicts)} gates passed", style="bold red" if failed else "bold green")
    )


def judgement_line(one: Judgement) -> str:
    """What a judge thought of a system's answers: mean and interval, range over the readings, counts."""
    readings = f"{number(one.lowest)} to {number(one.highest)} over {len(one.readings)} readings"
    counts = f"{one.answers} answers, {one.unscored} unscored"
    return f"judged, {one.set}, {one.system}: {with_interval(one.mean)} of the answer points; {readings}; {counts}"


def render_table(table: Table, results: Results, console: Console) -> None:
    """Prints one table: what was run, in full as far as it fits, then all systems beside one another."""
    grid = _full(table, results, table.run)
    if console.is_terminal and _width(grid, console) > console.width:
        grid = _full(table, results, table.run[:1])
    _print(grid, console)
    for reason, count in table.unscored.items():
        console.print(Text(f"unscored: {count}, {reason}", style="yellow"))
    if table.regraded:
        console.print(Text("the gold is another than the baseline's: changes are of both", style="yellow"))
    if len(table.systems) > 1:
        _print(_beside(table), console)
        if table.committed:
            console.print(Text("* as committed, not run now", style="dim"))
    console.print()


def _full(table: Table, results: Results, systems: Sequence[str]) -> Grid:
    """A row a metric: each system with its change against the baseline; the gates, which are of the first."""
    title = f"{table.task.name}, {table.set}: {table.samples} samples, {table.clusters} clusters"
    grid = Grid(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), pad_edge=False)
    gates: dict[str, list[Verdict]] = {}
    for one in results.verdicts:
        if (one.gate.task, one.gate.set) == (table.task.name, table.set):
            gates.setdefault(one.gate.metric, []).append(one)
    moved = {name for name in systems if any(row[name].change for row in table.rows.values() if name in row)}
    changes = [head for name in systems for head in ((name, "change") if name in moved else (name,))]
    for number, head in enumerate(["", *changes, *(["gate"] if gates else [])]):
        grid.add_column(head, justify="right" if number else "left", no_wrap=True)
    for metric, row in table.rows.items():
        cells = [text for name in systems for text in _cells(table, metric, row.get(name), name in moved)]
        grid.add_row(Text(metric), *cells, *([_gates(gates.get(metric, []))] if gates else []))
    return grid


def _gates(own: Sequence[Verdict]) -> Text:
    style = "green" if all(one.holds for one in own) else "bold red"
    return Text(", ".join(one.gate.words for one in own), style=style)


def _beside(table: Table) -> Grid:
    """Systems in rows, the few metrics in which they are compared in columns."""
    grid = Grid(box=None, padding=(0, 1), pad_edge=False)
    grid.add_column("", no_wrap=True)
    names = [name for name in table.task.columns if name in table.rows]
    for name in names:
        grid.add_column(name, justify="right")
    for system in table.systems:
        cells = [table.rows[name].get(system) for name in names]
        shown = [with_interval(cell.value) if cell else "–" for cell in cells]
        grid.add_row(Text(system if system in table.run else f"{system}*"), *map(Text, shown))
    return grid


def _cells(table: Table, metric: str, cell: Cell | None, moved: bool) -> Iterable[Text]:
    yield Text(with_interval(cell.value) if cell else "–")
    if moved:
        change = cell.change if cell else None
        yield Text("" if change is None else with_interval(change, signed=True), style=_style(table, metric, change))


def _style(table: Table, metric: str, moved: Interval | None) -> str:
    """Green or red where the interval of a change leaves 0 out."""
    if moved is None or math.isnan(moved.low) or moved.low <= 0 <= moved.high:
        return "dim"
    return "green" if (moved.low > 0) is not table.metric(metric).falling else "red"


def render_comparisons(found: Sequence[Comparison], console: Console) -> None:
    """Prints what two records share, a row a metric."""
    grid = Grid(box=None, padding=(0, 1), pad_edge=False)
    for name in ("", "first", "second", "change", ""):
        grid.add_column(name, justify="left" if not name else "right", no_wrap=True)
    before = ""
    for one in found:
        if before != (before := ", ".join((one.task, one.set, one.system))):
            grid.add_row(Text(before, style="bold"))
        style = {"better": "green", "worse": "red"}.get(one.verdict, "dim")
        cells = (with_interval(one.first), with_interval(one.second), with_interval(one.change, signed=True))
        grid.add_row(Text(one.metric.name), *map(Text, cells), Text(one.verdict, style=style))
    _print(grid, console)


def _print(grid: Grid, console: Console) -> None:
    """Prints a table; into a pipe as wide as it needs."""
    if not console.is_terminal:
        console.width = max(console.width, _width(grid, console))
    console.print(grid)


def _width(grid: Grid, console: Console) -> int:
    """Columns that a table needs to show everything."""
    return console.measure(grid, options=console.options.update(width=_WIDEST, max_width=_WIDEST)).maximum
