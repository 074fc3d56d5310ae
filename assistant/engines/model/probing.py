"""Trying an endpoint with a question that costs next to nothing and holds no word of a study."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from assistant.domain.engine import PromptRecord
from assistant.engines.model.provider import ChatModel, OutputMode, send
from assistant.engines.model.requests import Message, ModelRequest, Usage
from assistant.errors import RequestRefused

_WAYS: tuple[OutputMode, ...] = ("json_schema", "tools", "text")
_QUESTION = ModelRequest(
    "probe",
    PromptRecord("probe", "0" * 64),
    (Message("user", 'Is water wet? Reply with one JSON object and nothing else: {"wet": true} or {"wet": false}'),),
    {
        "title": "reply",
        "description": "Whether water is wet.",
        "type": "object",
        "properties": {"wet": {"type": "boolean"}},
        "required": ["wet"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True, slots=True)
class Probe:
    """How one way of asking for structure went."""

    mode: OutputMode
    """The way."""
    said: str
    """What came back; empty where the endpoint does not take it."""
    seconds: float
    """Until it came."""
    usage: Usage
    """Spent."""

    @property
    def works(self) -> bool:
        """Whether the reply has the form that was asked for."""
        try:
            return isinstance(json.loads(self.said)["wet"], bool)
        except (ValueError, KeyError, TypeError):
            return False


async def probe(model: ChatModel, wanted: OutputMode) -> list[Probe]:
    """Tries the way that is ``wanted``, or with ``auto`` each until one works.

    Raises:
        ModelError: If the endpoint can't be used at all.
    """
    tried: list[Probe] = []
    for mode in _WAYS if wanted == "auto" else (wanted,):
        began = time.monotonic()
        try:
            sent = await send(model, _QUESTION, mode)
            tried.append(Probe(mode, sent.text, time.monotonic() - began, sent.usage))
        except RequestRefused:
            tried.append(Probe(mode, "", time.monotonic() - began, Usage(calls=1)))
        if tried[-1].works:
            break
    return tried
