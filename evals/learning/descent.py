"""Gradient descent: one optimiser, a rate that rises and falls, and the mean of the weights of the last steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

_Batch = TypeVar("_Batch")

_AVERAGED_FROM = 0.6
"""Share of the steps after which the weights are averaged."""
_WARM = 0.1
"""Share of the steps in which the rate rises."""
_LOWEST = 0.02
"""Share of the highest rate below which it does not fall."""


@dataclass(frozen=True, slots=True)
class Slope:
    """What is gone down, and how fast."""

    weights: Mapping[str, float]
    """Of each loss in the sum, by its name."""
    rate: float
    """Highest learning rate of the encoder."""
    head_rate: float
    """Highest learning rate of all else."""


def descend(
    model: nn.Module,
    plan: Sequence[Sequence[_Batch]],
    losses: Callable[[_Batch], Mapping[str, Tensor]],
    slope: Slope,
    tell: Callable[[str], None] = lambda line: None,
) -> None:
    """Trains a model that has an ``encoder``, and leaves it with the mean of its last weights, ready for use.

    Args:
        model: What learns.
        plan: The batches of each epoch.
        losses: Of a batch, by name.
        slope: Which sum of these falls, and how fast.
        tell: Is told after each epoch its mean losses.
    """
    steps, step, average = sum(map(len, plan)), 0, Mean()
    optimiser, scheduler = optimiser_of(model, slope.rate, slope.head_rate, steps)
    model.train()
    for number, batches in enumerate(plan, 1):
        began = time.monotonic()
        sums: dict[str, float] = {}
        for batch in batches:
            found = losses(batch)
            _step(model, torch.stack([slope.weights[name] * value for name, value in found.items()]).sum(), optimiser)
            scheduler.step()
            step += 1
            if step > _AVERAGED_FROM * steps:
                average.add(model)
            for name, value in found.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach()) / len(batches)
        shown = ", ".join(f"{name} {value:.3f}" for name, value in sums.items())
        tell(f"epoch {number} of {len(plan)}: {len(batches)} steps, {time.monotonic() - began:.0f} s; {shown}")
    average.copy_to(model)
    model.eval()


def _step(model: nn.Module, loss: Tensor, optimiser: torch.optim.Optimizer) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


def optimiser_of(
    model: nn.Module, rate: float, head_rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """An optimiser and the schedule of its rates, which rise and fall over ``steps``.

    Args:
        model: With an ``encoder``.
        rate: Highest of the encoder.
        head_rate: Highest of all else.
        steps: That will be taken.
    """
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]  # type: ignore[union-attr]
    inside = {id(p) for p in encoder}
    heads = [p for p in model.parameters() if p.requires_grad and id(p) not in inside]
    groups = [{"params": heads, "lr": head_rate}]
    if encoder:
        groups.append({"params": encoder, "lr": rate})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    warm = max(1, int(_WARM * steps))
    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(_LOWEST, (steps - step) / max(1, steps - warm)))
    )


class Mean:
    """The mean of the trained weights of all models that were added, or of one at several steps.

    Source: Izmailov et al. 2018, arXiv:1803.05407; of several models, Wortsman et al. 2022, arXiv:2203.05482.
    """

    def __init__(self) -> None:
        self._count = 0
        self._mean: dict[str, Tensor] = {}

    def add(self, model: nn.Module) -> None:
        """Counts the weights as they are now."""
        self._count += 1
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                now = parameter.detach()
                self._mean.setdefault(name, now.clone()).lerp_(now, 1.0 / self._count)

    def copy_to(self, model: nn.Module) -> None:
        """Gives the model the mean; nothing where none was counted."""
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name in self._mean:
                    parameter.copy_(self._mean[name])
