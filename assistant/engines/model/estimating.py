"""What a run would take, reckoned from the very requests that it would send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.engines.model.memory import Memory
from assistant.engines.model.records import request_key
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage
from assistant.engines.model.tokens import reckoned_tokens


@dataclass(slots=True)
class Estimate:
    """What would be sent; requests that depend on replies (repairs) are not foreseen."""

    calls: int = 0
    """Requests to send, failures aside."""
    cached: int = 0
    """Requests that are answered already."""
    tokens_in: int = 0
    """Reckoned tokens to send."""
    usual_out: float = 0.0
    """Tokens to receive if replies are as long as earlier ones to the same prompt were."""
    unknown: int = 0
    """Requests whose prompt has no earlier reply to go by, so that they are not in ``usual_out``."""
    most_out: int = 0
    """Tokens to receive if each reply is as long as the settings allow."""


@dataclass(frozen=True)
class EstimatingCaller:
    """A `Caller` that sends nothing and counts what it was asked to send."""

    identity: Mapping[str, Any]
    """The model and its parameters, as a sender names them."""
    max_tokens: int
    """Longest reply, in tokens."""
    memory: Memory = Memory()
    """Where replies are kept."""
    estimate: Estimate = field(default_factory=Estimate)
    """What was counted so far."""
    seen: set[str] = field(default_factory=set)
    """Keys of the requests counted; an equal one is not sent twice."""

    async def call(self, request: ModelRequest) -> ModelReply:
        """The reply that is kept, else none."""
        key = request_key(request, self.identity)
        text = self.memory.find(request, key)
        if text is not None or key in self.seen:
            self.estimate.cached += 1
        else:
            self.seen.add(key)
            self._count(request)
        problem = "" if text is not None else "only estimated, not sent"
        return ModelReply(text or "", Usage(), 0.0, cached=text is not None, problem=problem)

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        """As `call`, in one piece."""
        reply = await self.call(request)
        take(reply.text)
        return reply

    def _count(self, request: ModelRequest) -> None:
        usual = self.memory.cache.usual_length(request.prompt) if self.memory.cache else None
        counted = self.estimate
        counted.calls += 1
        counted.tokens_in += reckoned_tokens(request)
        counted.usual_out += usual or 0.0
        counted.unknown += usual is None
        counted.most_out += self.max_tokens
