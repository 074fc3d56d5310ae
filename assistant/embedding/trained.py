"""What was trained upon the encoder and ships: weights beside the card that says what they are and how they were made.

It reads the card alone where only that is asked for, and never gives weights that are not the card's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


STEP = ".row_step"
"""Ends the name of what the rows of a table of whole numbers are counted in, one number a row."""


@dataclass(frozen=True, slots=True)
class TrainedPart:
    """Where weights and card of a trained part lie."""

    name: str
    """What the part is, as a user calls it."""
    folder: Path
    """Of both files."""
    command: str
    """That trains it anew."""

    @property
    def weights(self) -> Path:
        """A safetensors file."""
        return self.folder / f"{self.name}.safetensors"

    @property
    def card_file(self) -> Path:
        """A JSON file."""
        return self.folder / "card.json"

    def card(self) -> dict[str, Any]:
        """What the card says; name of the part, with its version, and sha256 of the weights at least.

        Raises:
            WeightsError: If it is missing, no JSON object, or says less.
        """
        cause = None
        try:
            card = json.loads(self.card_file.read_bytes())
            if isinstance(card, dict) and all(isinstance(card.get(key), str) for key in ("name", "sha256")):
                return card
        except (OSError, ValueError) as error:
            cause = error
        raise self.unusable("can't be read") from cause

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The weights by name, as float32 whatever they are stored as: whole numbers come as multiples of their steps.

        Raises:
            WeightsError: If a file is missing, or the weights are not the ones that the card describes.
        """
        import numpy as np
        from safetensors import safe_open

        sha256 = self.card()["sha256"]
        try:
            with self.weights.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise self.unusable("can't be read") from error
        if found != sha256:
            raise self.unusable("are not the ones that their card describes")
        with safe_open(self.weights, "np") as stored:  # maps the file, which need not be copied first
            tensors = {name: stored.get_tensor(name).astype(np.float32) for name in stored.keys()}
        steps = {name: tensors.pop(name) for name in list(tensors) if name.endswith(STEP)}
        for name, step in steps.items():
            tensors[name.removesuffix(STEP)] *= step[:, None]
        return tensors

    def unusable(self, why: str) -> WeightsError:
        """The error that says ``why`` weights or card are of no use, and what to do."""
        remedy = f"Install realist-assistant again, or train the {self.name} anew with `{self.command}`."
        return WeightsError(f"The {self.name}'s weights {why}", remedy=remedy, path=self.folder)
