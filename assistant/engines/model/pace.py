"""How fast requests are begun."""

from __future__ import annotations

import asyncio

from assistant.engines.model.clock import Clock


class Pace:
    """Begins requests evenly, no more of them in a minute than allowed, and none while the endpoint asks for a rest.

    Args:
        per_minute: Requests begun in a minute at most; 0 for no limit.
        clock: Where the time comes from.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._gap = 60.0 / per_minute if per_minute else 0.0
        self._clock = clock
        self._free = clock.now()
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Waits until the next request may begin, in the order of asking."""
        async with self._queue:
            while (wait := self._free - self._clock.now()) > 0:
                await self._clock.sleep(wait)
            self._free = self._clock.now() + self._gap

    def rest(self, seconds: float) -> None:
        """Lets no request begin for ``seconds``, as an endpoint asks that had too many."""
        self._free = max(self._free, self._clock.now() + seconds)
