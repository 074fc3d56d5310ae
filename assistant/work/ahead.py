"""Work done in a thread of its own, while what comes next is prepared and what is done is put to use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


def done_ahead(work: Callable[[_Job], _Result], jobs: Iterable[_Job], room: int) -> Iterator[tuple[_Job, _Result]]:
    """Each of ``jobs``, in their order, with what ``work`` makes of it.

    The jobs are made, and the results used, by the thread that asks for them; only ``work`` runs beside it, on one job
    at a time. What it raises is raised in the place of its result. An end before the last result, by whatever
    exception, waits for the job at hand and drops those behind it.

    Args:
        work: Gains where it leaves the interpreter's lock to others.
        jobs: Taken as far ahead as there is room.
        room: Jobs that may be waiting or at hand while another is made.
    """
    thread = ThreadPoolExecutor(max_workers=1)
    given: deque[tuple[_Job, Future[_Result]]] = deque()
    try:
        for job in jobs:
            given.append((job, thread.submit(work, job)))
            while len(given) > room:
                yield _first(given)
        while given:
            yield _first(given)
    finally:
        thread.shutdown(cancel_futures=True)


def _first(given: deque[tuple[_Job, Future[_Result]]]) -> tuple[_Job, _Result]:
    job, result = given.popleft()
    return job, result.result()
