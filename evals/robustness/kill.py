"""Kills `realist ingest` and `realist extract` at random moments and checks that a rerun mends everything.

``python -m evals.robustness.kill [--times 20] [--seed 1] [PATH ...]`` takes the shipped corpus unless paths are
given. Each time a fresh project is killed with SIGKILL once, at a moment drawn evenly over an undisturbed run's
length; then the command is repeated, and the project must equal the undisturbed one: the same studies and hashes,
the same passages with a vector each, the same answers, the same candidates. Exits with 1 where it does not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.shipped import shipped

QUESTIONS = ("Why did people in new roles help?", "How many interviews were held?")


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill and what the rerun made of it."""

    command: str
    """``ingest`` or ``extract``."""
    after: float
    """Seconds from start to kill."""
    alive: bool
    """Whether the process was still at work when it was killed."""
    difference: str
    """What differs from the undisturbed run; empty where nothing does."""


def realist(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own, to its end."""
    return subprocess.run(_line(project, *arguments), capture_output=True, text=True, check=False)


def kill_after(seconds: float, project: Path, *arguments: str) -> bool:
    """Starts the command, kills it with SIGKILL after ``seconds``; whether it was still at work."""
    with subprocess.Popen(
        _line(project, *arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


def state(project: Path) -> dict[str, Any]:
    """All that the project would tell a user about its store."""
    answers = [json.loads(realist(project, "ask", "--json", question).stdout) for question in QUESTIONS]
    for answer in answers:
        del answer["seconds"]
    findings = json.loads(realist(project, "doctor", "--json").stdout)["findings"]
    return {
        "studies": json.loads(realist(project, "studies", "--json").stdout),
        "store": [finding for finding in findings if finding["check"] == "store"],
        "answers": answers,
    }


def undisturbed(project: Path, sources: list[str]) -> tuple[dict[str, Any], str, dict[str, float]]:
    """State, candidates and the seconds that each command took in a project that is left in peace."""
    seconds: dict[str, float] = {}
    realist(project.parent, "init", str(project))
    started = time.perf_counter()
    first = realist(project, "ingest", *sources)
    seconds["ingest"] = time.perf_counter() - started
    if first.returncode != 0:
        raise SystemExit(f"the undisturbed ingest failed: {first.stderr}")
    started = time.perf_counter()
    candidates = realist(project, "extract", "--jsonl").stdout
    seconds["extract"] = time.perf_counter() - started
    return state(project), candidates, seconds


def try_ingest(project: Path, sources: list[str], after: float, expected: dict[str, Any]) -> Trial:
    """Kills an ingest into a fresh project, repeats it, compares."""
    realist(project.parent, "init", str(project))
    alive = kill_after(after, project, "ingest", *sources)
    opens = realist(project, "studies", "--json")
    again = realist(project, "ingest", *sources)
    if opens.returncode != 0:
        return Trial("ingest", after, alive, f"the store did not open after the kill: {opens.stderr.strip()}")
    if again.returncode != 0:
        return Trial("ingest", after, alive, f"the rerun ended with {again.returncode}: {again.stderr.strip()}")
    got = state(project)
    differing = [part for part in expected if got[part] != expected[part]]
    return Trial("ingest", after, alive, f"differing: {', '.join(differing)}" if differing else "")


def try_extract(project: Path, after: float, expected: str) -> Trial:
    """Kills an extraction over an ingested project, repeats it, compares."""
    alive = kill_after(after, project, "extract", "--jsonl")
    again = realist(project, "extract", "--jsonl")
    if again.returncode != 0:
        return Trial("extract", after, alive, f"the rerun ended with {again.returncode}: {again.stderr.strip()}")
    return Trial("extract", after, alive, "" if again.stdout == expected else "the candidates differ")


def main() -> int:
    """Prints a line a trial; 0 when every rerun equalled the undisturbed run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=[str(shipped("corpus"))], help="what to ingest")
    parser.add_argument("--times", type=int, default=20, help="kills of each command")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    sources = [str(Path(path).absolute()) for path in arguments.paths]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="realist-kill-") as folder:
        peace = Path(folder) / "peace"
        expected, candidates, seconds = undisturbed(peace, sources)
        print(f"undisturbed: ingest {seconds['ingest']:.1f} s, extract {seconds['extract']:.1f} s", flush=True)
        for number in range(arguments.times):
            trials = (
                try_ingest(Path(folder) / f"t{number}", sources, moments.uniform(0, seconds["ingest"]), expected),
                try_extract(peace, moments.uniform(0, seconds["extract"]), candidates),
            )
            for trial in trials:
                failed += bool(trial.difference)
                state_then = "at work" if trial.alive else "already done"
                verdict = trial.difference or "equal"
                print(f"{trial.command:<8} killed after {trial.after:5.2f} s ({state_then}): {verdict}", flush=True)
    print(f"{2 * arguments.times} kills, {failed} reruns that differ")
    return int(failed > 0)


def _line(project: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "assistant.cli.main", "--project", str(project), "-q", *arguments]


if __name__ == "__main__":
    sys.exit(main())
