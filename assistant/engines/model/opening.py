"""The chat model of the settings, opened when the first request has to be sent and not before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.engines.model import provider
from assistant.engines.model.budget import Budget, Limits, Prices
from assistant.engines.model.calling import Manners, ModelCaller
from assistant.engines.model.memory import Memory
from assistant.engines.model.provider import ChatModel, Sent
from assistant.engines.model.requests import ModelRequest
from assistant.settings.schema import ModelSettings


@dataclass(frozen=True)
class ConfiguredSender:
    """Sends to the chat model that the settings name."""

    settings: ModelSettings
    """Their section ``[model]``."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """The model, its endpoint and its parameters."""
        return identity(self.settings)

    @property
    def max_tokens(self) -> int:
        """Longest reply, in tokens."""
        return self.settings.max_tokens

    async def send(self, request: ModelRequest) -> Sent:
        """The whole reply; see `provider.send`."""
        return await provider.send(self._model, request, self.settings.output)

    def stream(self, request: ModelRequest) -> AsyncIterator[Sent]:
        """The reply in pieces; see `provider.stream`."""
        return provider.stream(self._model, request, self.settings.output)

    async def close(self) -> None:
        """Closes the connections, if any were opened."""
        if "_model" in self.__dict__:
            await provider.close(self._model)
            del self.__dict__["_model"]

    @cached_property
    def _model(self) -> ChatModel:
        return provider.open_chat_model(self.settings)


def open_caller(settings: ModelSettings, memory: Memory = Memory(), limits: Limits = Limits()) -> ModelCaller:
    """The caller for the chat model that ``settings`` name; nothing is sent yet.

    Args:
        settings: Section ``[model]``.
        memory: Where replies are kept and looked for.
        limits: Where spending stops.
    """
    manners = Manners(settings.concurrency, settings.requests_per_minute)
    return ModelCaller(ConfiguredSender(settings), memory, Budget(limits, prices(settings)), manners)


def identity(settings: ModelSettings) -> dict[str, Any]:
    """All that may change a reply, besides the request; by the names of the settings."""
    return settings.model_dump(include={"name", "base_url", "output", "temperature", "max_tokens"})


def prices(settings: ModelSettings) -> Prices:
    """What tokens cost, as the settings say."""
    return Prices(settings.price_in, settings.price_out)
