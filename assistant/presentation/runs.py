"""Past runs, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant.engines.model.budget import Prices
from assistant.presentation.safety import one_line, safe
from assistant.presentation.spending import money, reckoned, render_tally, tally_json
from assistant.records.reports import RunReport

_SHOWN = 20
"""Problems listed before the rest is only counted."""


def run_json(report: RunReport, prices: Prices, *, whole: bool = False) -> dict[str, Any]:
    """One run; ``whole`` with each finished item and each call, without the replies' texts."""
    header = report.header
    summary = {
        "run": report.name,
        "kind": report.entry.kind,
        "started": report.entry.started,
        "done": report.entry.done,
        "engine": {"name": header.get("engine"), "model": header.get("model"), "prompt": header.get("prompt")},
        "items": {"done": len(report.items), "wanted": report.wanted},
        **tally_json(report.tally, prices, report.tally.seconds),
        "problems": list(report.problems),
    }
    if not whole:
        return summary
    calls = [
        {
            "item": call.item,
            "prompt": {"id": call.prompt.id, "hash": call.prompt.hash},
            "calls": call.reply.usage.calls,
            "tokens_in": call.reply.usage.tokens_in,
            "tokens_out": call.reply.usage.tokens_out,
            "cached": call.reply.cached,
            "seconds": call.reply.seconds,
            "finished": call.finished,
            "problem": call.reply.problem,
        }
        for call in report.calls
    ]
    return {**summary, "folder": str(report.entry.folder), "asked": dict(header), "pieces": calls}


def render_runs(found: Sequence[RunReport], prices: Prices, console: Console) -> None:
    """A table, oldest first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("run", no_wrap=True)  # it is what a run is called by
    table.add_column("model", overflow="ellipsis", no_wrap=True, ratio=1)
    table.add_column("done", no_wrap=True)
    for name in ("calls", "tokens", "cost", "failed"):
        table.add_column(name, justify="right", no_wrap=True)
    for report in found:
        usage = report.tally.usage
        cost = reckoned(prices, usage.tokens_in, usage.tokens_out) if usage.calls else None
        table.add_row(
            report.name,
            one_line(report.header.get("model") or report.header.get("engine") or ""),
            _done(report),
            f"{usage.calls:,}" if report.calls else "",
            f"{usage.tokens_in + usage.tokens_out:,}" if report.calls else "",
            "" if cost is None else money(cost),
            str(len(report.problems) or ""),
        )
    console.print(table)


def _done(report: RunReport) -> str:
    count = f"{len(report.items)}/{report.wanted}" if report.wanted else str(len(report.items))
    return count if report.entry.done else f"{count} unfinished"


def render_run(report: RunReport, prices: Prices, console: Console) -> None:
    """One run: what was asked, how far it came, what it took, what failed."""
    header = report.header
    console.print(report.name, style="bold")
    state = "finished" if report.entry.done else "unfinished; the same command goes on with it"
    wanted = f" of {report.wanted}" if report.wanted else ""
    console.print(f"{report.entry.kind}, started {report.entry.started}, {state}; {len(report.items)}{wanted} done")
    console.print(one_line(f"engine {header.get('engine')}, model {header.get('model') or '-'}"))
    if header.get("prompt"):
        console.print(f"prompt {header['prompt']}", style="dim")
    console.print(str(report.entry.folder), style="dim", soft_wrap=True)
    if report.calls:
        render_tally(report.tally, prices, report.tally.seconds, console, time="time of all calls together")
    for problem in report.problems[:_SHOWN]:
        console.print(f"failed  {safe(problem)}", style="red")
    if len(report.problems) > _SHOWN:
        console.print(f"… and {len(report.problems) - _SHOWN} more (all with --json)")
