"""The one module that knows the providers of chat models, all of them through LangChain's ``init_chat_model``.

A request goes out once: the packages' own retries are off, because whoever calls counts what is paid. What comes
back is text; what goes wrong is one of the errors under `ModelError`, so that nobody above needs to know a provider's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast

from assistant.engines.model.failures import classified
from assistant.engines.model.requests import ModelRequest, Usage
from assistant.errors import (
    KeyRefused,
    ModelFailed,
    ModelNotFound,
    ModelNotInstalled,
    ReplyRefused,
    RequestRefused,
    SettingsError,
)
from assistant.settings.environment import without_keys
from assistant.settings.providers import endpoint_of, missing_key, needs_stand_in, provider_of
from assistant.settings.schema import ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

OutputMode: TypeAlias = Literal["auto", "json_schema", "tools", "text"]
_Result = TypeVar("_Result")
_ORDER: tuple[OutputMode, ...] = ("json_schema", "tools", "text")
"""What ``auto`` tries, in turn, while the endpoint does not take the request; in ``text`` only the prompt asks."""
_METHODS = {"json_schema": "json_schema", "tools": "function_calling"}
_SPEAKERS = {"system": "system", "user": "human", "assistant": "ai"}
_NO_KEY = "none"
"""Sent to an address of one's own that wants no key; the packages refuse to send nothing."""
_HELD_BACK = {"content_filter", "refusal"}
"""Reasons for ending under which there is no reply to read."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request brought, or one piece of it."""

    text: str
    """As the model wrote it: JSON, perhaps inside prose; of a stream, the next piece."""
    usage: Usage
    """Spent, requests that were refused on the way included; of a stream, with its last piece."""


@dataclass(slots=True)
class ChatModel:
    """An open chat model; to be used and closed within one event loop, to which its connections belong."""

    name: str
    """``PROVIDER:MODEL``, for the records."""
    endpoint: str
    """Where requests go; empty where only the provider's package knows."""
    timeout: float
    """Longest wait for a reply, or for the next piece of a stream, in seconds."""
    chat: BaseChatModel
    """LangChain's model."""
    settled: OutputMode = "auto"
    """The way of asking for structure that ``auto`` found to work; ``auto`` until one has."""


def open_chat_model(settings: ModelSettings) -> ChatModel:
    """The chat model that ``settings`` name; nothing is sent yet.

    Raises:
        SettingsError: If they name none, or a provider that LangChain does not know.
        ModelNotInstalled: If the provider's package is missing.
        KeyRefused: If the provider needs a key and its variable is not set.
    """
    if not settings.name:
        raise SettingsError("no chat model is configured", remedy="Set model.name, such as 'ollama:qwen3:8b'.")
    provider = provider_of(settings)
    if find_spec(provider.package) is None and provider.extra:
        raise ModelNotInstalled(
            f"{settings.name} needs the package {provider.package.replace('_', '-')}",
            remedy=f'Run `pip install "realist-assistant[{provider.extra}]"`.',
        )
    if missing := missing_key(settings):
        refused = KeyRefused(f"{settings.name} needs a key, and {missing} is not set", remedy=f"Set {missing}.")
        refused.calls = 0
        raise refused
    return ChatModel(settings.name, endpoint_of(settings), settings.timeout_seconds, _opened(settings))


