"""Calls to a chat model: many under way at once, repeated where that may help, and none paid for twice.

A reply is looked for in the run's own journal, then among the replies of earlier runs; only then is the request sent.
Each reply is on the disk before the task that asked sees it, so that a run that is killed goes on without asking
again; only what was under way at the kill is sent anew.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from assistant.engines.model.budget import Budget
from assistant.engines.model.clock import Clock
from assistant.engines.model.memory import Memory
from assistant.engines.model.pace import Pace
from assistant.engines.model.records import request_key
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage
from assistant.engines.model.retrying import Retrying
from assistant.engines.model.tally import Tally
from assistant.engines.model.tokens import reckoned_tokens
from assistant.errors import (
    KeyRefused,
    ModelError,
    ModelNotFound,
    ModelNotInstalled,
    ModelUnreachable,
    RateLimited,
    RealistError,
)

if TYPE_CHECKING:
    from assistant.engines.model.provider import Sent

_HOPELESS = (KeyRefused, ModelNotFound, ModelNotInstalled)
"""What no request of the run will escape."""


class Sender(Protocol):
    """Who sends one request to the chat model, once."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """The model, its endpoint and its parameters: all that may change a reply, besides the request."""

    @property
    def max_tokens(self) -> int:
        """Longest reply, in tokens."""

    async def send(self, request: ModelRequest) -> Sent:
        """The whole reply.

        Raises:
            ModelError: If there is none.
        """

    def stream(self, request: ModelRequest) -> AsyncIterator[Sent]:
        """The reply in pieces; the last is empty and holds the usage."""

    async def close(self) -> None:
        """Closes the connections; the next request opens new ones."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How an endpoint is treated."""

    at_once: int = 4
    """Requests under way at once."""
    per_minute: int = 0
    """Requests begun in a minute at most; 0 for no limit."""
    retrying: Retrying = Retrying()
    """How often a request is repeated, and after how long."""
    too_many_failures: int = 64
    """When so many requests fail one after the other, no more are sent."""


