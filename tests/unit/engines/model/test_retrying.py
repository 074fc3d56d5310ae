from hypothesis import given
from hypothesis import strategies as st

from assistant.engines.model.retrying import Retrying

RETRYING = Retrying(tries=6, first=1.0, longest=60.0, patience=300.0)


@given(st.integers(1, 5), st.floats(0, 1), st.none() | st.floats(0, 300))
def test_waits_double_within_their_bounds_and_never_fall_below_what_was_asked(
    failures: int, chance: float, asked: float | None
) -> None:
    wait = RETRYING.wait(failures, asked, chance)
    assert wait is not None
    whole = min(60.0, 2.0 ** (failures - 1))
    assert max(whole / 2, asked or 0.0) <= wait <= max(whole, asked or 0.0)


def test_the_waits_by_hand() -> None:
    # 1, 2, 4, 8, 16 seconds at most, half of each at least.
    assert [RETRYING.wait(n, None, 1.0) for n in range(1, 6)] == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert [RETRYING.wait(n, None, 0.0) for n in range(1, 6)] == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert Retrying(tries=20).wait(12, None, 1.0) == 60.0


def test_it_gives_up_after_all_tries_or_when_asked_to_wait_for_too_long() -> None:
    assert RETRYING.wait(6, None, 0.0) is None
    assert RETRYING.wait(1, 301.0, 0.0) is None
    assert RETRYING.wait(1, 300.0, 0.0) == 300.0
