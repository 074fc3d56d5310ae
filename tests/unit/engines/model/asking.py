"""A request to send, and a model to send it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from assistant.domain.engine import PromptRecord
from assistant.engines.model.provider import ChatModel, OutputMode, Sent, close, open_chat_model, send, stream
from assistant.engines.model.requests import Message, ModelRequest
from assistant.settings.schema import ModelSettings
from tests.servers.serving import LoopbackServer

SENTENCE = "Because the nurses trusted one another, they shared the sheets - all of them - on every ward."
_STRING, _STRINGS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
_ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("passage", "level", "polarity", "proposition", "certainty"), _STRING),
        **dict.fromkeys(("context", "resource", "reasoning", "outcome"), _STRINGS),
    },
    "additionalProperties": False,
}
_ITEM["required"] = list(_ITEM["properties"])
SCHEMA: dict[str, Any] = {
    "title": "configurations",
    "type": "object",
    "properties": {"configurations": {"type": "array", "items": _ITEM}},
    "required": ["configurations"],
    "additionalProperties": False,
}
Result = TypeVar("Result")


def request(text: str = SENTENCE) -> ModelRequest:
    """A drafting request about ``text``."""
    turns = (
        Message("system", "Reply with configurations."),
        Message("user", "=====ab=====\nNo. Nothing.\n=====ab====="),
        Message("assistant", '{"configurations": []}'),
        Message("user", f"Code this.\n\n=====abcd=====\n# Results\n{text}\n=====abcd====="),
    )
    return ModelRequest("rota/draft/01", PromptRecord("draft", "0" * 64), turns, SCHEMA)


def settings(server: LoopbackServer, **more: Any) -> ModelSettings:
    """For the model of a server of the tests."""
    return ModelSettings(
        **{"name": f"{server.provider}:tester", "base_url": server.url, "timeout_seconds": 5.0, **more}
    )


@asynccontextmanager
async def opened(chosen: ModelSettings) -> AsyncIterator[ChatModel]:
    """An open model, closed afterwards."""
    model = open_chat_model(chosen)
    try:
        yield model
    finally:
        await close(model)


def with_model(chosen: ModelSettings, work: Callable[[ChatModel], Awaitable[Result]]) -> Result:
    """What ``work`` gives, in an event loop of its own."""

    async def run() -> Result:
        async with opened(chosen) as model:
            return await work(model)

    return asyncio.run(run())


def sent(server: LoopbackServer, mode: OutputMode = "auto", **more: Any) -> Sent:
    """The whole reply to the request."""
    return with_model(settings(server, **more), lambda model: send(model, request(), mode))


def streamed(server: LoopbackServer, mode: OutputMode = "auto", **more: Any) -> list[Sent]:
    """The reply to the request in pieces."""

    async def work(model: ChatModel) -> list[Sent]:
        return [piece async for piece in stream(model, request(), mode)]

    return with_model(settings(server, **more), work)
