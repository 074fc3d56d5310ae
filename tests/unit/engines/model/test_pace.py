import asyncio

from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.model.pace import Pace

from .calls import JumpingTime


def begun(per_minute: int, before: list[float], rests: list[float]) -> list[float]:
    """When each of several requests begins, with so many seconds of work or rest between them."""
    time = JumpingTime()
    pace = Pace(per_minute, time.clock)
    at: list[float] = []

    async def work() -> None:
        for idle, rest in zip(before, rests, strict=True):
            time.time += idle
            if rest:
                pace.rest(rest)
            await pace.turn()
            at.append(time.time)

    asyncio.run(work())
    return at


@given(st.integers(1, 600), st.lists(st.floats(0, 30), min_size=2, max_size=60))
def test_no_minute_holds_more_than_allowed(per_minute: int, idle: list[float]) -> None:
    at = begun(per_minute, idle, [0.0] * len(idle))
    for index, first in enumerate(at):
        # A minute that is open at its end: with a gap of 60/n seconds it holds n beginnings.
        assert sum(first <= one < first + 60.0 - 1e-6 for one in at[index:]) <= per_minute


def test_without_a_limit_nothing_waits() -> None:
    assert begun(0, [0.0] * 5, [0.0] * 5) == [1_000.0] * 5


def test_a_rest_delays_what_comes_after() -> None:
    assert begun(60, [0.0, 0.0, 5.0, 0.0], [0.0, 30.0, 0.0, 0.0]) == [1_000.0, 1_030.0, 1_035.0, 1_036.0]


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    time = JumpingTime()
    pace = Pace(0, time.clock)
    pace.rest(30.0)
    pace.rest(2.0)
    asyncio.run(pace.turn())
    assert time.time == 1_030.0


def test_waiting_is_in_the_order_of_asking() -> None:
    time = JumpingTime()
    pace, order = Pace(60, time.clock), list[int]()

    async def one(number: int) -> None:
        await pace.turn()
        order.append(number)

    async def all_of() -> None:
        await asyncio.gather(*map(one, range(6)))

    asyncio.run(all_of())
    assert order == [0, 1, 2, 3, 4, 5] and time.time == 1_005.0
