"""Writes the trained weights as they ship: half precision, only what changed, with a card."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import nn

from assistant.tagging.trained.card import CARD
from assistant.tagging.trained.files import WEIGHTS, Card
from assistant.tagging.trained.heads import NAMES
from evals.extraction.train.model import merge_low_rank
from evals.extraction.train.settings import Tuning


def changed_tensors(model: nn.Module, heads: Sequence[str] = NAMES) -> dict[str, NDArray[np.float16]]:
    """The ``heads`` of a model and what training changed of its ``encoder``, named as in the packaged file."""
    encoder: nn.Module = model.encoder  # type: ignore[assignment]
    learnt = {name for name, parameter in encoder.named_parameters() if parameter.requires_grad}
    low_rank = {name.rsplit(".", 1)[0] + ".weight" for name in learnt if name.endswith((".up", ".down"))}
    merge_low_rank(encoder)
    states = model.state_dict()
    kept = {name: states[name] for name in heads}
    kept.update({name: states[f"encoder.{name}"] for name in sorted((learnt - _added(learnt)) | low_rank)})
    return {name: np.ascontiguousarray(tensor.numpy().astype(np.float16)) for name, tensor in kept.items()}


def _added(names: set[str]) -> set[str]:
    return {name for name in names if name.endswith((".up", ".down"))}


def write(folder: Path, tensors: dict[str, NDArray[np.float16]], tuning: Tuning, **said: Any) -> Card:
    """Writes weights and card into ``folder``.

    Args:
        folder: Made if it is not there.
        tensors: As `changed_tensors` gives them.
        tuning: How they were trained.
        said: The card's other fields.
    """
    content = save(tensors)
    digest = hashlib.sha256(content).hexdigest()
    card = Card(name=f"minilm-tagger/{digest[:8]}", sha256=digest, tuning=asdict(tuning), **said)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(content)
    (folder / CARD).write_text(card.model_dump_json(indent=1) + "\n", "utf-8")
    return card


def rewrite_card(folder: Path, **said: Any) -> Card:
    """The card of ``folder`` with some fields said anew."""
    card = Card.model_validate_json((folder / CARD).read_bytes())
    card = card.model_copy(update=said)
    (folder / CARD).write_text(card.model_dump_json(indent=1) + "\n", "utf-8")
    return card
