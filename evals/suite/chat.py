"""The chat model of a run: the engines that ask it, and what put an end to asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.engines.model.engine import ModelEngine
from assistant.engines.model.requests import Caller, ModelReply, ModelRequest
from assistant.errors import RealistError
from evals.suite.parts import Json


@dataclass
class Watched:
    """A caller that remembers what stopped it: a limit that is reached, or an error that no request would escape."""

    inner: Caller
    """Who asks."""
    stopped: RealistError | None = None
    """None as long as requests are sent."""

    async def call(self, request: ModelRequest) -> ModelReply:
        """The reply to ``request``; a failure is a reply with its problem.

        Raises:
            RealistError: If no other request could succeed either, or would pass a limit.
        """
        try:
            return await self.inner.call(request)
        except RealistError as error:
            self.stopped = self.stopped or error
            raise

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        """As the inner one's."""
        return await self.inner.stream(request, take)


@dataclass(frozen=True)
class Chat:
    """A configured chat model, ready to be asked."""

    model: ModelEngine
    """Answers, and drafts from whole studies."""
    cascade: ModelEngine
    """Drafts from what the tagger does not rule out."""
    caller: Watched
    """Through which both ask."""
    sender: Json
    """The model with its parameters."""

    @property
    def settings(self) -> Json:
        """For the record: model, parameters, and the hash of every prompt that a task may use."""
        prompts = self.model.prompts
        used = (prompts.answer, prompts.draft, prompts.repair)
        return {**self.sender, "prompts": {one.record.id: one.record.hash for one in used}}
