"""Where the replies of a chat model are kept, and looked for before one is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.engines.model.records import CallLog, CallRecord
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage

if TYPE_CHECKING:
    from assistant.engines.model.cache import ReplyCache


@dataclass(frozen=True, slots=True)
class Memory:
    """A run's own journal, and the replies of earlier runs; either may be missing."""

    log: CallLog | None = None
    """The run's own journal; None outside a run."""
    cache: ReplyCache | None = None
    """Replies of earlier runs, and where this one's are kept for later ones."""
    anew: frozenset[str] = frozenset()
    """Names of pieces of work that are asked anew, with all that hangs on them, although replies are kept."""
    use_cache: bool = True
    """Whether replies of earlier runs are taken."""

    def find(self, request: ModelRequest, key: str) -> str | None:
        """The text of the reply to an equal request; None if there is none, or if it is to be asked anew."""
        if any(f"{request.item}/".startswith(f"{name}/") for name in self.anew):
            return None
        logged = self.log.find(key) if self.log else None
        if logged and not logged.reply.problem:
            return logged.reply.text
        return self.cache.find(key) if self.cache and self.use_cache else None

    async def recall(self, request: ModelRequest, key: str) -> ModelReply | None:
        """The reply that is kept, at no cost; one of an earlier run goes into this run's journal."""
        text = self.find(request, key)
        if text is None:
            return None
        reply = ModelReply(text, Usage(), 0.0, cached=True)
        logged = self.log.find(key) if self.log else None
        if logged is None or logged.reply.problem:
            await self._log(request, key, reply)
        return reply

    async def keep(self, request: ModelRequest, key: str, reply: ModelReply) -> None:
        """Writes down what is finished, and waits until the disk has it."""
        await self._log(request, key, reply)
        if self.cache and not reply.problem:
            self.cache.keep(key, request.prompt, reply.text, reply.usage.tokens_out)

    async def _log(self, request: ModelRequest, key: str, reply: ModelReply) -> None:
        if self.log:
            finished = datetime.now(UTC).isoformat(timespec="milliseconds")
            await self.log.add(CallRecord(key, request.item, request.prompt, reply, finished))
