from __future__ import annotations

import argparse
import random
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from assistant.embedding.trained import STEP
from assistant.embedding.weights import map_weights, packaged_files
from evals.learning.batching import batches, padded
from evals.learning.descent import Mean, Slope, descend, optimiser_of
from evals.learning.encoder import packaged_encoder, run_means
from evals.learning.shipping import changed_tensors, changes
from evals.learning.tuning import add_options, command_of, tuning_from


class Line(nn.Module):
    """A line through the origin, its slope the encoder's and its lift the head's."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Linear(1, 1, bias=False)
        self.lift = nn.Parameter(torch.zeros(1))
        nn.init.zeros_(self.encoder.weight)

    def losses(self, batch: Tensor) -> dict[str, Tensor]:
        off = self.encoder(batch[:, :1]).squeeze(1) + self.lift - batch[:, 1]
        return {"square": (off**2).mean(), "silent": self.lift.sum() * 0 + 5}


def test_the_weighted_sum_falls_and_each_loss_is_told_by_its_name() -> None:
    model, told = Line(), list[str]()
    plan = [[torch.tensor([[1.0, 3.0], [2.0, 5.0]])] * 60] * 2
    descend(model, plan, model.losses, Slope({"square": 1.0, "silent": 0.0}, 0.1, 0.1), told.append)
    assert not model.training
    assert float(model.encoder.weight.item()) == pytest.approx(2.0, abs=0.2)
    assert float(model.lift.item()) == pytest.approx(1.0, abs=0.3)
    assert [line.split(":")[0] for line in told] == ["epoch 1 of 2", "epoch 2 of 2"]
    assert "60 steps" in told[0] and "square " in told[0] and told[0].endswith("silent 5.000")


def test_rates_rise_over_a_tenth_of_the_steps_and_fall_to_a_fiftieth() -> None:
    optimiser, scheduler = optimiser_of(Line(), rate=1.0, head_rate=10.0, steps=100)
    seen = []
    for _ in range(100):
        seen.append([group["lr"] for group in optimiser.param_groups])
        optimiser.step()
        scheduler.step()
    heads, encoder = zip(*seen, strict=True)
    assert heads[0] == pytest.approx(1.0) and encoder[0] == pytest.approx(0.1)  # the first of ten steps up
    assert max(heads) == 10.0 and heads[9] == 10.0 and max(encoder) == 1.0
    assert encoder[55] == pytest.approx(0.5)  # (100 - 55) / 90
    assert encoder[-1] == pytest.approx(0.02)  # (100 - 99) / 90 is less


def test_the_mean_is_of_all_that_was_added() -> None:
    model, mean = Line(), Mean()
    mean.copy_to(model)
    assert model.lift.item() == 0.0
    for value in (1.0, 2.0, 6.0):
        nn.init.constant_(model.lift, value)
        mean.add(model)
    mean.copy_to(model)
    assert model.lift.item() == pytest.approx(3.0)


def test_a_batch_holds_no_more_tokens_than_it_may_and_loses_nothing() -> None:
    lengths = [10, 200, 30, 90, 60, 31, 95]
    found = batches(lengths, int, 190, random.Random(1))
    assert sorted(length for batch in found for length in batch) == sorted(lengths)
    assert all(max(batch) * len(batch) <= 190 for batch in found if len(batch) > 1)
    assert [200] in found and any(len(batch) > 1 for batch in found)


def test_ids_are_filled_up_behind() -> None:
    ids, mask = padded([(101, 7, 102), (101,)])
    assert ids.tolist() == [[101, 7, 102], [101, 0, 0]] and mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_the_mean_of_a_run_is_that_of_its_tokens() -> None:
    states = torch.arange(12.0).reshape(2, 3, 2)
    assert run_means(states, torch.tensor([[0, 0, 2], [1, 2, 3]])).tolist() == [[1.0, 2.0], [10.0, 11.0]]


class Headed(nn.Module):
    """An encoder and one head."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(2, 1)


def test_only_the_layers_that_may_change_are_written() -> None:
    tensors = changed_tensors(Headed(packaged_encoder(1)), ["head.weight"])
    head, *changed = tensors
    assert head == "head.weight" and changed
    assert all(name.startswith("encoder.layer.5.") for name in changed)
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype(np.float16)}
    assert list(changed_tensors(Headed(packaged_encoder(0)), ["head.weight"])) == ["head.weight"]


def test_a_change_of_low_rank_is_added_to_its_layer() -> None:
    name = "encoder.layer.5.output.dense.weight"
    (before,) = [value for key, value in packaged_encoder(0).state_dict().items() if key == name]
    encoder = packaged_encoder(1, rank=2)
    dense = encoder.get_submodule("encoder.layer.5.output.dense")
    with torch.no_grad():
        dense.up.fill_(1.0)  # type: ignore[operator,union-attr]
        added = 2.0 * dense.up @ dense.down  # type: ignore[operator]
    tensors = changed_tensors(Headed(encoder), [])
    assert not any(key.endswith((".up", ".down", ".bias")) for key in tensors)
    np.testing.assert_allclose(tensors[name], (before + added).numpy(), atol=2e-3)


def test_a_change_in_bytes_gives_the_weights_nearly_back() -> None:
    packaged = map_weights(packaged_files().weights)
    table, vector = "encoder.layer.5.output.dense.weight", "encoder.layer.5.output.dense.bias"
    rng = np.random.default_rng(1)
    learnt = {
        name: packaged[name] + rng.normal(0, 0.003, packaged[name].shape).astype(np.float32) for name in (table, vector)
    }
    learnt[table][0] = packaged[table][0]
    stored = changes(learnt)
    assert {name: tensor.dtype.name for name, tensor in stored.items()} == {
        table: "int8",
        table + STEP: "float32",
        vector: "float16",
    }
    back = packaged[table] + stored[table] * stored[table + STEP][:, None]
    np.testing.assert_allclose(back, learnt[table], atol=1e-4)
    assert np.array_equal(back[0], packaged[table][0])


@dataclass(frozen=True, slots=True)
class Tuning:
    """Choices of three kinds."""

    layers: int = 6
    head_rate: float = 0.5
    alone: bool = False


def test_choices_are_options_and_the_card_names_no_folder() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, Tuning)
    assert tuning_from(parser.parse_args([]), Tuning) == Tuning()
    given = parser.parse_args(["--head-rate", "2", "--alone", "yes"])
    assert tuning_from(given, Tuning) == Tuning(head_rate=2.0, alone=True)
    typed = ["--studies", "/home/ann/studies", "--layers", "3", "--out", "/tmp/here"]
    assert command_of("evals.part", typed) == "python -m evals.part --studies DIR --layers 3 --out DIR"
