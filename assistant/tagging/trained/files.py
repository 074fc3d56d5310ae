"""The weights that ship, and their card."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from assistant.errors import TaggerError
from assistant.tagging.trained.card import FOLDER, REMEDY, read_card
from assistant.tagging.trained.decoding import Decoding
from assistant.tagging.trained.heads import NAMES, Heads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = "tagger.safetensors"


class Card(BaseModel):
    """What the weights are, and how they were made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """Of the tagger, with its version."""
    sha256: str
    """Of the weights' file."""
    data: dict[str, Any]
    """Hashes and sizes of what it was trained on."""
    command: str
    """That trained it."""
    tuning: dict[str, Any]
    """How it was trained, its seed too."""
    decoding: Decoding
    """How the tagger chooses."""
    scores: dict[str, Any]
    """On articles that were held out while the choices were made."""
    reliability: list[dict[str, float]]
    """Confidence of held-out candidates in bins: mean, share that match a coded configuration, count."""
    note: str
    """What a user should know."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """The trained parts."""

    card: Card
    heads: Heads
    encoder: Mapping[str, NDArray[np.float32]]
    """Weights of the encoder that replace the packaged ones, by name."""


@cache
def card_of(folder: Path = FOLDER) -> Card:
    """The card of the weights in ``folder``.

    Raises:
        TaggerError: If it is missing or not a card.
    """
    try:
        return Card.model_validate(read_card(folder))
    except ValueError as error:
        raise TaggerError("The card of the tagger's weights can't be read", remedy=REMEDY, path=folder) from error


@cache
def packaged(folder: Path = FOLDER) -> Packaged:
    """The weights of ``folder``, checked against their card.

    Raises:
        TaggerError: If a file is missing, or the weights are not the ones that the card describes.
    """
    import numpy as np
    from safetensors.numpy import load

    card = card_of(folder)
    try:
        content = (folder / WEIGHTS).read_bytes()
    except OSError as error:
        raise TaggerError("The tagger's weights can't be read", remedy=REMEDY, path=folder) from error
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise TaggerError("The tagger's weights are not the ones that their card describes", remedy=REMEDY, path=folder)
    tensors = {name: tensor.astype(np.float32) for name, tensor in load(content).items()}
    heads = Heads({name: tensors.pop(name) for name in NAMES})
    return Packaged(card, heads, tensors)
