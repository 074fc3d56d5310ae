"""A run's calls answered from its journal, without the model and without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.engines.model.records import CallRecord, request_key
from assistant.engines.model.requests import ModelReply, ModelRequest
from assistant.errors import NotInJournal


@dataclass(frozen=True)
class ReplayingCaller:
    """A `Caller` that knows only what one run was told."""

    run: str
    """The run's name."""
    identity: Mapping[str, Any]
    """The model and its parameters at the time of the run."""
    replies: Mapping[str, ModelReply]
    """By the key of their request; of several, the one that counted."""

    @classmethod
    def of(cls, run: str, identity: Mapping[str, Any], records: Iterable[CallRecord]) -> ReplayingCaller:
        """A caller that knows ``records``, in the order in which they were written."""
        return cls(run, identity, {record.key: record.reply for record in records})

    async def call(self, request: ModelRequest) -> ModelReply:
        """The reply, or the failure, that the run met with.

        Raises:
            NotInJournal: If the run made no such call.
        """
        reply = self.replies.get(request_key(request, self.identity))
        if reply is None:
            raise NotInJournal(
                f"run {self.run} holds no call for {request.item}",
                remedy="Its study, its prompt, a setting or the tool changed since: extract anew, or restore what was.",
            )
        return reply

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        """As `call`, in one piece."""
        reply = await self.call(request)
        take(reply.text)
        return reply
