"""What calls to a chat model took, or would take: tables, JSON, and the line beside a progress bar."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import ProgressColumn, Task
from rich.table import Table
from rich.text import Text

from assistant.engines.model.budget import Prices
from assistant.engines.model.estimating import Estimate
from assistant.engines.model.tally import Tally

_UNPRICED = "not known: set model.price_in and model.price_out"


def tally_json(tally: Tally, prices: Prices, seconds: float) -> dict[str, Any]:
    """What a run took; ``seconds`` of wall time."""
    usage = tally.usage
    return {
        "calls": usage.calls,
        "cached": tally.cached,
        "failed": tally.failed,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "cost": reckoned(prices, usage.tokens_in, usage.tokens_out),
        "seconds": round(seconds, 3),
    }


def render_tally(tally: Tally, prices: Prices, seconds: float, console: Console, *, time: str = "time") -> None:
    """What calls took; ``time`` says what the ``seconds`` are."""
    usage = tally.usage
    rows = [
        ("calls", f"{usage.calls:,}"),
        ("answered without a call", f"{tally.cached:,}"),
        ("failed after all tries", f"{tally.failed:,}"),
        ("tokens sent", f"{usage.tokens_in:,}"),
        ("tokens received", f"{usage.tokens_out:,}"),
        ("cost", money(reckoned(prices, usage.tokens_in, usage.tokens_out))),
        (time, _clock(seconds)),
    ]
    console.print(_table(rows))


def render_tally_line(tally: Tally, prices: Prices, seconds: float, console: Console) -> None:
    """What one answer took, on one line."""
    usage = tally.usage
    cost = reckoned(prices, usage.tokens_in, usage.tokens_out)
    parts = [f"{usage.calls} calls", f"{usage.tokens_in:,} tokens sent", f"{usage.tokens_out:,} received"]
    parts += [] if cost is None else [f"cost {money(cost)}"]
    console.print(" · ".join([*parts, _clock(seconds)]), style="dim")


def estimate_json(estimate: Estimate, prices: Prices) -> dict[str, Any]:
    """What a run would take."""
    usual = round(estimate.usual_out) if not estimate.unknown else None
    return {
        "calls": estimate.calls,
        "cached": estimate.cached,
        "tokens_in": estimate.tokens_in,
        "tokens_out": {"usual": usual, "most": estimate.most_out},
        "cost": {
            "usual": None if usual is None else reckoned(prices, estimate.tokens_in, usual),
            "most": reckoned(prices, estimate.tokens_in, estimate.most_out),
        },
    }


def render_estimate(estimate: Estimate, prices: Prices, console: Console) -> None:
    """What a run would take, and how that was reckoned."""
    shown = estimate_json(estimate, prices)
    tokens_out, cost = shown["tokens_out"], shown["cost"]
    usual = "" if tokens_out["usual"] is None else f"about {tokens_out['usual']:,}, "
    usual_cost = "" if cost["usual"] is None else f"about {money(cost['usual'])}, "
    rows = [
        ("calls", f"{estimate.calls:,}"),
        ("answered already", f"{estimate.cached:,}"),
        ("tokens to send", f"about {estimate.tokens_in:,}"),
        ("tokens to receive", f"{usual}at most {estimate.most_out:,}"),
        ("cost", _UNPRICED if cost["most"] is None else f"{usual_cost}at most {money(cost['most'])}"),
    ]
    console.print(_table(rows))
    if estimate.calls:
        console.print(
            "Tokens are reckoned at four bytes each; repairs of malformed replies and repeated calls come on top.",
            style="dim",
        )


class SpentColumn(ProgressColumn):
    """Calls, their rate, the cost so far and the time left, beside a bar that counts studies or questions.

    Args:
        tally: Of the calls as they are made.
        prices: What tokens cost.
        in_hand: Items of the bar that are under way beside those that are done.
    """

    def __init__(self, tally: Tally, prices: Prices, in_hand: int) -> None:
        super().__init__()
        self._tally, self._prices, self._in_hand = tally, prices, in_hand
        self._begun = time.monotonic()

    def render(self, task: Task) -> Text:
        """The line, as of now."""
        tally = self._tally
        elapsed = max(time.monotonic() - self._begun, 1e-9)
        rate = tally.finished / elapsed
        parts = [f"{tally.usage.calls:,} calls", f"{rate:.1f}/s"]
        cost = reckoned(self._prices, tally.usage.tokens_in, tally.usage.tokens_out)
        parts += [] if cost is None else [f"cost {money(cost)}"]
        left = time_left(tally, rate, int(task.completed), int(task.total or 0), self._in_hand)
        parts += [] if left is None else [f"{_clock(left)} left"]
        return Text(" · ".join(parts))


def time_left(tally: Tally, rate: float, done: int, total: int, in_hand: int) -> float | None:
    """Seconds until the end, if the items still to come take as many calls as those begun; None if unknown.

    Args:
        tally: Of the calls.
        rate: Calls finished in a second.
        done: Items that are done.
        total: All items.
        in_hand: Items under way beside them.
    """
    begun = min(total, done + in_hand)
    if not (begun and rate and tally.asked):
        return None
    return max(0.0, tally.asked * total / begun - tally.finished) / rate


def reckoned(prices: Prices, tokens_in: int, tokens_out: int) -> float | None:
    """What tokens cost; None where no prices are set."""
    return round(prices.cost(tokens_in, tokens_out), 6) if prices.tokens_in or prices.tokens_out else None


def money(cost: float | None) -> str:
    """A cost as it is shown."""
    if cost is None:
        return _UNPRICED
    return f"{cost:,.4f}" if 0 < cost < 1 else f"{cost:,.2f}"


def _clock(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _table(rows: list[tuple[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for row in rows:
        table.add_row(*row)
    return table