@dataclass
class ModelCaller:
    """The `Caller` that reaches a chat model."""

    sender: Sender
    """Who sends."""
    memory: Memory = Memory()
    """Where replies are kept."""
    budget: Budget = field(default_factory=Budget)
    """What may be spent."""
    manners: Manners = Manners()
    """How the endpoint is treated."""
    clock: Clock = Clock()
    """The time."""
    tally: Tally = field(default_factory=Tally)
    """What was done so far."""

    def __post_init__(self) -> None:
        # One request goes ahead alone: a wrong key or address costs one request, not one for each slot.
        self._slots = asyncio.Semaphore(1)
        self._widened = False
        self._pace = Pace(self.manners.per_minute, self.clock)
        self._under_way: dict[str, asyncio.Task[ModelReply]] = {}
        self._sending: set[asyncio.Task[Any]] = set()
        self.hopeless: RealistError | None = None
        """Why no request is sent any more: none of them could succeed; None as long as one may."""
        self._reached = False
        self._failed_in_a_row = 0

    async def call(self, request: ModelRequest) -> ModelReply:
        """The reply to ``request``; a failure is a reply with its problem.

        Raises:
            BudgetSpent: If the limit of calls or cost could be passed.
            RealistError: If no other request could succeed either, or a reply can't be written down.
        """
        self.tally.asked += 1
        key = request_key(request, self.sender.identity)
        if (same := self._under_way.get(key)) is not None:
            first = await asyncio.shield(same)
            return self._counted(replace(first, usage=Usage(), cached=not first.problem))
        if (known := await self.memory.recall(request, key)) is not None:
            return self._counted(known)
        return await asyncio.shield(self._begun(request, key))

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        """The reply to ``request``, tried once; ``take`` is given its text in pieces, as they come.

        Raises:
            BudgetSpent: If the limit of calls or cost could be passed.
            StoreNotWritable: If the reply can't be written down.
        """
        self.tally.asked += 1
        key = request_key(request, self.sender.identity)
        if (known := await self.memory.recall(request, key)) is not None:
            take(known.text)
            return self._counted(known)
        begun, reply = self.clock.now(), ModelReply("", Usage(calls=1), 0.0, problem="broken off before its end")
        cost = await self.budget.set_aside(reckoned_tokens(request), self.sender.max_tokens)
        try:
            reply = await self._streamed(request, take)
        finally:
            reply = replace(reply, seconds=self.clock.now() - begun)
            await self._keep(request, key, reply)
            await self.budget.settle(cost, reply.usage)
        return reply

    async def _streamed(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        pieces, usage = list[str](), Usage(calls=1)
        try:
            async for piece in self.sender.stream(request):
                pieces.append(piece.text)
                usage = piece.usage if piece.usage.calls else usage
                take(piece.text)
        except RealistError as error:
            failed = _Attempt.failed(error)
            return ModelReply("", failed.usage, 0.0, problem=failed.problem)
        return ModelReply("".join(pieces), usage, 0.0)

    async def close(self) -> None:
        """Waits for what was sent, since it may be paid for, gives up what was not, and closes the connections."""
        self.hopeless = self.hopeless or RealistError("the calls were broken off")
        await asyncio.gather(*self._sending, return_exceptions=True)
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self.sender.close()

    def _begun(self, request: ModelRequest, key: str) -> asyncio.Task[ModelReply]:
        """The work on ``request``, which goes on though whoever asked is cancelled: it may be paid for by then."""

        def ended(task: asyncio.Task[ModelReply]) -> None:
            del self._under_way[key]
            if not task.cancelled():
                task.exception()  # seen, though nobody may be waiting any more

        task = asyncio.create_task(self._asked(request, key))
        self._under_way[key] = task
        task.add_done_callback(ended)
        return task

    async def _asked(self, request: ModelRequest, key: str) -> ModelReply:
        """Sends ``request`` until there is a reply, or no more hope of one; whatever was spent is written down."""
        begun, so_far, failures = self.clock.now(), ModelReply("", Usage(), 0.0), 0
        while True:
            async with self._slots:
                cost = await self._admitted(request, key, so_far)
                with self._being_sent():
                    attempt = await self._attempt(request)
                    failures += attempt.error is not None
                    wait = self._wait(attempt.error, failures)
                    spent, seconds = so_far.usage + attempt.usage, self.clock.now() - begun
                    so_far = ModelReply(attempt.text, spent, seconds, problem=attempt.problem)
                    if wait is None:
                        await self._keep(request, key, so_far)
                    # Settled last: whoever is told that the budget is spent may rely on all being written down.
                    await self.budget.settle(cost, attempt.usage)
                self._widen()
            if wait is None:
                if attempt.error is not None and self.hopeless:
                    raise self.hopeless
                return so_far
            await self.clock.sleep(wait)

    async def _admitted(self, request: ModelRequest, key: str, so_far: ModelReply) -> float:
        """Waits until the request may begin; the cost that was set aside for it."""
        await self._pace.turn()
        try:
            if self.hopeless:
                raise self.hopeless
            return await self.budget.set_aside(reckoned_tokens(request), self.sender.max_tokens)
        except RealistError as stop:
            if so_far.usage.calls:
                await self._keep(request, key, replace(so_far, problem=str(stop)))
            raise

    @contextmanager
    def _being_sent(self) -> Iterator[None]:
        """Marks the task at work as one that may be paid for already."""
        task = asyncio.current_task()
        assert task is not None
        self._sending.add(task)
        try:
            yield
        finally:
            self._sending.discard(task)

    def _widen(self) -> None:
        """After the first request, lets others be sent beside it."""
        if not self._widened:
            self._widened = True
            for _ in range(self.manners.at_once - 1):
                self._slots.release()

    async def _attempt(self, request: ModelRequest) -> _Attempt:
        """What came of sending ``request`` once."""
        try:
            sent = await self.sender.send(request)
        except RealistError as error:
            self._despair(error)
            return _Attempt.failed(error)
        self._reached, self._failed_in_a_row = True, 0
        return _Attempt(sent.usage, sent.text)

    def _despair(self, error: RealistError) -> None:
        """Gives all further requests up where none of them could succeed."""
        unreachable = isinstance(error, ModelUnreachable)
        self._failed_in_a_row += 1
        self._reached = self._reached or not unreachable
        if (
            not isinstance(error, ModelError)
            or isinstance(error, _HOPELESS)
            or (unreachable and not self._reached)
            or self._failed_in_a_row >= self.manners.too_many_failures
        ):
            self.hopeless = self.hopeless or error

    def _wait(self, error: RealistError | None, failures: int) -> float | None:
        """Seconds until the next try; None where there is nothing to try again."""
        if not isinstance(error, ModelError) or not error.retryable or self.hopeless:
            return None
        asked = getattr(error, "retry_after", None)
        wait = self.manners.retrying.wait(failures, asked, random.random())
        if isinstance(error, RateLimited) and asked and wait is not None:
            self._pace.rest(asked)
        return wait

    async def _keep(self, request: ModelRequest, key: str, reply: ModelReply) -> None:
        """Counts and writes down what is finished."""
        # What can't be encoded can't be written down either; a model may send half a surrogate pair.
        storable = replace(reply, text=reply.text.encode("utf-8", "replace").decode("utf-8"))
        await self.memory.keep(request, key, self._counted(storable))

    def _counted(self, reply: ModelReply) -> ModelReply:
        self.tally.add(reply)
        return reply


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of sending a request once."""

    usage: Usage
    text: str = ""
    error: RealistError | None = None

    @classmethod
    def failed(cls, error: RealistError) -> _Attempt:
        """One that ended with ``error``, which may have cost a call all the same."""
        return cls(Usage(calls=getattr(error, "calls", 0)), error=error)

    @property
    def problem(self) -> str:
        """Why there is no reply; empty when there is one."""
        return "" if self.error is None else str(self.error) or type(self.error).__name__
