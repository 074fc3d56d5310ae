"""Damaged and hostile files are read or refused with a reason, within the memory and time that a laptop has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.readers.registry import read_study
from tests.unit.readers.malformed import BASES, malformed

GIGABYTES = 2
SECONDS = 60
ROOT = Path(__file__).parents[3]


def test_malformed_files_are_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    names = set()
    for name, data in malformed():
        (tmp_path / name).write_bytes(data)
        names.add(name)
    assert len(names) >= 40
    command = [sys.executable, "-m", "tests.unit.readers.malformed", str(tmp_path), str(GIGABYTES)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = {entry["file"]: entry for entry in map(json.loads, done.stdout.splitlines())}
    assert set(found) == names
    for entry in found.values():
        assert entry["result"].startswith(("read:", "refused:")), entry
        assert entry["seconds"] < SECONDS, entry


def test_what_the_base_files_hold_is_read(tmp_path: Path) -> None:
    for ending, base in BASES.items():
        path = tmp_path / f"a.{ending}"
        path.write_bytes(base())
        study = read_study(path)
        assert "the daily huddle changed" in study.text and "Results" in [section.title for section in study.sections]


@pytest.mark.parametrize("ending", sorted(BASES))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_any_change_of_bytes_is_read_or_refused(
    tmp_path: Path, ending: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    data = BASES[ending]()
    for place, length, insert in cuts:
        at = int(place * len(data))
        data = data[:at] + insert + data[at + length :]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    try:
        assert read_study(path).text
    except ReadingError as error:
        assert error.remedy
