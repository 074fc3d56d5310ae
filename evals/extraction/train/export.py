"""Writes the tagger's weights with their card: the members' heads joined, of each encoder how it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.tagging.trained.card import tagger_in
from assistant.tagging.trained.files import Card
from assistant.tagging.trained.heads import NAMES
from evals.extraction.train.members import Array, joined
from evals.extraction.train.settings import Tuning
from evals.learning.shipping import changes, write_weights


def write(folder: Path, members: Sequence[Mapping[str, Array]], tuning: Tuning, **said: Any) -> Card:
    """Writes weights and card into ``folder``.

    Args:
        folder: Made if it is not there.
        members: The tensors of each, as `evals.learning.shipping.learnt_tensors` gives them.
        tuning: How they were trained.
        said: The card's other fields.
    """
    card = Card(**write_weights(tagger_in(folder), _tensors(members)), tuning=asdict(tuning), **said)
    return _written(folder, card)


def _tensors(members: Sequence[Mapping[str, Array]]) -> dict[str, NDArray[Any]]:
    tensors: dict[str, NDArray[Any]] = {name: tensor.astype(np.float16) for name, tensor in joined(members).items()}
    for number, member in enumerate(members):
        encoder = {name: tensor for name, tensor in member.items() if name not in NAMES}
        tensors.update({f"{number}.{name}": tensor for name, tensor in changes(encoder).items()})
    return tensors


def rewrite_card(folder: Path, **said: Any) -> Card:
    """The card of ``folder`` with some fields said anew."""
    return _written(folder, Card.model_validate(tagger_in(folder).card()).model_copy(update=said))


def _written(folder: Path, card: Card) -> Card:
    tagger_in(folder).card_file.write_text(card.model_dump_json(indent=1) + "\n", "utf-8")
    return card
