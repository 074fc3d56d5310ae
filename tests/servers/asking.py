"""What a request asked for, and what became of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Count = Callable[[str], int]
"""Tokens of a text."""
_TOKEN = re.compile(r"\w+|[^\w\s]")


def rough_count(text: str) -> int:
    """Words and marks; near enough where only differences matter."""
    return len(_TOKEN.findall(text))


def wordpiece_count() -> Count:
    """Counts in the vocabulary of the packaged encoder, which is a real tokenizer's and needs no network."""
    from assistant.embedding.vocabulary import packaged_tokenizer

    tokenizer = packaged_tokenizer()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a reply."""

    model: str
    """Name of the model."""
    messages: tuple[tuple[str, str], ...]
    """Role and text of each turn."""
    schema: Mapping[str, Any] | None
    """The schema of the reply; None where it stands in the text, or nowhere."""
    mode: Literal["json_schema", "tools", "text"]
    """How structure was asked for."""
    tool: str = ""
    """Name of the tool to call."""
    stream: bool = False
    """Whether the reply is wanted in pieces."""

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n\n".join(text for _, text in self.messages)

    @property
    def digest(self) -> str:
        """Stands for what was said; equal requests have equal ones."""
        return hashlib.sha256(json.dumps(self.messages).encode()).hexdigest()[:16]

    def tokens(self, count: Count) -> int:
        """Sent: the turns, and the schema where it is sent apart."""
        return count(self.text) + (count(json.dumps(self.schema)) if self.schema else 0)


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of one request."""

    number: int
    """Counted from 1, in the order of arrival."""
    path: str
    """Of the address."""
    digest: str
    """Of `Asked`; empty where no reply was asked for."""
    mode: str
    """Of `Asked`."""
    became: str
    """``replied``, ``abandoned`` (nobody waited any more), or the fault's name."""
    status: int
    """HTTP status; 0 where none was sent."""
    tokens_in: int
    """Sent to the model; 0 unless it was paid."""
    tokens_out: int
    """Sent back."""
    seconds: float
    """When it was over, since the server started."""
    at_once: int
    """Requests under way when it arrived, itself included."""

    @property
    def paid(self) -> bool:
        """Whether a provider would put it on the bill: a whole reply was made and sent."""
        return bool(self.tokens_in)
