"""The card beside the weights that ship, as it stands in its file: apart, so that it can be read without the tagger."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import TaggerError

FOLDER = Path(__file__).parent / "weights"
"""Where both lie."""
CARD = "card.json"
REMEDY = "Install realist-assistant again, or train the tagger anew with `make train`."


@cache
def read_card(folder: Path = FOLDER) -> dict[str, Any]:
    """What the card in ``folder`` holds, by the names of `assistant.tagging.trained.files.Card`.

    Raises:
        TaggerError: If it is missing, no JSON object, or without a name.
    """
    try:
        card = json.loads((folder / CARD).read_bytes())
        if isinstance(card, dict) and isinstance(card.get("name"), str):
            return card
        cause = None
    except (OSError, ValueError) as error:
        cause = error
    raise TaggerError("The card of the tagger's weights can't be read", remedy=REMEDY, path=folder) from cause
