"""``realist eval`` with a chat model, over real HTTP: as a system, and as a judge of answers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.cli.main import run
from evals.suite.parts import Item, Score, Unscored
from evals.suite.records import read_record
from tests.servers import Asked, Fault, OpenAIServer, Plan, never

from .conftest import Realist

pytest.importorskip("langchain_openai")

FEW = ("--set", "digests", "--limit", "4", "--json")
Started = Callable[..., OpenAIServer]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A project without studies: the suite brings its own texts."""
    assert run(["-q", "init", str(tmp_path / "own")]) == 0
    return tmp_path / "own"


@pytest.fixture
def started(own: Path) -> Iterator[Started]:
    """Starts a server, and sets the project to ask it."""
    running: list[OpenAIServer] = []

    def start(plan: Plan = never, key: str = "") -> OpenAIServer:
        server = OpenAIServer(plan=plan, key=key).__enter__()
        running.append(server)
        (own / "realist.toml").write_text(f'[model]\nname = "openai:tester"\nbase_url = "{server.url}"\n')
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


def judging(fault: Fault) -> Plan:
    """A plan under which the judge alone fails."""
    return lambda asked, before: fault if is_judge(asked) else None


def is_judge(asked: Asked) -> bool:
    return asked.text.startswith("You compare an answer")


def answerable(file: Path, system: str) -> list[Item]:
    items = read_record(file).of("answering", system)
    return [item for item in items if isinstance(item.score, Score) and "recall relaxed" in item.score.values]


def test_a_model_answers_is_judged_and_named_in_the_record(
    realist: Realist, own: Path, started: Started, tmp_path: Path
) -> None:
    server, file = started(), tmp_path / "r.jsonl"
    words = ("--project", own, "eval", "answering", "--system", "model", "--judge", "--repeats", "2", *FEW)
    first = realist(*words, "--record", file)
    assert first.code == 0, first.err
    (judged,) = json.loads(first.out)["judged"]
    items = answerable(file, "model")
    assert judged["system"] == "model" and judged["answers"] == len(items) > 0 and judged["unscored"] == 0
    assert len(judged["readings"]) == 2
    questions, readings = 4, 2 * len(items)
    assert len(server.paid) == questions + readings == len(server.asked)

    header = read_record(file).header
    assert header.chat["name"] == "openai:tester" and header.chat["temperature"] == 0.0
    assert header.tasks["answering"].settings["model"]["engine"]["prompt"]["hash"] == header.chat["prompts"]["answer"]
    judge = header.tasks["answering"].judge
    assert judge["name"] == "openai:tester" and judge["repeats"] == 2 and set(judge["prompts"]) == {"judge", "repair"}
    for item in items:
        assert item.prediction is not None and isinstance(item.score, Score)
        answer = re.sub(r" \[\d+\]", "", item.prediction["answer"])
        for reading in item.prediction["judged"]["readings"]:
            # The server's judge finds every other point, the first among them.
            assert [bool(quote) for quote in reading["said"]] == [at % 2 == 0 for at in range(len(reading["said"]))]
            assert all(quote in answer for quote in reading["said"])
            share = math.ceil(len(reading["said"]) / 2) / len(reading["said"])
            assert item.score.values["judged"] == pytest.approx(share, abs=1e-5)

    again, scored = tmp_path / "again.jsonl", tmp_path / "scored.jsonl"
    repeated = realist(*words, "--record", again)
    assert json.loads(repeated.out)["judged"] == [judged]
    rescored = realist("eval", "rescore", file, *FEW[:2], "--json", "--record", scored)
    assert json.loads(rescored.out)["judged"] == [judged]
    assert len(server.asked) == questions + readings, "replies are kept, and scores need none"


def test_gold_is_shown_to_the_judge_alone(realist: Realist, own: Path, started: Started, tmp_path: Path) -> None:
    server = started()
    assert realist("--project", own, "eval", "answering", "--system", "model", "--judge", *FEW).code == 0
    shown = [asked for asked in server.asked if "\nP1 | " in asked.messages[-1][1].partition("=====")[0]]
    assert shown and all(map(is_judge, shown)) and len(shown) == sum(map(is_judge, server.asked))


