"""How many threads the machine lends to this process."""

from __future__ import annotations

import os
from pathlib import Path


def available_threads(topology: Path = Path("/sys/devices/system/cpu")) -> int:
    """Physical cores that the process may run on, at least 1.

    Two hardware threads of one core share its arithmetic units, so that a second one only costs; where the
    machine does not say which are siblings, each counts as a core.
    """
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    allowed = sorted(os.sched_getaffinity(0))
    return max(1, len({_core(topology, cpu) for cpu in allowed}))


def _core(topology: Path, cpu: int) -> str:
    try:
        return (topology / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)
