"""Writes the trained weights as they ship: half precision, only what changed, with a card."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from assistant.tagging.trained.card import CARD
from assistant.tagging.trained.files import WEIGHTS, Card
from evals.extraction.train.settings import Tuning


def write(folder: Path, tensors: dict[str, NDArray[np.float16]], tuning: Tuning, **said: Any) -> Card:
    """Writes weights and card into ``folder``.

    Args:
        folder: Made if it is not there.
        tensors: As `evals.learning.encoder.changed_tensors` gives them.
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
