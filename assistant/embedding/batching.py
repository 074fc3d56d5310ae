"""Which texts are computed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Rows of texts of one length, so that nothing is filled up; the longest first, so that memory is set once.

    Args:
        lengths: Of the texts, in tokens.
        most: Tokens of a batch; a longer text is a batch by itself.
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (lengths[row] != lengths[batch[0]] or (len(batch) + 1) * lengths[row] > most):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
