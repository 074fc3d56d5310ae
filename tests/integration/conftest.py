"""Projects to run the command in, made once and copied for whoever changes them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.cli.main import run
from assistant.shipped import shipped


@dataclass(frozen=True, slots=True)
class Result:
    """What one command did."""

    code: int
    out: str
    err: str


Realist = Callable[..., Result]


@pytest.fixture
def realist(capfd: pytest.CaptureFixture[str]) -> Realist:
    """Runs the command in this process and returns exit code, stdout and stderr."""

    def call(*arguments: str | Path) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return call


@pytest.fixture(scope="session")
def corpus_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that holds the shipped corpus; not to be changed."""
    folder = tmp_path_factory.mktemp("corpus")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REALIST_CACHE", str(Path(__file__).parents[2] / ".cache" / "realist"))
        assert run(["init", str(folder)]) == 0
        assert run(["--project", str(folder), "-q", "ingest", str(shipped("corpus"))]) == 0
    return folder


@pytest.fixture
def project(corpus_template: Path, tmp_path: Path) -> Path:
    """A project of one's own with the shipped corpus in it."""
    return shutil.copytree(corpus_template, tmp_path / "project")
