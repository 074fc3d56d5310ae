"""``python -m evals.bench``: each goal of speed and memory measured, the tool and its peer in turn in one run.

Prints the table and keeps the record; ``--commit`` also writes both into the repository, as the figures that the docs
show. Other work on the machine changes seconds more than shares: compare shares.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.bench.goals import GOALS, QUICK, Bench, Sizes
from evals.bench.material import originals
from evals.bench.measuring import described_machine
from evals.bench.record import PAGE, Record, read_record, table, with_table, write_record


def measured(goal: int, texts: list[str], sizes: Sizes) -> Record:
    """One goal's figures."""
    machine = described_machine()
    with tempfile.TemporaryDirectory(prefix="realist-bench-") as folder:
        bench = Bench(Path(folder), texts, sizes)
        rows = GOALS[goal](bench)
    return Record({str(goal): {**bench.made, **machine}}, tuple(rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(prog="evals.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=Path, help="folder of study texts; the shipped digests if none is given")
    parser.add_argument("--goal", type=int, choices=sorted(GOALS), action="append", help="this one only; repeatable")
    parser.add_argument("--quick", action="store_true", help="small sizes: minutes, and less telling")
    parser.add_argument("--rounds", type=int, help="times that each command is run")
    parser.add_argument("--count", type=int, help="studies that are indexed")
    parser.add_argument("--words", type=int, help="words of each; 0 for whole studies")
    parser.add_argument("--passages", type=int, nargs="+", help="sizes of the stores that grow")
    parser.add_argument("--record", type=Path, default=Path(".cache/bench/record.json"), help="where figures are kept")
    parser.add_argument("--commit", action="store_true", help="write the figures into the docs, too")
    chosen = parser.parse_args(arguments)
    texts = originals(chosen.studies)
    for goal in chosen.goal or sorted(GOALS):
        print(f"measuring goal {goal} ...", file=sys.stderr, flush=True)
        found = measured(goal, texts, _sizes(chosen))
        chosen.record.parent.mkdir(parents=True, exist_ok=True)
        write_record(read_record(chosen.record).joined(found), chosen.record)
        if chosen.commit:
            write_record(read_record().joined(found))
            PAGE.write_text(with_table(PAGE.read_text("utf-8"), read_record()), "utf-8")
        print(table(found), flush=True)
    return 0


def _sizes(chosen: argparse.Namespace) -> Sizes:
    given = {
        "rounds": chosen.rounds,
        "studies": chosen.count,
        "words": chosen.words,
        "passages": tuple(chosen.passages) if chosen.passages else None,
    }
    return replace(
        QUICK if chosen.quick else Sizes(), **{name: value for name, value in given.items() if value is not None}
    )


if __name__ == "__main__":
    sys.exit(main())
