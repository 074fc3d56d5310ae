"""What is asked of a chat model and what comes back: the seam between the tasks and the calls.

The tasks (answering, drafting, repair) write a `ModelRequest` and read the `ModelReply`; they know nothing of
providers, retries, prices or caches. The caller knows nothing of studies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from assistant.domain.engine import PromptRecord


@dataclass(frozen=True, slots=True)
class Message:
    """One turn that is sent."""

    speaker: Literal["system", "user", "assistant"]
    """Who speaks."""
    text: str
    """What is said."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One piece of work for the chat model; equal requests may be answered from the cache."""

    item: str
    """Names the piece of work, unique in a run: ``marston-2022/draft/03``."""
    prompt: PromptRecord
    """The prompt that the messages were made with."""
    messages: tuple[Message, ...]
    """In order."""
    schema: Mapping[str, Any]
    """JSON schema of the reply; its ``title`` names it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was spent."""

    calls: int = 0
    """Requests that reached the provider, retries included."""
    tokens_in: int = 0
    """Tokens sent, as the provider counts them."""
    tokens_out: int = 0
    """Tokens received."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.calls + other.calls, self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What came back, unparsed."""

    text: str
    """JSON as the model sent it: native, as a tool's arguments, or inside prose; empty where there is a problem."""
    usage: Usage
    """Spent on this reply; nothing where it came from the cache or the journal."""
    seconds: float
    """Wall time, retries and waiting included."""
    cached: bool = False
    """Whether it was answered without a call."""
    problem: str = ""
    """Why there is no reply after all retries; empty when there is one."""


class Caller(Protocol):
    """Sends requests to one chat model, many at once, and pays for none twice."""

    async def call(self, request: ModelRequest) -> ModelReply:
        """The reply to ``request``; a failure is a reply with its problem.

        Raises:
            BudgetSpent: If the limit of calls or cost would be passed.
        """

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        """As `call`, tried once; ``take`` is given the reply's text in pieces as they come."""
