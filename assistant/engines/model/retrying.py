"""How often a request is repeated, and after how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retrying:
    """Waits that double with each failure, shortened by chance, so that requests that failed together part."""

    tries: int = 6
    """Requests for one reply, the first included."""
    first: float = 1.0
    """Longest wait after the first failure, in seconds."""
    longest: float = 60.0
    """No wait of our own choice is longer, in seconds."""
    patience: float = 300.0
    """An endpoint that asks for a longer wait than this, in seconds, is not waited for."""

    def wait(self, failures: int, asked: float | None, chance: float) -> float | None:
        """Seconds until the next try; None to give up.

        Args:
            failures: So far, from 1.
            asked: Seconds that the endpoint asked for; None if it did not say.
            chance: Drawn evenly from 0 to 1.
        """
        if failures >= self.tries or (asked or 0.0) > self.patience:
            return None
        own = min(self.longest, self.first * 2.0 ** (failures - 1)) * (0.5 + 0.5 * chance)
        return max(own, asked or 0.0)
