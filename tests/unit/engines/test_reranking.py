from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.engines.extractive.reranking import PackagedReranker, Reranker, pairs_of, reranker_in
from assistant.errors import WeightsError

QUESTION = "why did nurses rest"


class Counting:
    """An encoder whose state of a token is its id and its place."""

    tokenizer: Tokenizer = packaged_tokenizer()

    def states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        return [np.asarray([[one, at] for at, one in enumerate(text)], dtype=np.float32) for text in texts]


def test_a_pair_is_the_question_the_heading_and_every_sentence(memory_index: Any) -> None:
    tokenizer = packaged_tokenizer()
    passage = memory_index.all["rota:1"]
    (pair,) = pairs_of(tokenizer, QUESTION, [passage])
    assert tokenizer.decode(list(pair.ids), skip_special_tokens=False).startswith(f"[CLS] {QUESTION} [SEP]")
    said = [tokenizer.decode(list(pair.ids[start:end])) for start, end in pair.sentences]
    for text, span in zip(said, passage.sentences, strict=True):
        assert text.split()[0].lower() == span.shifted(-passage.span.start).of(passage.text).split()[0].lower()


def test_what_is_too_long_is_not_read(memory_index: Any) -> None:
    passage = memory_index.all["rota:1"]
    long = replace(passage, text=passage.text, sentences=passage.sentences * 60)
    (pair,) = pairs_of(packaged_tokenizer(), "word " * 500, [long])
    assert len(pair.ids) <= 512 and len(pair.sentences) == len(long.sentences)
    assert pair.sentences[-1][0] == pair.sentences[-1][1]


def test_heads_are_the_first_state_and_the_mean_of_a_sentence(memory_index: Any) -> None:
    tensors = {
        "sentence.weight": np.asarray([[0.0, 2.0]], np.float32),
        "sentence.bias": np.asarray([-1.0], np.float32),
        "passage.weight": np.asarray([[1.0, 0.0]], np.float32),
        "passage.bias": np.asarray([0.5], np.float32),
    }
    passage = memory_index.all["rota:1"]
    (bearing,) = Reranker(Counting(), tensors).bearings(QUESTION, [passage])
    ((start, end), *_) = pairs_of(packaged_tokenizer(), QUESTION, [passage])[0].sentences
    assert bearing.passage == 101.5
    assert bearing.sentences[0] == pytest.approx(2 * (start + end - 1) / 2 - 1)
    assert len(bearing.sentences) == len(passage.sentences)


def test_the_reranker_that_ships_is_the_one_that_its_card_describes() -> None:
    assert "sentence.weight" in reranker_in().tensors()


def test_a_reranker_without_weights_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"can't be read.*evals\.answering\.reranker"):
        PackagedReranker(cache=tmp_path, folder=tmp_path / "none").bearings(QUESTION, [])
