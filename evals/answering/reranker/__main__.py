"""``python -m evals.answering.reranker --studies FOLDER``: trains the reranker and writes its weights.

Trains on the questions of the split ``train``, each put to six studies: its own and those nearest to it. No study of
the test set is read; `evals.answering.calibrate` leaves out the questions of ``dev`` whose evidence is in its studies.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.engines.extractive.reranking import FOLDER, NAMES, reranker_in
from assistant.retrieval.linear import load_model
from assistant.text.chunking import ChunkSize
from evals.answering.calibrate import corpora
from evals.answering.cards import write_trained
from evals.answering.questions import questions_of
from evals.answering.reranker.examples import Prepared, epoch, prepare
from evals.answering.reranker.model import RerankerModel
from evals.answering.reranker.settings import Tuning
from evals.answering.trials import put
from evals.learning.descent import Slope, descend
from evals.learning.tuning import add_options, command_of, tuning_from

_WEIGHTS = {"sentence": 1.0, "passage": 0.5}
"""Of each head's loss in the sum."""


def fit(questions: Sequence[Prepared], tuning: Tuning) -> RerankerModel:
    """A model trained on questions, each epoch with other passages; the weights of the last steps are averaged."""
    torch.manual_seed(tuning.seed)
    rng = random.Random(tuning.seed)
    model = RerankerModel(tuning.layers)
    plan = [epoch(questions, tuning.batch_tokens, rng) for _ in range(tuning.epochs)]
    descend(model, plan, model.losses, Slope(_WEIGHTS, tuning.rate, tuning.head_rate), partial(print, flush=True))
    return model


def main(arguments: Sequence[str]) -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(prog="python -m evals.answering.reranker", description=__doc__)
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answering"), help="where stores are built")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the weights and their card")
    parser.add_argument("--threads", type=int, default=2)
    add_options(parser, Tuning)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    tuning = tuning_from(given, Tuning)
    questions = questions_of("train")
    began = time.monotonic()
    few = corpora(given.studies, given.cache, ChunkSize())[-1]
    ranking, tokenizer = load_model("assistant.retrieval", "relevance"), packaged_tokenizer()
    prepared = [prepare(tokenizer, trial, ranking) for trial in put(few, questions) if trial.asked.stems]
    print(f"{len(questions)} questions, {time.monotonic() - began:.0f} s", flush=True)
    model = fit(prepared, tuning)
    command = command_of("evals.answering.reranker", arguments)
    write_trained(reranker_in(given.out), model, NAMES, questions, tuning, command)


if __name__ == "__main__":
    main(sys.argv[1:])
