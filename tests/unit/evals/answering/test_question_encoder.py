from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.embedding.minilm import MiniLM, question_encoder_in
from assistant.errors import WeightsError
from evals.answering.cards import write_trained
from evals.answering.question_encoder.__main__ import fit
from evals.answering.question_encoder.model import Asked, QuestionModel
from evals.answering.question_encoder.settings import Tuning
from evals.answering.questions import questions_of

TEXTS = ("nurses slept on their breaks", "the choir met on mondays", "benches were put into the garden")
QUESTION = "when did folk sing"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def asked(encoder: MiniLM) -> list[Asked]:
    ids = encoder._tokenizer.encode(QUESTION).ids
    return [Asked(tuple(ids), (0, 1), ((1,),))]


@pytest.fixture(scope="module")
def passages(encoder: MiniLM) -> torch.Tensor:
    return torch.from_numpy(encoder.embed(TEXTS))


def test_the_loss_is_what_the_passages_that_answer_lack_in_likelihood(
    encoder: MiniLM, asked: list[Asked], passages: torch.Tensor
) -> None:
    losses = QuestionModel(0, passages, 0.1).eval().losses(asked)
    scores = encoder.embed([QUESTION])[0] @ passages.numpy().T / 0.1
    assert losses["studies"].item() == pytest.approx(float(np.logaddexp(scores[0], scores[1]) - scores[1]), abs=1e-4)
    assert losses["corpus"].item() == pytest.approx(float(np.log(np.exp(scores).sum()) - scores[1]), abs=1e-4)


def test_a_question_draws_near_to_its_passage_and_the_tool_computes_the_same(
    encoder: MiniLM, asked: list[Asked], passages: torch.Tensor, tmp_path: Path
) -> None:
    tuning = Tuning(layers=1, epochs=3, rate=1e-4)
    model = fit(asked, passages, tuning)
    part = question_encoder_in(tmp_path)
    write_trained(part, model, (), questions_of("train")[:2], tuning, "command")
    learnt = MiniLM(cache=tmp_path, trained=part).embed([QUESTION])[0]
    with torch.no_grad():
        np.testing.assert_allclose(learnt, model.vectors([asked[0].ids])[0].numpy(), atol=2e-3)
    before = encoder.embed([QUESTION])[0]
    assert learnt @ passages[1].numpy() > before @ passages[1].numpy()


def test_a_question_has_layers_of_its_own_and_texts_keep_theirs(encoder: MiniLM) -> None:
    vector = encoder.embed_question(QUESTION)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-6)
    assert 0.5 < float(vector @ encoder.embed([QUESTION])[0]) < 0.999
    long = encoder.embed_question("why did the board meet " * 200)
    assert np.linalg.norm(long) == pytest.approx(1.0, abs=1e-6)


def test_other_weights_than_the_card_s_are_refused(encoder: MiniLM, tmp_path: Path) -> None:
    (tmp_path / "question-encoder.safetensors").write_bytes(b"nothing")
    (tmp_path / "card.json").write_bytes(question_encoder_in().card_file.read_bytes())
    with pytest.raises(WeightsError, match="question-encoder's weights are not the ones"):
        MiniLM(cache=tmp_path, trained=question_encoder_in(tmp_path)).embed([QUESTION])


def test_the_card_that_ships_names_what_the_question_encoder_can_be_trained_with() -> None:
    card = question_encoder_in().card()
    assert card["tuning"] == asdict(Tuning(**card["tuning"]))
