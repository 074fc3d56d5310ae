"""``python -m evals.bench.profile ask``: where the processor time of a cold question goes, over fresh processes.

``python -m evals.bench.profile ingest PROJECT PATH``: how much of an ingest is spent in the encoder's kernels.

Shares say more than milliseconds: watching costs time itself, and other work on the machine more.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Literal

from assistant.settings.environment import cache_folder, forbid_network_libraries
from assistant.shipped import shipped
from evals.bench.goals import QUESTIONS
from evals.bench.measuring import described_machine, module, run
from evals.bench.projects import asking, ingested
from evals.bench.record import PAGE, with_block
from evals.bench.stages import IMPORTS

_SHOWN = 0.01
"""Share of the whole from which a package is listed by its name."""
_REST = "end of the process"


def cold(project: Path, rounds: int) -> dict[str, float]:
    """Median milliseconds of processor time by stage of one question, each time in a fresh process."""
    asked = module("evals.bench.stages", project, QUESTIONS[0])
    run(asked)  # files into memory, the encoder's graph into the cache
    return medians([_stages(asked) for _ in range(rounds)])


def _stages(command: Sequence[str]) -> dict[str, float]:
    done = run(command)
    spent: dict[str, float] = json.loads(done.said.splitlines()[-1])
    return {**spent, _REST: max(0.0, done.cpu_seconds * 1000 - sum(spent.values()))}


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median over runs of each stage, in the order of the first; a stage that a run lacks counts as 0 there."""
    names = dict.fromkeys(name for one in runs for name in one)
    return {name: median(one.get(name, 0.0) for one in runs) for name in names}


def stage_table(spent: Mapping[str, float]) -> str:
    """The stages as a Markdown table, the dearest first; imports that hardly count are put together."""
    whole = sum(spent.values())
    small = {name for name, own in spent.items() if name.startswith(IMPORTS) and own < _SHOWN * whole}
    shown = {name: own for name, own in spent.items() if name not in small}
    if small:
        shown[f"{IMPORTS}{len(small)} other packages"] = sum(spent[name] for name in small)
    lines = ["| part | ms | share |", "|---|---|---|"]
    lines += [f"| {name} | {own:.0f} | {own / whole:.0%} |" for name, own in sorted(shown.items(), key=_dearest)]
    imported = sum(own for name, own in spent.items() if name.startswith(IMPORTS))
    lines += [f"| all imports | {imported:.0f} | {imported / whole:.0%} |", f"| **whole** | {whole:.0f} | 100% |"]
    return "\n".join(lines) + "\n"


def _dearest(part: tuple[str, float]) -> float:
    return -part[1]


def steps(project: Path) -> str:
    """What one question calls, by the time spent in it and below, once everything is imported."""
    profile = cProfile.Profile()
    with asking(project) as asker:
        asker.ask(QUESTIONS[1])
        profile.runcall(asker.ask, QUESTIONS[0])
    shown = io.StringIO()
    pstats.Stats(profile, stream=shown).strip_dirs().sort_stats("cumulative").print_stats(r"\.py|\.so", 40)
    return shown.getvalue()


def kernels(
    project: Path, path: Path, engine: Literal["auto", "onnxruntime", "openvino"] = "auto"
) -> tuple[float, float]:
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
        ingested(project, path, MiniLM(cache=cache_folder(), runtime=choose_runtime(engine, "auto")))
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
    question = commands.add_parser("ask")
    question.add_argument("project", type=Path, nargs="?", help="the shipped digests in a throw-away project if none")
    question.add_argument("--rounds", type=int, default=9, help="fresh processes; medians are shown")
    question.add_argument("--steps", action="store_true", help="also what a second question calls")
    question.add_argument("--commit", action="store_true", help="write the table into the docs, too")
    ingesting = commands.add_parser("ingest")
    ingesting.add_argument("project", type=Path, help="whose store is built anew")
    ingesting.add_argument("path", type=Path)
    ingesting.add_argument("--runtime", default="auto", choices=("auto", "onnxruntime", "openvino"))
    given = parser.parse_args(arguments)
    forbid_network_libraries()
    if given.command == "ingest":
        inside, whole = kernels(given.project, given.path, given.runtime)
        print(f"{inside:.2f} of {whole:.2f} s in the encoder's kernels: {inside / whole:.0%}")
        return 0
    if given.project:
        return _ask(given.project, given)
    from assistant.embedding.minilm import MiniLM

    with tempfile.TemporaryDirectory(prefix="realist-bench-") as folder:
        ingested(Path(folder), shipped("corpus"), MiniLM(cache=cache_folder()))
        return _ask(Path(folder), given)


def _ask(project: Path, given: argparse.Namespace) -> int:
    machine = described_machine()
    made = ", ".join(f"{name} {value}" for name, value in machine.items())
    found = f"{stage_table(cold(project, given.rounds))}\nMedians of {given.rounds} processes; {made}.\n"
    print(found)
    if given.steps:
        print(steps(project))
    if given.commit:
        PAGE.write_text(with_block(PAGE.read_text("utf-8"), "cold", found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
