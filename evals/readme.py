"""Keeps what the README shows of the command true.

``python -m evals.readme`` runs the commands that the README's markers name and writes their output between the
markers, and the quality table from the committed baselines; ``--quality`` writes that table alone; ``--check`` writes
nothing and exits with 1 if a help text or the table differs from what stands there.
A block looks so: ``<!-- realist ask --help -->``, a fenced block, ``<!-- end -->``; the table stands between
``<!-- quality -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"(<!-- realist (?P<line>[^\n]*?) -->\n```text\n)(?P<shown>.*?)(```\n<!-- end -->)", re.DOTALL)

_QUALITY = re.compile(r"(<!-- quality -->\n)(?P<shown>.*?)(<!-- end -->)", re.DOTALL)


def output_of(line: str) -> str:
    """What ``realist LINE`` prints on stdout, in a pipe of 100 columns, paths relative to the checkout."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "assistant.cli.main", *shlex.split(line)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    shown = done.stdout.replace(f"{README.parent}/", "")
    return "\n".join(text.rstrip() for text in shown.splitlines()).strip("\n") + "\n"


def regenerated(readme: str) -> str:
    """The README with every block's output as it is now."""
    return with_quality(_BLOCK.sub(lambda block: block[1] + output_of(block["line"]) + block[4], readme))


def with_quality(readme: str) -> str:
    """The README with its quality table as the committed baselines have it."""
    from evals.suite.quality import quality

    return _QUALITY.sub(lambda block: block[1] + quality() + block[3], readme)


def stale_quality(readme: str) -> bool:
    """Whether the quality table is missing, or is not what the committed baselines say."""
    return _QUALITY.search(readme) is None or with_quality(readme) != readme


def stale_help(readme: str) -> list[str]:
    """The help commands whose shown text is not what they print now."""
    blocks = [block for block in _BLOCK.finditer(readme) if block["line"].endswith("--help")]
    return [block["line"] for block in blocks if block["shown"] != output_of(block["line"])]


def main() -> int:
    """Writes or checks the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether help texts and table are true")
    parser.add_argument("--quality", action="store_true", help="write the quality table alone")
    chosen = parser.parse_args()
    readme = README.read_text("utf-8")
    if chosen.check:
        stale = [f"differs: realist {line}" for line in stale_help(readme)]
        stale += ["differs: the quality table"] if stale_quality(readme) else []
        print("\n".join(stale) or "the help texts and the quality table are true")
        return int(bool(stale))
    README.write_text(with_quality(readme) if chosen.quality else regenerated(readme), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
