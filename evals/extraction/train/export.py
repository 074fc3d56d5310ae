"""Writes the tagger's weights with their card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.tagging.trained.card import tagger_in
from assistant.tagging.trained.files import Card
from evals.extraction.train.settings import Tuning
from evals.learning.shipping import write_weights


def write(folder: Path, tensors: dict[str, NDArray[np.float16]], tuning: Tuning, **said: Any) -> Card:
    """Writes weights and card into ``folder``.

    Args:
        folder: Made if it is not there.
        tensors: As `evals.learning.shipping.changed_tensors` gives them.
        tuning: How they were trained.
        said: The card's other fields.
    """
    card = Card(**write_weights(tagger_in(folder), tensors), tuning=asdict(tuning), **said)
    return _written(folder, card)


def rewrite_card(folder: Path, **said: Any) -> Card:
    """The card of ``folder`` with some fields said anew."""
    return _written(folder, Card.model_validate(tagger_in(folder).card()).model_copy(update=said))


def _written(folder: Path, card: Card) -> Card:
    tagger_in(folder).card_file.write_text(card.model_dump_json(indent=1) + "\n", "utf-8")
    return card
