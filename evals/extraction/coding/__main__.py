"""``python -m evals.extraction.coding number FILE``: the sentences that may be coded, numbered.

``python -m evals.extraction.coding build DRAFT FILE OUT --coder NAME --kind TEXT``: a draft to a standoff coding.

``python -m evals.extraction.coding compare A B FILE``: two codings side by side, with the study's words.

``python -m evals.extraction.coding merge A B DRAFT FILE OUT --kind TEXT``: an adjudicator's draft to a coding.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.study import Study
from assistant.readers.registry import read_study
from evals.extraction.coding.adjudication import adjudicate
from evals.extraction.coding.comparing import lines, paired, placed
from evals.extraction.coding.draft import build, numbered
from evals.extraction.coding.files import Coding, Header, read_coding, write_coding

CODEBOOK = "1"


def main() -> int:
    """Runs one of the four; 1 where a draft has faults."""
    arguments = _parser().parse_args()
    commands = {"number": _number, "build": _build, "compare": _compare, "merge": _merge}
    return commands[arguments.command](arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, files in {
        "number": ("study",),
        "build": ("draft", "study", "out"),
        "compare": ("first", "second", "study"),
        "merge": ("first", "second", "draft", "study", "out"),
    }.items():
        command = commands.add_parser(name)
        for file in files:
            command.add_argument(file, type=Path)
        if name == "build":
            command.add_argument("--coder", required=True)
        if name in ("build", "merge"):
            command.add_argument("--kind", required=True, help="what kind of coder, plainly")
    return parser


def _number(arguments: argparse.Namespace) -> int:
    study = read_study(arguments.study)
    section = ""
    for number, heading, span in numbered(study):
        if heading != section:
            print(f"\n## {heading}")
            section = heading
        print(f"{number} {span.of(study.text)}")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    study = read_study(arguments.study)
    coded, faults = build(study, arguments.draft.read_text("utf-8"))
    write_coding(arguments.out, Coding(_header(study, arguments.coder, arguments.kind), coded))
    print(f"{study.id}: {len(coded)} configurations written, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return int(bool(faults))


def _header(study: Study, coder: str, kind: str) -> Header:
    return Header(
        study=study.id,
        source_sha256=study.source.sha256,
        text_sha256=study.sha256,
        coder=coder,
        kind=kind,
        date=datetime.now(UTC).date().isoformat(),
        codebook=CODEBOOK,
    )


def _compare(arguments: argparse.Namespace) -> int:
    study = read_study(arguments.study)
    first, second = (placed(read_coding(file), study) for file in (arguments.first, arguments.second))
    for line in lines(study, paired(first, second, study.text)):
        print(line)
    return 0


def _merge(arguments: argparse.Namespace) -> int:
    study = read_study(arguments.study)
    first, second = read_coding(arguments.first), read_coding(arguments.second)
    made = adjudicate(study, first, second, arguments.draft.read_text("utf-8"))
    write_coding(arguments.out, Coding(_header(study, "adjudicated", arguments.kind), made.configurations))
    dropped = "".join(f"{one.entry}\t{one.reason}\n" for one in made.dropped)
    arguments.out.with_name(f"{study.id}.dropped.tsv").write_text(dropped, "utf-8")
    print(
        f"{study.id}: {len(made.configurations)} configurations, {made.agreed} agreed, {made.changed} changed, "
        f"{len(made.dropped)} dropped, {len(made.faults)} faults"
    )
    for fault in made.faults:
        print(f"  {fault}")
    return int(bool(made.faults))


if __name__ == "__main__":
    sys.exit(main())
