"""From questions of the split ``train`` to what the reranker learns: passages with the sentences that are evidence."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.passages import Passage
from assistant.engines.extractive.reranking import Pair, pairs_of
from assistant.retrieval.linear import LinearModel
from evals.answering.trials import Trial
from evals.learning.batching import batches

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BESIDE = 16
"""Best passages of retrieval among which those without evidence are drawn."""
WITH, WITHOUT = 2, 2
"""Passages drawn each epoch for a question: with evidence, and without; a silent question has as many in all."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage, with what is known of its sentences."""

    pair: Pair
    evidence: tuple[bool, ...]
    """Whether each sentence is evidence."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The passages of one question."""

    holding: tuple[Example, ...]
    others: tuple[Example, ...]

    def drawn(self, rng: random.Random) -> Iterator[Example]:
        """Some of them."""
        holding = rng.sample(self.holding, min(WITH, len(self.holding)))
        others = rng.sample(self.others, min(WITH + WITHOUT - len(holding), len(self.others)))
        yield from (*holding, *others)


def prepare(tokenizer: Tokenizer, trial: Trial, ranking: LinearModel) -> Prepared:
    """The passages of a trial: all that hold evidence, found or not, and the best of the others."""
    beside = [found.passage for found in trial.passages(ranking, BESIDE)]
    known = {one.id for one in beside}
    evidence = [one for one in _with_evidence(trial) if one.id not in known]
    passages = [*beside, *evidence]
    pairs = pairs_of(tokenizer, trial.question.question, passages)
    examples = [
        Example(pair, tuple(trial.gives((one.study, span)) for span in one.sentences))
        for pair, one in zip(pairs, passages, strict=True)
    ]
    return Prepared(
        tuple(one for one in examples if any(one.evidence)), tuple(one for one in examples if not any(one.evidence))
    )


def _with_evidence(trial: Trial) -> list[Passage]:
    numbers = {number for piece in trial.corpus.holding(trial.question) for number in piece}
    return [trial.corpus.everything[0][number] for number in sorted(numbers)]


def epoch(questions: Sequence[Prepared], tokens: int, rng: random.Random) -> list[list[Example]]:
    """The batches of one pass, of at most ``tokens`` with padding, with other passages each time."""
    drawn = [example for one in questions for example in one.drawn(rng)]
    return batches(drawn, lambda one: len(one.pair.ids), tokens, rng)
