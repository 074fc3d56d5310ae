import json
from pathlib import Path

import pytest

from assistant.engines.model.requests import Usage
from assistant.errors import UsageError
from assistant.records.reports import report_of, reports
from assistant.records.runs import open_run


def line(item: str, **more: object) -> str:
    record = {"item": item, "key": item, "prompt": {"id": "draft", "hash": "ff"}, "calls": 1, "tokens_in": 10}
    return json.dumps(
        {**record, "tokens_out": 2, "cached": False, "seconds": 0.5, "finished": "", "problem": "", "text": "", **more}
    )


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """One finished extraction and one set of questions that was killed."""
    with open_run(tmp_path, "extract", "k", {"engine": "model/1", "studies": {"rota": "a", "choir": "b"}}) as journal:
        journal.append("rota", {"parts": [["rota/draft/02", "500"]]})
        journal.append("choir", {"parts": [["choir/draft/01", "500"]]})
        journal.append("choir", {"parts": []})  # mended later
        calls = [line("rota/draft/01"), line("rota/draft/02", calls=6, problem="500"), line("x", calls=0, cached=True)]
        (journal.folder / "calls.jsonl").write_text("\n".join(calls) + '\n{"item": "torn')
        journal.finish({})
    with open_run(tmp_path, "ask", "q", {"engine": "model/1", "questions": [["q1", "a"], ["q2", "b"]]}) as journal:
        journal.append("0001", {"id": "q1", "citations": 0, "problem": "timed out"})
    return tmp_path


def test_a_run_is_summed_up_from_its_files(runs: Path) -> None:
    extracted, asked = reports(runs)
    assert extracted.entry.done and not asked.entry.done
    assert (len(extracted.items), extracted.wanted, len(asked.items), asked.wanted) == (2, 2, 1, 2)
    assert extracted.problems == ("rota/draft/02: 500",) and asked.problems == ("q1: timed out",)
    assert extracted.tally.usage == Usage(7, 30, 6)
    assert (extracted.tally.cached, extracted.tally.failed) == (1, 1)
    assert (asked.calls, asked.tally.usage) == ((), Usage())


def test_a_run_is_called_by_as_much_of_its_name_as_no_other_has(runs: Path) -> None:
    first, last = reports(runs)
    assert report_of(runs, "last").name == last.name
    assert report_of(runs, first.name).name == first.name
    with pytest.raises(UsageError, match="2 runs begin with 2"):
        report_of(runs, "2")
    with pytest.raises(UsageError, match="no run is called 1999"):
        report_of(runs, "1999")
    with pytest.raises(UsageError, match="no run"):
        report_of(runs / "nowhere", "last")


def test_reading_a_run_changes_nothing(runs: Path) -> None:
    before = {file: file.read_bytes() for file in runs.rglob("*.json*")}
    for report in reports(runs):
        assert report.items is not None and report.calls is not None and report.header
    assert {file: file.read_bytes() for file in runs.rglob("*.json*")} == before
