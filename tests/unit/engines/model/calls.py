"""A chat model that is scripted in Python, a clock that jumps, and requests, for the tests of calling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.domain.engine import PromptRecord
from assistant.engines.model.clock import Clock
from assistant.engines.model.provider import Sent
from assistant.engines.model.records import CallRecord
from assistant.engines.model.requests import Message, ModelRequest, Usage

PROMPT = PromptRecord("draft", "0" * 64)
USAGE = Usage(calls=1, tokens_in=100, tokens_out=10)


def request(number: int = 1, *, item: str = "", text: str = "") -> ModelRequest:
    """One of many different requests."""
    messages = (Message("user", text or f"Code window {number}."),)
    return ModelRequest(item or f"rota/draft/{number:02}", PROMPT, messages, {"title": "configurations"})


Script = Callable[[ModelRequest, int], Awaitable[str]]
"""The reply, or an error, from the request and how many were sent before."""


async def well(request: ModelRequest, before: int) -> str:
    """All goes well."""
    return f"reply to {request.item}"


@dataclass
class ScriptedSender:
    """Sends to a script."""

    script: Script = well
    identity: Mapping[str, Any] = field(default_factory=lambda: {"name": "test:model"})
    max_tokens: int = 50
    sent: list[str] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def send(self, request: ModelRequest) -> Sent:
        before = len(self.sent)
        self.sent.append(request.item)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0)
            return Sent(await self.script(request, before), USAGE)
        finally:
            self.under_way -= 1

    async def stream(self, request: ModelRequest) -> AsyncIterator[Sent]:
        text = (await self.send(request)).text
        for word in text.split(" "):
            yield Sent(f"{word} ", Usage())
        yield Sent("", USAGE)

    async def close(self) -> None:
        pass


@dataclass
class JumpingTime:
    """Time that passes only while somebody sleeps."""

    time: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.time + seconds
        await asyncio.sleep(0)
        self.time = max(self.time, until)


@dataclass
class ListLog:
    """A run's journal in memory."""

    records: list[CallRecord] = field(default_factory=list)

    def find(self, key: str) -> CallRecord | None:
        return next((record for record in reversed(self.records) if record.key == key), None)

    async def add(self, record: CallRecord) -> None:
        self.records.append(record)
