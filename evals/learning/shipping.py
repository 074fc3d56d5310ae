"""Writes trained weights as they ship: of the encoder only what changed, in half precision or as bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import nn

from assistant.embedding.trained import STEP, TrainedPart
from assistant.embedding.weights import map_weights, packaged_files
from evals.learning.encoder import merge_low_rank

_LARGEST = 127
"""Of the whole numbers that a byte holds, either way."""


def changed_tensors(model: nn.Module, heads: Sequence[str]) -> dict[str, NDArray[np.float16]]:
    """`learnt_tensors` in half precision."""
    return {name: tensor.astype(np.float16) for name, tensor in learnt_tensors(model, heads).items()}


def learnt_tensors(model: nn.Module, heads: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The ``heads`` of a model and what training changed of its ``encoder``, named as in the packaged file."""
    encoder: nn.Module = model.encoder  # type: ignore[assignment]
    learnt = {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}
    added = {name for name in learnt if name.endswith((".up", ".down"))}
    low_rank = {name.rsplit(".", 1)[0] + ".weight" for name in added}
    merge_low_rank(encoder)
    states = model.state_dict()
    kept = {name: states[name] for name in heads}
    kept.update({name: states[f"encoder.{name}"] for name in sorted((learnt - added) | low_rank)})
    return {name: np.ascontiguousarray(tensor.numpy(), dtype=np.float32) for name, tensor in kept.items()}


def changes(learnt: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """How an encoder's weights differ from the packaged ones: tables in bytes, counted in a row's `STEP`.

    A change is a twentieth of a weight, so that a byte tells it more finely than half precision tells the weight.

    Args:
        learnt: Tensors by their names in the packaged file.
    """
    packaged = map_weights(packaged_files().weights)
    found: dict[str, NDArray[Any]] = {}
    for name, tensor in learnt.items():
        change = tensor - packaged[name]
        if change.ndim == 1:
            found[name] = change.astype(np.float16)
            continue
        step = np.maximum(np.abs(change).max(axis=1), np.finfo(np.float32).tiny) / _LARGEST
        found[name] = np.rint(change / step[:, None]).astype(np.int8)
        found[name + STEP] = step.astype(np.float32)
    return found


def write_weights(part: TrainedPart, tensors: Mapping[str, NDArray[Any]]) -> dict[str, str]:
    """Writes a part's weights into its folder, which is made if it is not there; what its card says of them."""
    content = save(dict(tensors))
    sha256 = hashlib.sha256(content).hexdigest()
    part.folder.mkdir(parents=True, exist_ok=True)
    part.weights.write_bytes(content)
    return {"name": f"minilm-{part.name}/{sha256[:8]}", "sha256": sha256}
