from hypothesis import given
from hypothesis import strategies as st

from assistant.embedding.batching import batches


def test_texts_of_one_length_go_together_the_longest_first() -> None:
    assert list(batches([3, 8, 3, 5, 8, 3], 8)) == [[1], [4], [3], [0, 2], [5]]


def test_a_text_longer_than_a_batch_goes_alone() -> None:
    assert list(batches([9, 9], 8)) == [[0], [1]]


@given(st.lists(st.integers(1, 12)), st.integers(1, 30))
def test_each_text_stands_in_one_batch_that_fits(lengths: list[int], most: int) -> None:
    found = list(batches(lengths, most))
    assert sorted(row for batch in found for row in batch) == list(range(len(lengths)))
    for batch in found:
        assert len({lengths[row] for row in batch}) == 1
        assert len(batch) == 1 or sum(lengths[row] for row in batch) <= most
