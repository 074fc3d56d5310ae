"""What calls to a chat model came to: counted as they are made, or read from a journal."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.engines.model.requests import ModelReply, Usage


@dataclass(slots=True)
class Tally:
    """Counts; all start at nothing."""

    asked: int = 0
    """Pieces of work handed in, the unfinished among them."""
    finished: int = 0
    """Of these, finished in whatever way."""
    cached: int = 0
    """Answered without a call, from this run's journal or from earlier replies."""
    failed: int = 0
    """Without a reply after all tries."""
    usage: Usage = Usage()
    """Requests that reached the endpoint and the tokens that it counted."""
    seconds: float = 0.0
    """Summed over the pieces of work, waiting included; more than the wall time where several are under way."""

    def add(self, reply: ModelReply) -> None:
        """Counts one finished piece of work."""
        self.finished += 1
        self.cached += reply.cached
        self.failed += bool(reply.problem)
        self.usage += reply.usage
        self.seconds += reply.seconds
