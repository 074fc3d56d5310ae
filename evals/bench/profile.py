"""``python -m evals.bench.profile ask PROJECT``: where a cold question's time goes, imports by package, work by step.

``python -m evals.bench.profile ingest PROJECT PATH``: how much of an ingest is spent in the encoder's kernels.

Shares say more than seconds: watching costs time itself, and other work on the machine more.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.settings.environment import cache_folder, forbid_network_libraries
from evals.bench.goals import QUESTIONS
from evals.bench.measuring import realist
from evals.bench.projects import asking, ingested

_IMPORT = re.compile(r"import time:\s+(?P<own>\d+) \|\s+\d+ \| +(?P<name>\S+)")
_SHOWN = 10_000
"""Microseconds from which a package or step is listed."""


def imports(project: Path) -> Counter[str]:
    """Microseconds by top-level package, of the imports of one question in a fresh process."""
    command = realist("--project", project, "ask", QUESTIONS[0])
    done = subprocess.run([command[0], "-X", "importtime", *command[1:]], capture_output=True, text=True, check=True)
    return by_package(done.stderr)


def by_package(said: str) -> Counter[str]:
    """Microseconds by top-level package, of what ``python -X importtime`` wrote."""
    spent: Counter[str] = Counter()
    for found in _IMPORT.finditer(said):
        spent[found["name"].partition(".")[0]] += int(found["own"])
    return spent


def steps(project: Path) -> str:
    """What one question calls, by the time spent in it and below, once everything is imported."""
    profile = cProfile.Profile()
    with asking(project) as asker:
        asker.ask(QUESTIONS[1])
        profile.runcall(asker.ask, QUESTIONS[0])
    shown = io.StringIO()
    pstats.Stats(profile, stream=shown).strip_dirs().sort_stats("cumulative").print_stats(r"\.py|\.so", 40)
    return shown.getvalue()


def kernels(project: Path, path: Path) -> tuple[float, float]:
    """Seconds in the encoder's kernels, and of the whole ingest of ``path``."""
    from assistant.embedding.minilm import MiniLM
    from assistant.embedding.openvino_session import OpenVinoSession
    from assistant.embedding.runtime import choose_runtime
    from assistant.embedding.session import Loaded

    spent = [0.0]
    originals: list[tuple[type[Any], Callable[..., Any]]] = [(kind, kind.vectors) for kind in (Loaded, OpenVinoSession)]
    for kind, original in originals:
        setattr(kind, "vectors", _timed(original, spent))  # noqa: B010
    began = time.perf_counter()
    try:
        ingested(project, path, MiniLM(cache=cache_folder(), runtime=choose_runtime("auto", "auto")))
    finally:
        for kind, original in originals:
            setattr(kind, "vectors", original)  # noqa: B010
    return spent[0], time.perf_counter() - began


def _timed(work: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            spent[0] += time.perf_counter() - began

    return timed


def main(arguments: Sequence[str]) -> int:
    """Profiles one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("ask").add_argument("project", type=Path)
    ingesting = commands.add_parser("ingest")
    ingesting.add_argument("project", type=Path, help="whose store is built anew")
    ingesting.add_argument("path", type=Path)
    given = parser.parse_args(arguments)
    forbid_network_libraries()
    if given.command == "ingest":
        inside, whole = kernels(given.project, given.path)
        print(f"{inside:.2f} of {whole:.2f} s in the encoder's kernels: {inside / whole:.0%}")
        return 0
    spent = imports(given.project)
    print(f"imports: {spent.total() / 1000:.0f} ms")
    for name, own in spent.most_common():
        if own >= _SHOWN:
            print(f"{own / 1000:8.0f} ms {own / spent.total():6.1%}  {name}")
    print(steps(given.project))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
