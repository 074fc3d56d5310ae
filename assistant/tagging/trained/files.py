"""The weights that ship, and their card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from assistant.tagging.trained.card import FOLDER, read_card, tagger_in
from assistant.tagging.trained.decoding import Decoding
from assistant.tagging.trained.heads import NAMES, Heads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
    encoders: Sequence[Mapping[str, NDArray[np.float32]]]
    """Of each member, the encoder's weights that replace the packaged ones, by name."""


@cache
def card_of(folder: Path = FOLDER) -> Card:
    """The card of the weights in ``folder``.

    Raises:
        WeightsError: If it is missing or not a card.
    """
    try:
        return Card.model_validate(read_card(folder))
    except ValueError as error:
        raise tagger_in(folder).unusable("have a card that can't be read") from error


@cache
def packaged(folder: Path = FOLDER) -> Packaged:
    """The weights of ``folder``, checked against their card.

    Raises:
        WeightsError: If a file is missing, or the weights are not the ones that the card describes.
    """
    card, tensors = card_of(folder), tagger_in(folder).tensors()
    heads = Heads({name: tensors.pop(name) for name in NAMES})
    return Packaged(card, heads, _encoders(tensors))


def _encoders(changes: Mapping[str, NDArray[np.float32]]) -> list[dict[str, NDArray[np.float32]]]:
    """The members' weights from how they differ from the packaged ones, each named ``<member>.<name>``."""
    from assistant.embedding.weights import map_weights, packaged_files

    base = map_weights(packaged_files().weights)
    members: dict[str, dict[str, NDArray[np.float32]]] = {}
    for name, change in changes.items():
        member, _, own = name.partition(".")
        members.setdefault(member, {})[own] = base[own] + change
    return [members[member] for member in sorted(members)]
