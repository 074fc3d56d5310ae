"""Batches of like length: which examples are computed together, and their token ids as one table."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

_Example = TypeVar("_Example")

_LIKE = 24
"""Tokens by which the lengths in a batch may differ before they are told apart."""


def batches(
    examples: Sequence[_Example], length: Callable[[_Example], int], tokens: int, rng: random.Random
) -> list[list[_Example]]:
    """One epoch: examples of like length together, in random order.

    Args:
        examples: Each of which comes once.
        length: In tokens, of one of them.
        tokens: The most that a batch may hold, padding included; a longer example is a batch of its own.
        rng: Settles the order.
    """
    ordered = list(examples)
    rng.shuffle(ordered)
    ordered.sort(key=lambda one: length(one) // _LIKE)
    found: list[list[_Example]] = []
    for example in ordered:
        last = found[-1] if found else []
        longest = max(map(length, (*last, example)))
        if last and longest * (len(last) + 1) <= tokens:
            last.append(example)
        else:
            found.append([example])
    rng.shuffle(found)
    return found


def padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids, each row as long as the longest, and their mask; int64 (n_texts, n_tokens) both."""
    longest = max(map(len, texts))
    ids = torch.zeros(len(texts), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids, mask
