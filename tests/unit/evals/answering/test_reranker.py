from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.engines.extractive.reranking import NAMES, PackagedReranker, Pair, Reranker, pairs_of, reranker_in
from evals.answering.cards import write_trained
from evals.answering.questions import questions_of
from evals.answering.reranker.__main__ import fit
from evals.answering.reranker.examples import WITH, WITHOUT, Example, Prepared, epoch
from evals.answering.reranker.model import RerankerModel
from evals.answering.reranker.settings import Tuning
from evals.learning.encoder import run_means


def example(length: int, *evidence: bool) -> Example:
    return Example(Pair((101,) * length, tuple((at, at + 1) for at in range(len(evidence)))), evidence)


def test_a_question_draws_as_many_passages_whether_it_is_answered_or_not() -> None:
    others = tuple(example(9, False) for _ in range(9))
    answered = Prepared(tuple(example(9, True) for _ in range(9)), others)
    drawn = list(answered.drawn(random.Random(0)))
    assert sum(any(one.evidence) for one in drawn) == WITH and len(drawn) == WITH + WITHOUT
    silent = list(Prepared((), others).drawn(random.Random(0)))
    assert len(silent) == WITH + WITHOUT and not any(any(one.evidence) for one in silent)


def test_a_batch_holds_no_more_tokens_than_it_may_and_loses_nothing() -> None:
    prepared = [Prepared((example(length, True),), ()) for length in (10, 200, 30, 90, 60)]
    found = epoch(prepared, 200, random.Random(1))
    assert sorted(len(one.pair.ids) for batch in found for one in batch) == [10, 30, 60, 90, 200]
    assert all(max(len(one.pair.ids) for one in batch) * len(batch) <= 200 for batch in found)


class Trained:
    """The encoder of a model in training, as the tool runs one."""

    tokenizer: Tokenizer = packaged_tokenizer()

    def __init__(self, model: RerankerModel) -> None:
        self._model = model

    def states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        return [self.one(text).numpy() for text in texts]

    def one(self, text: Sequence[int]) -> torch.Tensor:
        ids = torch.tensor([list(text)])
        with torch.no_grad():
            states: torch.Tensor = self._model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids))[0][0]
        return states


def test_what_is_trained_is_what_the_tool_computes(memory_index: Any) -> None:
    torch.manual_seed(0)
    model = RerankerModel(layers=0).eval()
    encoder = Trained(model)
    tensors = {name: tensor.numpy() for name, tensor in model.state_dict().items() if name in NAMES}
    question, passage = "why did nurses rest", memory_index.all["rota:1"]
    (bearing,) = Reranker(encoder, tensors).bearings(question, [passage])
    (pair,) = pairs_of(encoder.tokenizer, question, [passage])
    states = encoder.one(pair.ids)[None]
    runs = torch.tensor([(0, start, end) for start, end in pair.sentences])
    with torch.no_grad():
        sentences = model.sentence(run_means(states, runs)).squeeze(1).numpy()
        whole = model.passage(states[:, 0]).item()
    np.testing.assert_allclose(bearing.sentences, sentences, atol=1e-4)
    np.testing.assert_allclose(bearing.passage, whole, atol=1e-5)
    losses = model.losses([Example(pair, (True,) * len(pair.sentences))])
    assert set(losses) == {"sentence", "passage"} and all(value.item() > 0 for value in losses.values())


def test_the_card_that_ships_names_what_the_reranker_can_be_trained_with() -> None:
    card = reranker_in().card()
    assert card["tuning"] == asdict(Tuning(**card["tuning"]))


def test_training_writes_weights_that_the_tool_takes_and_how_it_was_done(tmp_path: Path) -> None:
    tuning = Tuning(layers=0, epochs=1, seed=3)
    prepared = [Prepared((example(length, True, False),), (example(length, False),)) for length in (9, 12)]
    model = fit(prepared, tuning)
    write_trained(reranker_in(tmp_path), model, NAMES, questions_of("train")[:2], tuning, "command")
    card = reranker_in(tmp_path).card()
    assert (card["tuning"]["seed"], card["questions"], card["command"]) == (3, 2, "command")
    assert PackagedReranker(cache=tmp_path, folder=tmp_path).bearings("why", []) == []
    again = fit(prepared, tuning).state_dict()
    assert all(torch.equal(tensor, again[name]) for name, tensor in model.state_dict().items())
