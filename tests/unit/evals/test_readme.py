from __future__ import annotations

from pathlib import Path

import pytest

from evals.readme import README, stale_quality, with_quality
from evals.suite import quality
from evals.suite.records import Header, Record, write_record

from .suite.making import TASK, item


def test_the_quality_table_is_what_the_committed_baselines_say() -> None:
    assert not stale_quality(README.read_text("utf-8"))


def test_a_table_that_differs_or_is_missing_is_stale() -> None:
    readme = README.read_text("utf-8")
    assert stale_quality(readme.replace("<!-- quality -->\n", "<!-- quality -->\n| extraction | 0.99 |\n"))
    assert stale_quality(readme.replace("<!-- quality -->", ""))


def test_the_table_is_made_of_the_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Here(type(TASK)):  # type: ignore[misc]
        baseline = tmp_path / "baseline.jsonl"

    task = Here(**{name: getattr(TASK, name) for name in TASK.__dataclass_fields__})
    items = {
        ("safety", "doubling"): (item("1", "a", right=1.0), item("2", "b", right=1.0)),
        ("safety", "constant"): (item("1", "a", right=0.0), item("2", "b", right=0.0)),
    }
    write_record(task.baseline, Record(Header(commit="0123456789abc+"), items))
    monkeypatch.setattr(quality, "load_task", lambda name: task)
    monkeypatch.setattr("evals.suite.results.load_task", lambda name: task)
    made = quality.quality(("safety",))
    assert made.splitlines()[:4] == [
        "| safety, digests (2) | right |",
        "|---|---|",
        "| **doubling** | 1.00 (1.00–1.00) |",
        "| constant | 0.00 (0.00–0.00) |",
    ]
    assert "measured at 0123456789" in made
    readme = "before\n<!-- quality -->\nold\n<!-- end -->\nafter\n"
    assert with_quality(readme).startswith("before\n<!-- quality -->\n")
