"""The card beside the weights that ship, as it stands in its file: apart, so that it can be read without the tagger."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from assistant.embedding.trained import TrainedPart

FOLDER = Path(__file__).parent / "weights"
"""Where both lie."""


def tagger_in(folder: Path = FOLDER) -> TrainedPart:
    """Weights and card in ``folder``."""
    return TrainedPart("tagger", folder, "make train")


@cache
def read_card(folder: Path = FOLDER) -> dict[str, Any]:
    """What the card in ``folder`` holds, by the names of `assistant.tagging.trained.files.Card`.

    Raises:
        WeightsError: If it is missing or no card.
    """
    return tagger_in(folder).card()
