import json
from pathlib import Path

from .conftest import Realist


def test_runs_of_the_default_engine_are_listed(realist: Realist, project: Path) -> None:
    assert "No runs yet" in realist("--project", project, "logs").err
    assert realist("--project", project, "extract", "marston-2022", "--jsonl").code == 0
    (run,) = json.loads(realist("--project", project, "logs", "--json").out)["runs"]
    assert run["kind"] == "extract" and run["done"] and run["items"] == {"done": 1, "wanted": 1}
    assert (run["calls"], run["tokens_in"], run["problems"]) == (0, 0, [])
    listed = realist("--project", project, "logs").out
    assert run["run"] in listed and "1/1" in listed and "unfinished" not in listed
    shown = realist("--project", project, "logs", run["run"][:9])
    assert shown.code == 0 and run["engine"]["model"] in shown.out


def test_mistakes_are_named(realist: Realist, project: Path) -> None:
    assert realist("--project", project, "logs", "last").code == 2
    realist("--project", project, "extract", "marston-2022", "--jsonl")
    for arguments, words in (
        (("nothing",), "no run is called nothing"),
        (("--replay",), "needs a run"),
        (("last", "--replay"), "asked no chat model"),
    ):
        result = realist("--project", project, "logs", *arguments)
        assert result.code == 2 and words in result.err and result.out == ""


def test_without_a_chat_model_an_estimate_is_nothing(realist: Realist, project: Path) -> None:
    for arguments in (("extract", "--estimate", "--jsonl"), ("ask", "--estimate", "--json", "Why?")):
        estimate = json.loads(realist("--project", project, *arguments).out)
        assert estimate["calls"] == 0 and estimate["tokens_in"] == 0
    assert "calls" in realist("--project", project, "extract", "--estimate").out
    assert realist("--project", project, "extract", "marston-2022", "--max-calls", "0", "--jsonl").code == 0
