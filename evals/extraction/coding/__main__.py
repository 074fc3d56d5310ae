"""``python -m evals.extraction.coding number FILE``: the sentences that may be coded, numbered.

``python -m evals.extraction.coding build DRAFT FILE OUT --coder NAME --kind TEXT``: a draft to a standoff coding.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from assistant.readers.registry import read_study
from evals.extraction.coding.draft import build, numbered
from evals.extraction.coding.files import Coding, Header, write_coding

CODEBOOK = "1"


def main() -> int:
    """Runs one of the two; 1 where the draft has faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    number = commands.add_parser("number")
    number.add_argument("study", type=Path)
    making = commands.add_parser("build")
    making.add_argument("draft", type=Path)
    making.add_argument("study", type=Path)
    making.add_argument("out", type=Path)
    making.add_argument("--coder", required=True)
    making.add_argument("--kind", required=True, help="what kind of coder, plainly")
    arguments = parser.parse_args()
    return _number(arguments.study) if arguments.command == "number" else _build(arguments)


def _number(file: Path) -> int:
    study = read_study(file)
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
    header = Header(
        study=study.id,
        source_sha256=study.source.sha256,
        text_sha256=study.sha256,
        coder=arguments.coder,
        kind=arguments.kind,
        date=datetime.now(UTC).date().isoformat(),
        codebook=CODEBOOK,
    )
    write_coding(arguments.out, Coding(header, coded))
    print(f"{study.id}: {len(coded)} configurations written, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
