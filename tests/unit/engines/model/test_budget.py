import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.model.budget import Budget, Limits, Prices
from assistant.engines.model.requests import Usage
from assistant.errors import BudgetSpent


def test_prices_are_by_the_million() -> None:
    # 250,000 sent at 2.0 the million is 0.5; 100,000 received at 8.0 the million is 0.8.
    assert Prices(2.0, 8.0).cost(250_000, 100_000) == pytest.approx(1.3)
    assert Prices().cost(10**9, 10**9) == 0.0


calls = st.lists(
    st.tuples(st.integers(0, 1_000), st.integers(0, 500), st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=25
)
"""Tokens sent, longest reply, share of it that comes, and turns of the loop until it comes."""


@given(calls, st.none() | st.integers(0, 12), st.none() | st.floats(0, 0.02))
def test_no_limit_is_passed_whatever_is_under_way(
    planned: list[tuple[int, int, float, int]], most: int | None, dearest: float | None
) -> None:
    prices = Prices(1.0, 4.0)
    budget = Budget(Limits(most, dearest), prices)
    made: list[Usage] = []
    under_way = 0
    seen_at_refusal: list[int] = []

    async def one(tokens_in: int, longest: int, share: float, turns: int) -> None:
        nonlocal under_way
        try:
            cost = await budget.set_aside(tokens_in, longest)
        except BudgetSpent:
            seen_at_refusal.append(under_way)
            raise
        under_way += 1
        for _ in range(turns):
            await asyncio.sleep(0)
        made.append(Usage(1, tokens_in, int(longest * share)))
        under_way -= 1
        await budget.settle(cost, made[-1])

    async def all_of() -> list[BaseException | None]:
        return await asyncio.gather(*(one(*call) for call in planned), return_exceptions=True)

    refused = [one for one in asyncio.run(all_of()) if one is not None]
    assert all(isinstance(one, BudgetSpent) for one in refused)
    assert len(made) + len(refused) == len(planned)
    assert most is None or len(made) <= most
    total = prices.cost(sum(one.tokens_in for one in made), sum(one.tokens_out for one in made))
    assert dearest is None or total <= dearest + 1e-12
    assert not any(seen_at_refusal), "a refusal while something was still under way"
    if most is None and dearest is None:
        assert not refused


def test_a_call_may_use_what_an_earlier_one_left() -> None:
    # 1,000 set aside, 100 used: nine tenths are free again for the second call.
    budget = Budget(Limits(cost=1.2), Prices(0.0, 1_000.0))

    async def work() -> None:
        for _ in range(2):
            cost = await budget.set_aside(0, 1_000)
            await budget.settle(cost, Usage(1, 0, 100))
        with pytest.raises(BudgetSpent, match=r"a cost of 1\.2: 2 calls were made at a cost of 0\.2000"):
            await budget.set_aside(0, 1_001)

    asyncio.run(work())


def test_once_spent_it_stays_spent() -> None:
    budget = Budget(Limits(cost=1.0), Prices(1_000_000.0, 0.0))

    async def work() -> None:
        with pytest.raises(BudgetSpent, match="higher limit"):
            await budget.set_aside(2, 0)
        with pytest.raises(BudgetSpent):
            await budget.set_aside(0, 0)

    asyncio.run(work())
