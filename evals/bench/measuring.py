"""Commands timed in fresh processes, in turn: wall time, processor time and peak memory of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant.settings.environment import forbid_network_libraries

_LAUNCHER = """
import json, os, sys, time
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
taken = [time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]
with open(sys.argv[1], "w") as file:
    json.dump([*taken, os.waitstatus_to_exitcode(status)], file)
"""
"""Starts a command from a small process: the system counts what the starting one held into the peak of the started."""


class BenchError(Exception):
    """A command that was to be timed failed; what it said stands in the message."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process cost."""

    seconds: float
    """Wall time, from before its start to its end."""
    cpu_seconds: float
    """Processor time of all its threads, user and system; hardly moved by what else the machine does."""
    megabytes: float
    """Peak resident memory."""
    said: str = ""
    """What it wrote to stdout."""


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs a module with this Python."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def realist(*arguments: object) -> list[str]:
    """The command that runs the tool, quietly."""
    return module("assistant.cli.main", "-q", *arguments)


def run(command: Sequence[str], settings: Mapping[str, str] | None = None) -> Run:
    """Runs ``command`` to its end.

    Args:
        command: The program and its arguments.
        settings: Added to the environment.

    Raises:
        BenchError: If it ends with another code than 0.
    """
    forbid_network_libraries()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as said:
        taken, complained = Path(folder, "taken.json"), Path(folder, "complained")
        with complained.open("w") as errors:
            launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(taken), *command]
            subprocess.run(launcher, stdout=said, stderr=errors, env={**os.environ, **(settings or {})}, check=True)
        seconds, cpu_seconds, maximum, code = json.loads(taken.read_text())
        if code:
            raise BenchError(f"{' '.join(command)} ended with {code}: {complained.read_text()[-2000:]}")
        said.seek(0)
        return Run(seconds, cpu_seconds, _megabytes(maximum), said.read())


def _megabytes(maximum: int) -> float:
    """Linux counts a process's peak in KiB, macOS in bytes."""
    return maximum / (2**20 if sys.platform == "darwin" else 2**10)


def in_turn(contenders: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, list[Run]]:
    """Runs each contender once a round, so that whatever else the machine does meets all of them."""
    results: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            results[name].append(contender())
    return results


def middle(runs: Sequence[Run], of: Callable[[Run], float]) -> float:
    """The median over runs of one of their figures."""
    return median(map(of, runs))


def wall(run: Run) -> float:
    """Seconds on the clock."""
    return run.seconds


def processor(run: Run) -> float:
    """Seconds of processor time."""
    return run.cpu_seconds


def memory(run: Run) -> float:
    """Megabytes at the peak."""
    return run.megabytes


def rounded(value: float) -> float:
    """To three significant digits, as figures are recorded."""
    return float(f"{value:.3g}")


def described_machine() -> dict[str, Any]:
    """What the figures were taken on."""
    import platform

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "system": platform.system(),
        "processor": _processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "load": rounded(load),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
            return next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        return ""
