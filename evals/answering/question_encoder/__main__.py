"""``python -m evals.answering.question_encoder --studies FOLDER``: trains the question encoder, writes its weights.

Trains on the questions of the split ``train`` that have evidence, each put to six studies: its own and those nearest
to it. Minutes, since only questions are read: the passages' vectors are the store's. No study of the test set is read.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from assistant.embedding.minilm import question_encoder_in
from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.text.chunking import ChunkSize
from evals.answering.calibrate import corpora
from evals.answering.cards import write_trained
from evals.answering.question_encoder.model import Asked, QuestionModel
from evals.answering.question_encoder.settings import Tuning
from evals.answering.questions import EvalQuestion, questions_of
from evals.answering.trials import Corpus
from evals.learning.descent import Slope, descend
from evals.learning.tuning import add_options, command_of, tuning_from

_WEIGHTS = {"studies": 0.5, "corpus": 0.5}
"""Of each loss in the sum."""


def prepare(corpus: Corpus, questions: Sequence[EvalQuestion]) -> list[Asked]:
    """The questions whose evidence ``corpus`` holds."""
    tokenizer, found = packaged_tokenizer(), []
    for question in questions:
        pieces = tuple(piece for piece in map(tuple, corpus.holding(question)) if piece)
        if pieces:
            among = tuple(row for study in corpus.asked_of(question) for row in corpus.numbers[study])
            found.append(Asked(tuple(tokenizer.encode(question.question).ids), among, pieces))
    return found


def fit(asked: Sequence[Asked], passages: torch.Tensor, tuning: Tuning) -> QuestionModel:
    """A model trained on questions; the weights of the last steps are averaged."""
    torch.manual_seed(tuning.seed)
    rng = random.Random(tuning.seed)
    model = QuestionModel(tuning.layers, passages, tuning.temperature)
    plan = [_epoch(asked, tuning.questions, rng) for _ in range(tuning.epochs)]
    descend(model, plan, model.losses, Slope(_WEIGHTS, tuning.rate, tuning.rate), partial(print, flush=True))
    return model


def _epoch(asked: Sequence[Asked], size: int, rng: random.Random) -> list[list[Asked]]:
    drawn = rng.sample(list(asked), len(asked))
    return [drawn[start : start + size] for start in range(0, len(drawn), size)]


def main(arguments: Sequence[str]) -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(prog="python -m evals.answering.question_encoder", description=__doc__)
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answering"), help="where stores are built")
    parser.add_argument("--out", type=Path, default=question_encoder_in().folder, help="folder for weights and card")
    parser.add_argument("--threads", type=int, default=2)
    add_options(parser, Tuning)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    tuning = tuning_from(given, Tuning)
    few = corpora(given.studies, given.cache, ChunkSize())[-1]
    questions = [one for one in questions_of("train") if one.answerable]
    asked = prepare(few, questions)
    model = fit(asked, torch.from_numpy(few.everything[1]), tuning)
    command = command_of("evals.answering.question_encoder", arguments)
    write_trained(question_encoder_in(given.out), model, (), questions, tuning, command)


if __name__ == "__main__":
    main(sys.argv[1:])
