"""The guide's commands, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Realist

GUIDE = Path(__file__).parents[2] / "docs" / "own-coding.md"


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 5
    command = tmp_path / "bin" / "realist"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m assistant.cli.main "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(GUIDE.parents[1])}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "anna and ben" in done.stdout and "anna and candidates" in done.stdout
    written = json.loads((tmp_path / "example" / "agreement.json").read_text())
    assert written["left_out"]["not_found"] == [] and written["studies"][0]["configurations"] == [2, 2]
    assert written["means"]["detection"]["mean"] == 1.0
    assert written["means"]["level kappa"]["mean"] is None, "neither coded a level"
    coding = (tmp_path / "example" / "my-gold" / "rota.anna.jsonl").read_text()
    assert "listened" not in coding and '"kind": "a person, one pass"' in coding


@pytest.mark.parametrize("name", ["gold", "agreement"])
def test_help_has_examples(realist: Realist, name: str) -> None:
    result = realist(name, "--help")
    assert result.code == 0 and "Examples:" in result.out and f"realist {name}" in result.out
