"""Agreement and imports on the terminal and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.presentation.safety import one_line, safe
from evals.extraction.agreement import FIGURES, Agreement
from evals.extraction.importing.codings import Account
from evals.extraction.importing.placing import PlacedMark
from evals.extraction.metrics import Interval

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 10
"""Quotes, studies or codes that are listed on the terminal before the rest is counted."""
_COLUMNS = 4
"""Studies that have a column of their own; beyond them the mean stands alone."""


def agreement_json(agreed: Agreement, account: Account) -> dict[str, Any]:
    """One object: coders, a row a study, means with their intervals; null where undefined."""
    return {
        "coders": list(agreed.coders),
        "studies": [
            {
                "study": one.study,
                "configurations": list(one.sizes),
                "shared": one.shared,
                "figures": {name: plain(value) for name, value in one.figures.items()},
            }
            for one in agreed.studies
        ],
        "means": {
            name: {"mean": plain(one.mean), "low": plain(one.low), "high": plain(one.high)}
            for name, one in agreed.means.items()
        },
        "coded_by_one_only": dict(agreed.alone),
        "left_out": account_json(account),
    }


def account_json(account: Account) -> dict[str, Any]:
    """What became of the quotes of imported files."""
    return {
        "quotes": {status.value: count for status, count in sorted(account.quotes.items())},
        "not_found": [
            {"at": one.mark.origin, "study": one.mark.study, "role": _role(one), "quote": one.mark.quote.text}
            for one in account.lost
        ],
        "not_read": list(account.failed),
        "unknown_studies": dict(account.unknown_studies),
        "ignored": dict(account.ignored),
        "grouped": dict(account.grouped),
        "passages_without_role": account.without_role,
        "configurations_without_claim": account.without_claim,
        "outside_coded_sections": account.outside,
        "notes": list(account.notes),
    }


def plain(value: float) -> float | None:
    """A number for JSON, which knows no NaN."""
    return None if math.isnan(value) else round(value, 6)


def render_agreement(agreed: Agreement, console: Console) -> None:
    """A row a figure: its mean over studies, its interval, and a column a study where there are few."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    several = len(agreed.studies) > 1
    table.add_column("mean" if several else safe(agreed.studies[0].study), justify="right")
    table.add_column("95 %" if several else "", justify="right")
    columns = agreed.studies if 2 <= len(agreed.studies) <= _COLUMNS else ()
    for one in columns:
        table.add_column(safe(one.study), justify="right", overflow="fold")
    for name, interval in agreed.means.items():
        cells = [number(one.figures[name]) for one in columns]
        table.add_row(FIGURES[name], number(interval.mean), bounds(interval), *cells)
    console.print(f"{safe(agreed.coders[0])} and {safe(agreed.coders[1])}", style="bold")
    for one in agreed.studies:
        console.print(f"  {safe(one.study)}: {one.sizes[0]} and {one.sizes[1]} configurations, {one.shared} shared")
    console.print(table)
    if len(agreed.studies) > _COLUMNS:
        console.print("Figures by study: --json")


def number(value: float) -> str:
    """Two decimals; a dash where it is undefined."""
    return "–" if math.isnan(value) else f"{value:.2f}"


def bounds(interval: Interval) -> str:
    """An interval; empty where there is none."""
    return "" if math.isnan(interval.low) else f"{interval.low:.2f}–{interval.high:.2f}"


def account_lines(account: Account) -> Iterator[str]:
    """What became of everything in the imported files, a line each; nothing for what did not occur."""
    if account.quotes:
        located = [f"{count} {status.value.replace('_', ' ')}" for status, count in sorted(account.quotes.items())]
        yield f"quotes: {', '.join(located)}"
    if account.grouped:
        yield f"configurations: {', '.join(f'{count} {how}' for how, count in sorted(account.grouped.items()))}"
    yield from _listed("not read", account.failed)
    yield from _listed(
        "not found in its study", [f"{one.mark.origin}: {_role(one)} “{one.mark.quote.text}”" for one in account.lost]
    )
    yield from _listed(
        "no such study", [f"{name or '(no name)'}: {count} quotes" for name, count in account.unknown_studies.items()]
    )
    yield from _listed("ignored", [f"{name}: {count}" for name, count in account.ignored.most_common()])
    if account.without_role:
        yield f"{account.without_role} passages hold no role and were left out"
    if account.without_claim:
        yield f"{account.without_claim} configurations lack an outcome, or have nothing else; they are kept"
    if account.outside:
        yield f"{account.outside} quotes stand outside the sections that are coded (methods, references, tables, …)"
    yield from map(one_line, account.notes)


def _listed(what: str, lines: list[str]) -> Iterator[str]:
    for line in lines[:_SHOWN]:
        yield f"{what}  {one_line(line)}"
    if len(lines) > _SHOWN:
        yield f"{what}  and {len(lines) - _SHOWN} more; --json lists all"


def _role(one: PlacedMark) -> str:
    return one.mark.role.value if one.mark.role else "passage"
