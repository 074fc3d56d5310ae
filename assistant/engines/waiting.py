"""Waiting for an engine from ordinary code: one event loop for the whole process.

The clients of the providers belong to the loop that they were first used on; a loop for each wait would leave their
connections behind with a loop that is closed.
"""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Iterator
from functools import cache
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def result_of(work: Coroutine[Any, Any, _Result]) -> _Result:
    """What ``work`` returns or raises; Ctrl-C cancels it.

    Raises:
        RuntimeError: If called from inside asynchronous code, which awaits instead.
    """
    return _runner().run(work)


def each_of(results: AsyncGenerator[_Result]) -> Iterator[_Result]:
    """The results one by one; the work behind them goes on only while the next one is awaited."""

    async def following() -> tuple[_Result, ...]:
        async for result in results:
            return (result,)
        return ()

    try:
        while got := result_of(following()):
            yield got[0]
    finally:
        result_of(_closed(results))


async def in_order(
    items: Iterable[_Item], work: Callable[[_Item], Awaitable[_Result]], at_once: int
) -> AsyncGenerator[_Result]:
    """What ``work`` makes of each item, in the order of ``items``, though others may be done before.

    Args:
        items: To be worked on.
        work: Raises nothing that is to be survived: an exception ends the whole.
        at_once: Items in hand at once, so long as there are as many.
    """
    slots = asyncio.Semaphore(at_once)

    async def one(item: _Item) -> _Result:
        async with slots:
            return await work(item)

    tasks = [asyncio.create_task(one(item)) for item in items]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _closed(results: AsyncGenerator[Any]) -> None:
    await results.aclose()


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner
