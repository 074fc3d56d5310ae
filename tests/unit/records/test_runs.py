import json
from pathlib import Path

import pytest

from assistant.errors import StoreLocked, StoreNotWritable
from assistant.records.runs import list_runs, open_run, run_key


def test_a_finished_run_is_not_gone_on_with(tmp_path: Path) -> None:
    with open_run(tmp_path, "extract", "k", {}) as journal:
        journal.append("a", {"n": 1})
        journal.finish({"n": 1})
    with open_run(tmp_path, "extract", "k", {}) as second:
        assert not second.resumed and second.folder != journal.folder
    assert [entry.done for entry in list_runs(tmp_path)] == [True, False]


def test_an_unfinished_run_of_the_same_key_goes_on(tmp_path: Path) -> None:
    with open_run(tmp_path, "extract", "k", {}) as journal:
        journal.append("a", {"n": 1})
    assert not open_run(tmp_path, "extract", "other", {}).resumed
    assert not open_run(tmp_path, "ask", "k", {}).resumed
    with open_run(tmp_path, "extract", "k", {}) as again:
        assert again.resumed and dict(again.finished_items) == {"a": {"item": "a", "n": 1}}
    assert not open_run(tmp_path, "extract", "k", {}, fresh=True).resumed


def test_a_line_cut_short_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    with open_run(tmp_path, "extract", "k", {}) as journal:
        journal.append("a", {"n": 1})
        journal.append("b", {"n": 2})
    file = journal.folder / "journal.jsonl"
    whole = file.read_bytes()
    for cut in range(whole.index(b"\n") + 1, len(whole)):
        file.write_bytes(whole[:cut])
        with open_run(tmp_path, "extract", "k", {}) as again:
            assert set(again.finished_items) == {"a"}
            again.append("c", {"n": 3})
        assert [json.loads(line)["item"] for line in file.read_text().splitlines()] == ["a", "c"]


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    with (
        open_run(tmp_path, "extract", "k", {}),
        pytest.raises(StoreLocked, match="another process"),
        open_run(tmp_path, "extract", "k", {}),
    ):
        pass


def test_folders_without_a_header_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "20200101-extract").mkdir()
    (tmp_path / "20200102-extract").mkdir()
    (tmp_path / "20200102-extract" / "run.json").write_text("{")
    assert list_runs(tmp_path) == []
    assert not open_run(tmp_path, "extract", "k", {}).resumed


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file, no folder")
    with pytest.raises(StoreNotWritable, match="runs can't be written"):
        open_run(tmp_path / "runs", "extract", "k", {})


def test_keys_depend_on_all_parts_and_not_on_their_order() -> None:
    assert run_key(a=1, b="x") == run_key(b="x", a=1)
    assert run_key(a=1, b="x") != run_key(a=1, b="y")
    assert len(run_key()) == 16
