"""Several models trained side by side from the same start, and the mean of their weights.

The members see the same data in other orders, with other tokens hidden. Their mean costs no more to run than one of
them. Source: Wortsman et al. 2022, arXiv:2203.05482.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from evals.extraction.train.examples import Prepared
from evals.extraction.train.fit import fit
from evals.extraction.train.model import TaggerModel
from evals.extraction.train.settings import Tuning
from evals.learning.descent import Mean

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def fit_members(
    tokenizer: Tokenizer, passages: Sequence[Prepared], articles: Sequence[Prepared], tuning: Tuning, threads: int
) -> TaggerModel:
    """The mean of ``tuning.members`` models, each trained in a process of its own.

    Args:
        tokenizer: The encoder's.
        passages: As `fit` takes them.
        articles: As `fit` takes them.
        tuning: How.
        threads: To be shared out among the members.
    """
    each = partial(_member, tokenizer, passages, articles, tuning, max(1, threads // tuning.members))
    with ProcessPoolExecutor(tuning.members, mp_context=get_context("spawn")) as pool:
        models = list(pool.map(each, range(tuning.members)))
    mean = Mean()
    for model in models:
        mean.add(model)
    mean.copy_to(models[0])
    return models[0]


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
