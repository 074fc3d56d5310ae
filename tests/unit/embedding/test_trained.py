import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from assistant.embedding.trained import TrainedPart
from assistant.errors import WeightsError


@pytest.fixture
def part(tmp_path: Path) -> TrainedPart:
    """A part of one tensor, with its card."""
    part = TrainedPart("sorter", tmp_path, "make sorter")
    content = save({"weight": np.asarray([0.5, 2.0], np.float16)})
    part.weights.write_bytes(content)
    card = {"name": "sorter/1", "sha256": hashlib.sha256(content).hexdigest(), "seed": 0}
    part.card_file.write_text(json.dumps(card))
    return part


def test_the_weights_come_as_single_precision(part: TrainedPart) -> None:
    (tensor,) = part.tensors().values()
    assert tensor.dtype == np.float32 and tensor.tolist() == [0.5, 2.0]


def test_the_card_is_read_without_the_weights(part: TrainedPart) -> None:
    part.weights.unlink()
    assert part.card()["name"] == "sorter/1" and part.card()["seed"] == 0
    with pytest.raises(WeightsError, match="can't be read"):
        part.tensors()


def test_other_weights_than_the_card_s_are_refused(part: TrainedPart) -> None:
    part.weights.write_bytes(part.weights.read_bytes()[:-1] + b"\x07")
    with pytest.raises(WeightsError, match=r"The sorter's weights are not the ones.*`make sorter`"):
        part.tensors()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": "sorter/1"}', '{"name": 1, "sha256": "0"}'])
def test_what_is_no_card_is_refused(part: TrainedPart, content: str) -> None:
    part.card_file.write_text(content)
    with pytest.raises(WeightsError, match="can't be read"):
        part.tensors()


def test_whole_numbers_are_counted_in_their_row_s_step(part: TrainedPart) -> None:
    table, step = np.asarray([[1, -2], [3, 0]], np.int8), np.asarray([0.5, 2.0], np.float32)
    content = save({"table": table, "table.row_step": step})
    part.weights.write_bytes(content)
    part.card_file.write_text(json.dumps({"name": "sorter/2", "sha256": hashlib.sha256(content).hexdigest()}))
    tensors = part.tensors()
    assert list(tensors) == ["table"] and tensors["table"].tolist() == [[0.5, -1.0], [6.0, 0.0]]
