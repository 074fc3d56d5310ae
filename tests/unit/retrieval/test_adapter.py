from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval.adapter import QuestionAdapter, load_adapter, save_adapter

UP = np.array([1.0, 0.0], np.float32)
QUARTER = QuestionAdapter("mine", np.array([[0.0, 0.0], [1.0, 0.0]], np.float32))


def test_a_vector_is_turned_and_stays_of_unit_length() -> None:
    # (1, 0) + (0, 1) = (1, 1), of length √2.
    assert QUARTER.turned(UP, "mine") == pytest.approx([2**-0.5, 2**-0.5])


def test_another_encoders_vector_is_left_alone() -> None:
    assert QUARTER.turned(UP, "theirs") is UP


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    save_adapter(QUARTER, tmp_path / "a.safetensors", {"by": "a test"})
    read = load_adapter(tmp_path / "a.safetensors")
    assert read.fingerprint == "mine"
    assert np.array_equal(read.change, QUARTER.change)


def test_the_one_that_ships_is_small_and_near_the_identity() -> None:
    shipped = load_adapter()
    assert shipped.change.shape == (384, 384)
    assert np.abs(shipped.change).max() < 0.1
