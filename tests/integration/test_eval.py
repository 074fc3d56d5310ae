from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from evals.extraction.evaluate import GOLD
from evals.suite.gates import Gate, Kind
from evals.suite.records import read_record

from .conftest import Realist

READING = ("eval", "reading", "--set", "digests")


@pytest.fixture
def record(realist: Realist, tmp_path: Path) -> Path:
    file = tmp_path / "run.jsonl"
    assert realist(*READING, "--limit", "3", "--record", file).code == 0
    return file


def test_a_run_prints_tables_and_keeps_every_item(realist: Realist, tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    result = realist(*READING, "--limit", "3", "--record", file)
    assert result.code == 0 and "reading, digests: 3 samples" in result.out and str(file) in result.err
    header = read_record(file).header
    assert len(read_record(file).of("reading", "readers")) == 3
    assert header.versions["realist"] and header.options["limit"] == 3
    assert header.tasks["reading"].gold["reading/gold/digests.json"]
    assert set(header.tasks["reading"].texts["digests"]) >= {"marston-2022"}


def test_results_for_machines(realist: Realist, tmp_path: Path) -> None:
    junit, page = tmp_path / "j.xml", tmp_path / "s.md"
    result = realist(*READING, "--json", "--junit", junit, "--md", page, "--record", tmp_path / "r.jsonl")
    found = json.loads(result.out)
    assert result.code == 0 and found["passed"] and found["gated"]
    assert found["tables"][0]["metrics"]["sections, recall"]["readers"]["value"] == 1.0
    assert {suite.get("name") for suite in xml.parse(junit).getroot()} == {"reading.digests"}
    assert page.read_text().startswith("### reading, digests")


def test_a_failed_gate_ends_with_three(realist: Realist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = (Gate("reading", "digests", "sections, recall", Kind.AT_LEAST, 2.0),)
    monkeypatch.setattr("evals.suite.gates.read_gates", lambda: gates)
    result = realist(*READING, "--record", tmp_path / "r.jsonl")
    assert result.code == 3 and "gate failed: reading, digests: sections, recall is 1.000" in result.out


def test_a_record_is_scored_again_compared_and_shown(realist: Realist, tmp_path: Path, record: Path) -> None:
    again = tmp_path / "again.jsonl"
    assert realist("eval", "rescore", record, "--record", again).code == 0
    assert read_record(again).items == read_record(record).items
    same = json.loads(realist("eval", "compare", record, again, "--json").out)["comparisons"]
    assert same and {one["verdict"] for one in same} == {"no difference"}
    assert "no difference" in realist("eval", "compare", record, again).out
    shown = realist("eval", "show", record, read_record(record).of("reading", "readers")[0].id)
    assert shown.code == 0 and "gold" in shown.out and "prediction" in shown.out


def test_own_gold_is_scored_on_the_project(realist: Realist, tmp_path: Path, project: Path) -> None:
    words = ("eval", "--gold", GOLD / "digests", "--system", "findings", "--system", "coders", "--json")
    result = realist("--project", project, *words, "--record", tmp_path / "r.jsonl")
    (table,) = json.loads(result.out)["tables"]
    assert (table["task"], table["set"], table["samples"]) == ("extraction", "own", 5)
    metrics = table["metrics"]["detection"]
    assert 0 < metrics["findings"]["value"] < metrics["coders"]["value"] < 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("singing",), "Tasks are reading"),
        (("--split", "train"), "test and dev"),
        (("reading", "--system", "magic"), "There are readers, all"),
        (("reading", "--set", "novels"), "At hand: digests"),
        (("reading", "--studies", "/nowhere"), "no folder"),
        (("rescore",), "realist eval rescore RECORD"),
        (("compare", "a"), "realist eval compare A B"),
        (("compare", "a", "b"), "can't be read"),
        (("show", "a"), "show RECORD ITEM"),
        (("--gold", "/nowhere"), "/nowhere is not there"),
    ],
)
def test_mistakes_are_one_line_with_a_remedy(
    realist: Realist, project: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.delenv("REALIST_TEST_STUDIES", raising=False)
    result = realist("--project", project, "eval", *words)
    assert result.code == 2 and said in result.err and len(result.err.strip().splitlines()) == 1, result.err
