"""The time that calls are begun, repeated and measured by; tests put their own in its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that can be waited on."""

    now: Callable[[], float] = time.monotonic
    """Seconds from a point that stays the same."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Waits for so many seconds."""