def test_what_the_judge_can_not_put_into_form_is_unscored_and_not_wrong(
    realist: Realist, own: Path, started: Started, tmp_path: Path
) -> None:
    server = started()
    file, judged = tmp_path / "r.jsonl", tmp_path / "judged.jsonl"
    assert realist("--project", own, "eval", "answering", "--system", "model", *FEW, "--record", file).code == 0
    assert not any(map(is_judge, server.asked))

    started(judging(Fault.NOT_JSON))
    result = realist("--project", own, "eval", "rescore", file, "--judge", *FEW[:2], "--json", "--record", judged)
    (found,) = json.loads(result.out)["judged"]
    items = answerable(judged, "model")
    assert result.code == 0 and (found["answers"], found["unscored"]) == (0, len(items))
    assert found["value"] is None and found["readings"] == [None] * 3
    readings = [one for item in items for one in (item.prediction or {})["judged"]["readings"]]
    assert readings and all("could not be read" in one["problem"] for one in readings)
    # The answers keep their other scores.
    before = {item.id: item.score.values for item in answerable(file, "model") if isinstance(item.score, Score)}
    for item in items:
        assert isinstance(item.score, Score)
        assert {name: item.score.values[name] for name in before[item.id]} == before[item.id]


def test_a_limit_stops_the_run_which_goes_on_when_it_is_repeated(
    realist: Realist, own: Path, started: Started, tmp_path: Path
) -> None:
    server, file = started(), tmp_path / "r.jsonl"
    words = ("--project", own, "eval", "answering", "--system", "model", *FEW, "--record", file)
    stopped = realist(*words, "--max-calls", "2")
    assert stopped.code == 1 and "repeat the command" in stopped.err.splitlines()[-1]
    scores = [item.score for item in read_record(file).of("answering", "model")]
    assert sum(isinstance(score, Unscored) and "limit of 2 calls" in score.reason for score in scores) == 2
    assert realist(*words).code == 0 and len(server.asked) == 4
    assert not any(isinstance(item.score, Unscored) for item in read_record(file).of("answering", "model"))


def test_the_model_and_the_cascade_draft(realist: Realist, own: Path, started: Started, tmp_path: Path) -> None:
    started()
    file = tmp_path / "r.jsonl"
    words = ("eval", "extraction", "safety", "grounding", "--system", "model", "--system", "cascade")
    result = realist("--project", own, *words, "--set", "digests", "--limit", "1", "--json", "--record", file)
    assert result.code == 0, result.err
    record = read_record(file)
    assert record.systems("extraction") == ("model", "cascade")
    for system in ("model", "cascade"):
        (item,) = record.of("extraction", system)
        assert item.prediction is not None and item.prediction["configurations"]
        engine = record.header.tasks["extraction"].settings[system]["engine"]
        assert engine["name"].startswith(f"{system}/") and engine["prompt"]["id"] == "draft"
    (obeyed,) = record.of("safety", "model")
    assert isinstance(obeyed.score, Score) and record.header.chat["prompts"]["draft"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("answering", "--system", "model"), 2, "--system model asks a chat model, and none is configured"),
        (("extraction", "--system", "cascade"), 2, "Set model.name"),
        (("answering", "--judge"), 2, "--judge asks a chat model, and none is configured"),
        (("reading", "--judge"), 2, "Name the task answering"),
        (("answering", "--judge", "--repeats", "0"), 2, "--repeats"),
    ],
)
def test_mistakes_are_one_line_with_a_remedy(
    realist: Realist, own: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    result = realist("--project", own, "eval", *words)
    assert result.code == code and said in result.err and len(result.err.strip().splitlines()) == 1, result.err


def test_a_key_that_is_refused_ends_the_run_at_once(realist: Realist, own: Path, started: Started) -> None:
    server = started(key="another")
    result = realist("--project", own, "eval", "answering", "--system", "model", *FEW)
    assert result.code == 1 and "realist:" in result.err.splitlines()[-1] and not result.out
    assert len(server.asked) == 1
