import threading
from collections.abc import Iterator

import pytest

from assistant.work.ahead import done_ahead


def test_results_come_in_the_order_of_the_jobs() -> None:
    assert list(done_ahead(lambda job: job * job, range(20), 3)) == [(job, job * job) for job in range(20)]


def test_jobs_are_made_while_the_first_is_at_work() -> None:
    made = threading.Event()

    def jobs() -> Iterator[int]:
        yield 1
        yield 2
        made.set()

    # Would wait for good if the second job were made after the first is done.
    assert [result for _, result in done_ahead(lambda _: made.wait(10), jobs(), 2)] == [True, True]


def test_no_more_jobs_are_made_than_there_is_room_for() -> None:
    made: list[int] = []

    def jobs() -> Iterator[int]:
        for job in range(10):
            made.append(job)
            yield job

    results = done_ahead(str, jobs(), 2)
    assert next(results) == (0, "0")
    assert made == [0, 1, 2]
    assert next(results) == (1, "1")
    assert made == [0, 1, 2, 3]


def test_what_the_work_raises_takes_the_place_of_its_result() -> None:
    def work(job: int) -> float:
        return 1 / (2 - job)

    results = done_ahead(work, range(10), 4)
    assert [next(results), next(results)] == [(0, 0.5), (1, 1.0)]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_an_end_before_the_last_result_waits_for_the_job_at_hand_and_drops_the_others() -> None:
    begun: list[int] = []
    at_work, free = threading.Event(), threading.Event()

    def work(job: int) -> None:
        begun.append(job)
        if job == 1:
            at_work.set()
            free.wait(10)

    def jobs() -> Iterator[int]:
        yield from range(4)
        at_work.wait(10)
        threading.Timer(0.05, free.set).start()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(done_ahead(work, jobs(), 10))
    assert free.is_set()
    assert begun == [0, 1]
