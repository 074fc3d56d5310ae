import io

import pytest
from rich.console import Console

from assistant.engines.model.budget import Prices
from assistant.engines.model.estimating import Estimate
from assistant.engines.model.requests import ModelReply, Usage
from assistant.engines.model.tally import Tally
from assistant.presentation.console import progress_bar
from assistant.presentation.spending import (
    SpentColumn,
    estimate_json,
    render_estimate,
    render_tally,
    render_tally_line,
    tally_json,
    time_left,
)

PRICES = Prices(2.0, 8.0)


@pytest.fixture
def tally() -> Tally:
    counted = Tally(asked=10)
    counted.add(ModelReply("{}", Usage(2, 400_000, 50_000), 3.0))
    counted.add(ModelReply("{}", Usage(), 0.0, cached=True))
    counted.add(ModelReply("", Usage(6, 100_000, 0), 9.0, problem="500"))
    return counted


def printed(render: object, *arguments: object) -> str:
    console = Console(file=io.StringIO(), width=100)
    render(*arguments, console)  # type: ignore[operator]
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def test_the_closing_table_counts_what_was_spent(tally: Tally) -> None:
    # 500,000 sent at 2 the million is 1.0; 50,000 received at 8 the million is 0.4.
    assert tally_json(tally, PRICES, 61.23456) == {
        **{"calls": 8, "cached": 1, "failed": 1, "tokens_in": 500_000, "tokens_out": 50_000},
        **{"cost": 1.4, "seconds": 61.235},
    }
    table = printed(render_tally, tally, PRICES, 3_725.0)
    assert "calls 8" in table and "tokens sent 500,000" in table and "cost 1.40" in table and "time 1:02:05" in table
    assert "cost 1.40" in printed(render_tally_line, tally, PRICES, 2.0)


def test_without_prices_there_is_no_cost(tally: Tally) -> None:
    assert tally_json(tally, Prices(), 1.0)["cost"] is None
    assert "set model.price_in" in printed(render_tally, tally, Prices(), 1.0)
    assert "cost" not in printed(render_tally_line, tally, Prices(), 1.0)


def test_an_estimate_says_at_most_and_where_it_can_about() -> None:
    new = Estimate(calls=3, cached=1, tokens_in=1_000_000, usual_out=0.0, unknown=3, most_out=500_000)
    assert estimate_json(new, PRICES)["cost"] == {"usual": None, "most": 6.0}  # 2 + 4
    assert "about" not in printed(render_estimate, new, PRICES).split("cost")[1].split("Tokens")[0]
    known = Estimate(calls=3, cached=1, tokens_in=1_000_000, usual_out=250_000.4, unknown=0, most_out=500_000)
    assert estimate_json(known, PRICES)["tokens_out"] == {"usual": 250_000, "most": 500_000}
    assert "cost about 4.00, at most 6.00" in printed(render_estimate, known, PRICES)


def test_the_time_left_goes_by_the_calls_of_the_items_begun() -> None:
    # 4 of 20 items are begun and ask 40 calls, so 200 in all; 30 are finished, at 5 a second: 170 / 5 = 34 seconds.
    tally = Tally(asked=40, finished=30)
    assert time_left(tally, 5.0, done=1, total=20, in_hand=3) == pytest.approx(34.0)
    assert time_left(Tally(asked=40, finished=40), 5.0, done=20, total=20, in_hand=3) == 0.0
    assert time_left(Tally(), 0.0, done=0, total=20, in_hand=3) is None


def test_rate_cost_and_time_left_fit_on_a_narrow_terminal() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    tally = Tally(asked=400, finished=120, usage=Usage(1_234, 9_000_000, 500_000))
    with progress_bar(console, SpentColumn(tally, PRICES, in_hand=4)) as bar:
        bar.add_task("a-study-with-a-rather-long-name-2019", total=40, completed=10)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1,234 calls" in shown and "/s" in shown and "cost 22.00" in shown and "left" in shown
