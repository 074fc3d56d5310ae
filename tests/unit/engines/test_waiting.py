import asyncio
from collections.abc import AsyncGenerator

import pytest

from assistant.engines.waiting import each_of, in_order, result_of


async def loop_id() -> int:
    return id(asyncio.get_running_loop())


def test_every_wait_is_on_the_same_loop() -> None:
    assert result_of(loop_id()) == result_of(loop_id())


def test_results_come_one_by_one_and_the_rest_is_given_up_with_them() -> None:
    ended = []

    async def numbers() -> AsyncGenerator[int]:
        try:
            for number in range(100):
                await asyncio.sleep(0)
                yield number
        finally:
            ended.append(True)

    taken = each_of(numbers())
    assert [next(taken), next(taken)] == [0, 1] and not ended
    taken.close()
    assert ended


def test_order_is_kept_and_a_slow_item_does_not_leave_the_others_idle() -> None:
    under_way, most, finished = 0, 0, list[int]()
    late = asyncio.Event()

    async def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if number == 0:
            await late.wait()
        await asyncio.sleep(0)
        if number == 19:
            late.set()
        under_way -= 1
        finished.append(number)
        return number

    assert list(each_of(in_order(range(20), work, 3))) == list(range(20))
    assert most == 3 and finished.index(0) >= 17


def test_an_exception_ends_the_work_on_all_items() -> None:
    begun = []

    async def work(number: int) -> int:
        begun.append(number)
        await asyncio.sleep(0)
        if number == 1:
            raise ValueError("one is bad")
        return number

    results = each_of(in_order(range(1000), work, 2))
    with pytest.raises(ValueError, match="one is bad"):
        list(results)
    assert len(begun) < 1000
