"""Several models trained side by side: the mean of some, and others beside it, whose scores are averaged.

They see the same data in other orders, with other tokens hidden, and some in windows of other sizes. The mean of
weights costs no more to run than one of them; a model beside it costs its own time and helps more.
Source: Wortsman et al. 2022, arXiv:2203.05482; Lakshminarayanan et al. 2017, arXiv:1612.01474.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.tagging.trained.heads import NAMES
from assistant.tagging.trained.hints import N_HINTS
from evals.extraction.train.examples import Prepared
from evals.extraction.train.fit import fit
from evals.extraction.train.model import TaggerModel
from evals.extraction.train.settings import Tuning
from evals.learning.descent import Mean

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = NDArray[np.float32]


def fit_members(
    tokenizer: Tokenizer, passages: Sequence[Prepared], articles: Sequence[Prepared], tuning: Tuning, threads: int
) -> list[TaggerModel]:
    """The models that ship: the mean of the averaged ones, then the varied ones; each trained in a process of its own.

    Args:
        tokenizer: The encoder's.
        passages: As `fit` takes them.
        articles: As `fit` takes them.
        tuning: How.
        threads: To be shared out among the members.
    """
    count = tuning.averaged + tuning.varied
    each = partial(_member, tokenizer, passages, articles, tuning, max(1, threads // count))
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        models = list(pool.map(each, range(count)))
    mean = Mean()
    for model in models[: tuning.averaged]:
        mean.add(model)
    mean.copy_to(models[0])
    return [models[0], *models[tuning.averaged :]]


def joined(members: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Heads that read the members' states side by side, and whose every score is the mean of the members'.

    Args:
        members: The heads of each, by `assistant.tagging.trained.heads.NAMES`.
    """
    share = np.float32(1 / len(members))
    mean: dict[str, Array] = {name: np.asarray([one[name] for one in members]).sum(axis=0) * share for name in NAMES}
    for name in ("level.weight", "polarity.weight", "link.weight"):
        mean[name] = np.hstack([heads[name] for heads in members]) * share
    for name in ("tags.weight", "detection.weight"):
        on_states = np.hstack([heads[name][:, :-N_HINTS] for heads in members]) * share
        mean[name] = np.hstack([on_states, mean[name][:, -N_HINTS:]])
    for name in ("link_head.weight", "link_other.weight"):
        mean[name] = _diagonal([heads[name] for heads in members])
    for name in ("link_features.weight", "link_features.bias"):
        mean[name] = np.concatenate([heads[name] for heads in members])
    return mean


def _diagonal(blocks: Sequence[Array]) -> Array:
    """A table with ``blocks``, all of one shape, along its diagonal."""
    (rows, columns), count = blocks[0].shape, len(blocks)
    table = np.zeros((count, rows, count, columns), dtype=np.float32)
    for at, block in enumerate(blocks):
        table[at, :, at] = block
    return table.reshape(count * rows, count * columns)


def _member(
    tokenizer: Tokenizer,
    passages: Sequence[Prepared],
    articles: Sequence[Prepared],
    tuning: Tuning,
    threads: int,
    number: int,
) -> TaggerModel:
    import torch

    torch.set_num_threads(threads)
    return fit(tokenizer, passages, articles, tuning, lambda line: tell(f"member {number + 1}, {line}"), number)


def tell(line: str) -> None:
    """Says how the training goes."""
    print(line, file=sys.stderr, flush=True)
