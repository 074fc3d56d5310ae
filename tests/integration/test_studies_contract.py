"""The contracts over real studies: every citation and span of a batch and of a full extraction resolves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli.main import run
from assistant.readers.registry import read_study

from .conftest import Realist
from .contract import Texts, check_answer, check_candidate

BATCH = Path(__file__).parents[2] / "evals" / "answering" / "questions" / "batch60.jsonl"

pytestmark = pytest.mark.timeout(1200)
"""Embedding 65 studies takes a minute on a quiet machine of two cores, and several on a busy one."""


@pytest.fixture(scope="module")
def big(studies_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all study texts and articles in it."""
    folder = tmp_path_factory.mktemp("big")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REALIST_CACHE", str(Path(__file__).parents[2] / ".cache" / "realist"))
        assert run(["init", str(folder)]) == 0
        assert run(["--project", str(folder), "-q", "ingest", str(studies_folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def texts(studies_folder: Path) -> Texts:
    """Stored texts, read afresh from the files: what the spans must resolve in."""
    files = [*studies_folder.glob("*.txt"), *studies_folder.glob("openaccess/*.nxml")]
    studies = [read_study(file) for file in files]
    return {study.id: study.text for study in studies}


def test_a_batch_of_sixty_questions(big: Path, texts: Texts, realist: Realist) -> None:
    result = realist("--project", big, "ask", "--batch", BATCH, "--jsonl")
    assert result.code == 0, result.err
    answers = [json.loads(line) for line in result.out.splitlines()]
    asked = [json.loads(line) for line in BATCH.read_text("utf-8").splitlines()]
    assert len(answers) == len(asked) >= 60
    assert [(answer["id"], answer["question"]) for answer in answers] == [(q["id"], q["question"]) for q in asked]
    for answer in answers:
        check_answer(answer, texts)
    assert sum(not answer["abstained"] for answer in answers) >= 30


def test_a_full_extraction(big: Path, texts: Texts, realist: Realist, tmp_path: Path) -> None:
    file = tmp_path / "candidates.jsonl"
    result = realist("--project", big, "extract", "-o", file)
    assert result.code == 0, result.err
    candidates = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for candidate in candidates:
        check_candidate(candidate, texts)
    assert len({candidate["id"] for candidate in candidates}) == len(candidates)
    assert {"marston-2022", "rycroft-malone-2016"} <= {candidate["study"] for candidate in candidates}
    again = realist("--project", big, "extract", "marston-2022", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in again] == [c for c in candidates if c["study"] == "marston-2022"]
