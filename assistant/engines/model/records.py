"""What is written down of each call, and under which key a later, equal request finds it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.domain.engine import PromptRecord
from assistant.engines.model.requests import ModelReply, ModelRequest


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One piece of work that is finished: what was asked, what came back, what it took."""

    key: str
    """From `request_key`."""
    item: str
    """Name of the piece of work."""
    prompt: PromptRecord
    """The prompt that it was asked with."""
    reply: ModelReply
    """What came back, raw."""
    finished: str
    """ISO 8601, UTC."""


class CallLog(Protocol):
    """A run's own journal of its calls."""

    def find(self, key: str) -> CallRecord | None:
        """The last record under ``key``; None if there is none."""

    async def add(self, record: CallRecord) -> None:
        """Writes ``record`` down and waits until the disk has it."""


def request_key(request: ModelRequest, sender: Mapping[str, Any]) -> str:
    """What equal requests to equal models have in common: sha256, hexadecimal.

    Args:
        request: Its name (``item``) does not count: the same question may be asked by two pieces of work.
        sender: The model, its endpoint and its parameters.
    """
    content = {
        "sender": dict(sender),
        "prompt": request.prompt.hash,
        "messages": [[message.speaker, message.text] for message in request.messages],
        "schema": dict(request.schema),
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