def _opened(settings: ModelSettings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(settings.model, model_provider=settings.provider, **_arguments(settings))
        return cast("BaseChatModel", _own_connections(chat, settings))
    except ImportError as error:
        raise ModelNotInstalled(
            f"{settings.name} needs the package of its provider",
            remedy=f"Run `pip install langchain-{settings.provider.replace('_', '-')}`.",
        ) from error
    except ValueError as error:
        raise SettingsError(
            without_keys(f"{settings.name} can't be opened: {error}"), remedy="Check model.name in realist.toml."
        ) from error


def _arguments(settings: ModelSettings) -> dict[str, Any]:
    """The settings under the names that the provider's package gives them."""
    given: dict[str, Any] = {"base_url": endpoint_of(settings) or None}
    if settings.temperature != "default":
        given["temperature"] = settings.temperature
    if settings.provider == "ollama":
        connection: dict[str, Any] = {"timeout": settings.timeout_seconds, "follow_redirects": False}
        return given | {"num_predict": settings.max_tokens, "client_kwargs": connection}
    given |= {"max_tokens": settings.max_tokens, "timeout": settings.timeout_seconds, "max_retries": 0}
    if settings.provider == "openai":
        given["stream_usage"] = True
    if needs_stand_in(settings):
        given["api_key"] = _NO_KEY
    return {name: value for name, value in given.items() if value is not None}


def _own_connections(chat: Any, settings: ModelSettings) -> Any:
    """``chat`` with connections that nothing else shares, so that they can be closed, and that follow no redirection.

    The packages keep theirs for all models with one address, and use them in the next event loop, where they fail.
    """
    connection: dict[str, Any] = {"timeout": settings.timeout_seconds, "follow_redirects": False}
    if settings.provider == "openai":
        from openai import DefaultAsyncHttpxClient as Connections

        own = chat.root_async_client.with_options(http_client=Connections(**connection))
        chat.root_async_client, chat.async_client = own, own.chat.completions
    elif settings.provider == "anthropic":
        from anthropic import DefaultAsyncHttpxClient as Connections

        own = chat._async_client.with_options(http_client=Connections(**connection))
        chat.__dict__["_async_client"] = own
    return chat


async def known_models(model: ChatModel) -> tuple[str, ...] | None:
    """Names of the models that the endpoint has; None where it can't list them.

    Raises:
        ModelError: If it can't be reached, or refuses the key.
    """
    client = _client(model)
    try:
        async with asyncio.timeout(model.timeout):
            if hasattr(client, "models"):
                return tuple(entry.id for entry in (await client.models.list()).data)
            return tuple(entry.model for entry in (await client.list()).models) if client else None
    except Exception as error:
        failure = classified(error, model.name, model.endpoint)
        if isinstance(failure, ModelNotFound | RequestRefused):
            return None
        raise failure from error


async def close(model: ChatModel) -> None:
    """Closes the model's connections; it can't be used afterwards."""
    if (client := _client(model)) is not None:
        await client.close()


def _client(model: ChatModel) -> Any:
    """The provider's own client inside LangChain's model; None where it is not to be found."""
    chat: Any = model.chat
    return getattr(chat, "root_async_client", None) or getattr(chat, "_async_client", None)


async def send(model: ChatModel, request: ModelRequest, mode: OutputMode = "auto") -> Sent:
    """Sends ``request`` and waits for the whole reply.

    Args:
        model: Open chat model.
        request: What to send.
        mode: How to ask for structure; ``auto`` goes on to the next way where the endpoint does not take one, and
            remembers which it took.

    Raises:
        ModelError: If there is no reply; its class says whether to try again.
    """

    async def once(way: OutputMode) -> AIMessage:
        try:
            async with asyncio.timeout(model.timeout):
                return await _prepared(model, request, way).ainvoke(_messages(request))
        except Exception as error:
            if (cut := _cut_short(error)) is not None:
                return cut
            raise classified(error, model.name, model.endpoint) from error

    message, refused = await _settling(model, mode, once)
    return Sent(without_keys(_text(message)), Usage(calls=1 + refused) + _tokens(message))


async def stream(model: ChatModel, request: ModelRequest, mode: OutputMode = "auto") -> AsyncIterator[Sent]:
    """Sends ``request`` and gives the reply in pieces, of whole words, as they come; the last holds the usage.

    Raises:
        ModelError: If there is no reply, or if it breaks off.
    """

    async def once(way: OutputMode) -> tuple[AsyncIterator[AIMessage], AIMessage | None]:
        pieces = aiter(_prepared(model, request, way).astream(_messages(request)))
        return pieces, await _next(model, pieces)

    (pieces, piece), refused = await _settling(model, mode, once)
    usage, ended, begun = Usage(calls=1 + refused), False, ""
    while piece is not None:
        usage, ended = usage + _tokens(piece), ended or bool(_ending(piece))
        words, space, begun = (begun + _text(piece)).rpartition(" ")
        if space:
            yield Sent(without_keys(words) + space, Usage())
        piece = await _next(model, pieces)
    if not ended:
        raise ModelFailed(f"{model.name} broke off its reply", remedy="Try again.")
    yield Sent(without_keys(begun), usage)


async def _next(model: ChatModel, pieces: AsyncIterator[AIMessage]) -> AIMessage | None:
    """The next piece; None at the end."""
    try:
        async with asyncio.timeout(model.timeout):
            return await anext(pieces, None)
    except Exception as error:
        raise classified(error, model.name, model.endpoint) from error


async def _settling(
    model: ChatModel, mode: OutputMode, once: Callable[[OutputMode], Awaitable[_Result]]
) -> tuple[_Result, int]:
    """The first way of asking that the endpoint takes, and how many it refused before."""
    wanted = model.settled if mode == "auto" else mode
    ways = _ORDER if wanted == "auto" else (wanted,)
    for refused, way in enumerate(ways):
        try:
            result = await once(way)
        except RequestRefused as error:
            error.calls += refused
            if way == ways[-1]:
                raise
        else:
            model.settled = way if mode == "auto" else model.settled
            return result, refused
    raise AssertionError("no way of asking was tried")


def _prepared(model: ChatModel, request: ModelRequest, way: OutputMode) -> Runnable[Any, AIMessage]:
    """The model, told to keep to the request's schema."""
    if way == "text":
        return cast("Runnable[Any, AIMessage]", model.chat)
    closed = {"strict": True} if model.name.startswith("openai:") and _is_closed(request.schema) else {}
    chain = model.chat.with_structured_output(dict(request.schema), method=_METHODS[way], **closed)
    return cast("Runnable[Any, AIMessage]", cast("Any", chain).first)  # without the parser: replies are kept raw


def _is_closed(schema: Any) -> bool:
    """Whether every object in ``schema`` names all its keys and demands each, as strict output wants it."""
    if isinstance(schema, Mapping):
        inside = all(_is_closed(part) for part in schema.values())
        if schema.get("type") != "object":
            return inside
        named, demanded = set(schema.get("properties", ())), set(schema.get("required", ()))
        return inside and named == demanded and schema.get("additionalProperties") is False
    return not isinstance(schema, list) or all(map(_is_closed, schema))


def _messages(request: ModelRequest) -> list[tuple[str, str]]:
    return [(_SPEAKERS[message.speaker], message.text) for message in request.messages]


def _text(message: AIMessage) -> str:
    """What the model wrote: the arguments of the tool that it called, else its words."""
    if message.additional_kwargs.get("refusal") or _ending(message) in _HELD_BACK:
        raise ReplyRefused("the model declined to reply", remedy="Read the passages that it was given.")
    if pieces := getattr(message, "tool_call_chunks", None):
        return "".join(piece["args"] or "" for piece in pieces)
    arguments = [json.dumps(call["args"], ensure_ascii=False) for call in message.tool_calls]
    arguments += [call["args"] or "" for call in message.invalid_tool_calls]
    return "\n".join(arguments) or str(message.text)


def _ending(message: AIMessage) -> str:
    """Why the model stopped, in the provider's word; empty in the middle of a stream."""
    about = message.response_metadata
    return str(about.get("finish_reason") or about.get("done_reason") or about.get("stop_reason") or "")


def _tokens(message: AIMessage) -> Usage:
    counted = message.usage_metadata
    return Usage(0, counted["input_tokens"], counted["output_tokens"]) if counted else Usage()


def _cut_short(error: Exception) -> AIMessage | None:
    """The unfinished reply inside an exception that OpenAI's package raises when the longest length was reached."""
    completion = getattr(error, "completion", None)
    if type(error).__name__ != "LengthFinishReasonError" or completion is None:
        return None
    from langchain_core.messages import AIMessage
    from langchain_core.messages.ai import UsageMetadata

    words, spent = completion.choices[0].message.content or "", completion.usage
    message = AIMessage(words, response_metadata={"finish_reason": "length"})
    if spent is not None:
        message.usage_metadata = UsageMetadata(
            input_tokens=spent.prompt_tokens, output_tokens=spent.completion_tokens, total_tokens=spent.total_tokens
        )
    return message
