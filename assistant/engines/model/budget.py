"""What may be spent on a chat model, and what was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from assistant.engines.model.requests import Usage
from assistant.errors import BudgetSpent

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What tokens cost, in the currency of the user's choice."""

    tokens_in: float = 0.0
    """A million tokens sent."""
    tokens_out: float = 0.0
    """A million tokens received."""

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION


@dataclass(frozen=True, slots=True)
class Limits:
    """Where spending stops; None for no limit."""

    calls: int | None = None
    """Requests that reach the endpoint, repetitions included."""
    cost: float | None = None
    """In the currency of the prices."""


class Budget:
    """Lets a call begin only where its dearest end stays within the limits.

    A call that would not fit waits for those under way, which may cost less than was set aside for them. So when the
    budget is spent nothing is under way any more, and all that was paid for is recorded.

    Args:
        limits: Where spending stops.
        prices: What tokens cost.
    """

    def __init__(self, limits: Limits = Limits(), prices: Prices = Prices()) -> None:
        self._limits = limits
        self._prices = prices
        self._calls = 0
        self._cost = 0.0
        self._set_aside: list[float] = []
        self._spent = False
        self._changed = asyncio.Condition()

    async def set_aside(self, tokens_in: int, tokens_out: int) -> float:
        """Makes room for a call and returns the cost that was set aside for it; `settle` gives it back.

        Args:
            tokens_in: Tokens to be sent.
            tokens_out: Longest reply, in tokens.

        Raises:
            BudgetSpent: If the call could pass a limit.
        """
        cost = self._prices.cost(tokens_in, tokens_out)
        async with self._changed:
            await self._changed.wait_for(lambda: self._spent or self._fits(cost) or not self._set_aside)
            if self._spent or not self._fits(cost):
                self._spent = True
                self._changed.notify_all()
                raise self._error()
            self._set_aside.append(cost)
        return cost

    async def settle(self, cost: float, usage: Usage) -> None:
        """Counts what a call cost in truth, in place of the ``cost`` that was set aside."""
        async with self._changed:
            self._set_aside.remove(cost)
            self._calls += usage.calls
            self._cost += self._prices.cost(usage.tokens_in, usage.tokens_out)
            self._changed.notify_all()

    def _fits(self, cost: float) -> bool:
        limits = self._limits
        calls = self._calls + len(self._set_aside) + 1
        total = self._cost + sum(self._set_aside) + cost
        return (limits.calls is None or calls <= limits.calls) and (limits.cost is None or total <= limits.cost)

    def _error(self) -> BudgetSpent:
        limits = [f"{self._limits.calls:,} calls"] if self._limits.calls is not None else []
        limits += [f"a cost of {self._limits.cost:g}"] if self._limits.cost is not None else []
        return BudgetSpent(
            f"stopped at the limit of {' and '.join(limits)}: {self._calls:,} calls were made at a cost of "
            f"{self._cost:.4f}, and the next could pass it",
            remedy="What was done is kept: repeat the command, with a higher limit or none, to go on where it stopped.",
        )
