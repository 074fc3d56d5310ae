import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evals.readme import README, stale_help

from .conftest import Realist


def test_help_has_examples(realist: Realist) -> None:
    names = ("init", "ingest", "studies", "ask", "chat", "extract", "eval", "demo", "doctor", "config", "logs")
    whole = realist("--help")
    assert whole.code == 0
    for name in names:
        assert name in whole.out
        result = realist(name, "--help")
        assert result.code == 0 and "Examples:" in result.out and f"realist {name}" in result.out


def test_the_readme_shows_the_help_as_it_is() -> None:
    assert stale_help(README.read_text("utf-8")) == []


def test_mistakes_are_one_line(realist: Realist, tmp_path: Path) -> None:
    for arguments in (["aks"], ["ask", "--nothing"], ["--project", str(tmp_path), "config"], ["ingest"]):
        result = realist(*arguments)
        assert result.code == 2, arguments
        assert result.out == "" and len(result.err.strip().splitlines()) == 1, result.err


def test_verbose_adds_the_traceback(realist: Realist, tmp_path: Path) -> None:
    assert "Traceback" in realist("-v", "--project", tmp_path, "config").err
    assert "Traceback" not in realist("--project", tmp_path, "config").err


def test_version(realist: Realist) -> None:
    result = realist("--version")
    assert result.code == 0 and result.out.startswith("realist ")


def test_settings_come_with_their_origins(realist: Realist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    realist("init", tmp_path)
    (tmp_path / "realist.toml").write_text("[embedding]\nthreads = 1\n")
    monkeypatch.setenv("REALIST_RETRIEVAL_TOP_K", "12")
    settings = json.loads(realist("--project", tmp_path, "config", "--json").out)["settings"]
    assert settings["retrieval.top_k"]["value"] == 12
    assert settings["retrieval.top_k"]["origin"] == "REALIST_RETRIEVAL_TOP_K"
    assert settings["embedding.threads"]["origin"] == "realist.toml"
    assert settings["chunking.max_tokens"]["origin"] == "default"
    assert "retrieval.top_k" in realist("--project", tmp_path, "config").out
    (tmp_path / "realist.toml").write_text("[embeding]\nthreads = 1\n")
    broken = realist("--project", tmp_path, "config")
    assert broken.code == 2 and "embedding.threads" in broken.err


def test_a_project_is_found_from_below(realist: Realist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert realist("init", tmp_path / "p").code == 0
    assert "nothing was changed" in realist("init", tmp_path / "p").err
    below = tmp_path / "p" / "a"
    below.mkdir()
    monkeypatch.chdir(below)
    assert str(tmp_path / "p") in realist("config").out
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REALIST_PROJECT", str(tmp_path / "p"))
    assert realist("config").code == 0


def test_quiet_says_nothing(realist: Realist, tmp_path: Path) -> None:
    assert realist("-q", "init", tmp_path).err == ""


def test_an_unexpected_error_is_one_line(realist: Realist, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a\nbug")

    monkeypatch.setattr("assistant.presentation.studies.render_entries", broken)
    result = realist("--project", project, "studies")
    assert result.code == 1 and result.err == "realist: unexpected error, please report it: a bug\n"


def test_interruption_has_its_own_code(realist: Realist, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.presentation.studies.render_entries", interrupted)
    assert realist("--project", project, "studies").code == 130


LIBRARIES = frozenset(
    "chromadb chromadb_rust_bindings httpx langchain langchain_core langsmith lxml numpy onnx onnxruntime openvino "
    "opentelemetry pydantic pypdfium2 requests rich safetensors sentence_transformers tokenizers torch transformers "
    "urllib3".split()
)
"""Each costs at least ten milliseconds to import."""
QUESTION = "Why did people resist?"
SETTINGS = {"pydantic"}
READING = {*SETTINGS, "rich"}
ANSWERING = {*SETTINGS, "numpy", "onnxruntime", "safetensors", "tokenizers"}


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], set()),
        (["config"], READING),
        (["studies"], READING),
        (["studies", "--json"], READING),
        (["ask", QUESTION], {*ANSWERING, "rich"}),
        (["ask", "--json", QUESTION], ANSWERING),
    ],
)
def test_nothing_heavy_is_imported_without_need(project: Path, arguments: list[str], needed: set[str]) -> None:
    assert not (LIBRARIES - needed) & _imported(project, arguments)


def test_a_question_imports_no_part_that_reads_or_drafts(project: Path) -> None:
    modules = _imported(project, ["ask", QUESTION])
    own = {name.removeprefix("assistant.") for name in modules if name.startswith("assistant.")}
    unneeded = (
        "tagging.rules",
        "tagging.trained.decoding",
        "engines.model",
        "engines.extractive.drafting",
        "domain.cmo",
    )
    unneeded += ("readers.registry", "readers.builder", "retrieval.langchain", "records", "chat", "work.ingesting")
    assert {name for name in own if name.startswith(unneeded)} == set()
    assert {name for name in own if name.startswith("cli.commands.")} == {"cli.commands.ask"}


def test_the_time_of_a_question_is_charged_to_its_stages(project: Path) -> None:
    command = [sys.executable, "-m", "evals.bench.stages", str(project), QUESTION]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root})
    *answer, stages = done.stdout.splitlines()
    spent = json.loads(stages)
    steps = "interpreter, command line, settings, opening the store, retrieval, choosing sentences, checking quotes"
    reading = {*(f"encoder: {part}" for part in ("vocabulary", "session", "question")), "reranker: passages"}
    assert "checked" in "".join(answer) and {*steps.split(", "), *reading, "rendering"} <= set(spent)
    assert all(spent[f"imports: {package}"] > 0 for package in ("assistant", "numpy", "onnxruntime", "pydantic"))
    assert 0 <= min(spent.values())


def _imported(project: Path, arguments: list[str]) -> set[str]:
    """What a command has imported at its end, in a process of its own."""
    script = (
        "import sys\nfrom assistant.cli.main import run\n"
        f"code = run(['--project', {str(project)!r}, *{arguments!r}])\n"
        "print(code, ' '.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ}
    )
    code, *modules = done.stderr.split()
    assert code == "0"
    return set(modules)
