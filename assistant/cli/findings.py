"""What `realist doctor` finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import OfflineError, RealistError


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    """What was looked at."""
    well: bool
    """Whether it is as it should be."""
    detail: str
    """What was seen."""
    remedy: str = ""
    """What to do where it is not well."""


def tried(check: str, examine: Callable[[], str]) -> Finding:
    """What ``examine`` says, or the error that it ends with; what ``--offline`` forbids is not amiss."""
    try:
        return Finding(check, True, examine())
    except OfflineError as error:
        return Finding(check, True, f"not tested, because of --offline: {error.message}")
    except RealistError as error:
        return Finding(check, False, error.message, error.remedy)
