"""Writes trained weights as they ship: half precision, and of the encoder only what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import nn

from assistant.embedding.trained import TrainedPart
from evals.learning.encoder import merge_low_rank


def changed_tensors(model: nn.Module, heads: Sequence[str]) -> dict[str, NDArray[np.float16]]:
    """The ``heads`` of a model and what training changed of its ``encoder``, named as in the packaged file."""
    encoder: nn.Module = model.encoder  # type: ignore[assignment]
    learnt = {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}
    added = {name for name in learnt if name.endswith((".up", ".down"))}
    low_rank = {name.rsplit(".", 1)[0] + ".weight" for name in added}
    merge_low_rank(encoder)
    states = model.state_dict()
    kept = {name: states[name] for name in heads}
    kept.update({name: states[f"encoder.{name}"] for name in sorted((learnt - added) | low_rank)})
    return {name: np.ascontiguousarray(tensor.numpy().astype(np.float16)) for name, tensor in kept.items()}


def write_weights(part: TrainedPart, tensors: Mapping[str, NDArray[np.float16]]) -> dict[str, str]:
    """Writes a part's weights into its folder, which is made if it is not there; what its card says of them."""
    content = save(dict(tensors))
    sha256 = hashlib.sha256(content).hexdigest()
    part.folder.mkdir(parents=True, exist_ok=True)
    part.weights.write_bytes(content)
    return {"name": f"minilm-{part.name}/{sha256[:8]}", "sha256": sha256}
