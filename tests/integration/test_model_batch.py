"""A batch over real HTTP: faults and a kill in the middle, and no window lost or paid for twice."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.main import run
from tests.servers import Asked, Fault, OpenAIServer, never, some
from tests.servers.coder import coder

from .conftest import Realist

# The studies are embedded first, which takes minutes on a busy machine.
pytestmark = pytest.mark.timeout(900)
STUDIES, PARAGRAPHS = 24, 60
FAULTS = (Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.RESET, Fault.OVERLOADED, Fault.NO_REPLY)
COMMAND = (sys.executable, "-m", "assistant.cli.main")
PLACES = ("ward", "clinic", "school", "hostel", "depot", "library", "farm", "court")
PEOPLE = ("nurses", "tutors", "carers", "drivers", "clerks", "wardens", "growers", "ushers")


def study_text(number: int) -> str:
    """A study of about nine windows, no sentence of which stands in another."""
    paragraphs = [
        f"In the {PLACES[part % 8]} {number}-{part}, the {PEOPLE[(part + number) % 8]} of team {part} trusted them, "
        f"so that the weekly plan {number * 100 + part} was kept and shared with every visitor who asked for it."
        for part in range(PARAGRAPHS)
    ]
    return f"# Plans in place {number}\n\n## Results\n\n" + "\n\n".join(paragraphs) + "\n"


@pytest.fixture(scope="module")
def batch_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of studies that make more than 200 windows; not to be changed."""
    folder = tmp_path_factory.mktemp("batch")
    sources = folder / "studies"
    sources.mkdir()
    for number in range(STUDIES):
        (sources / f"plans-{number:02}.md").write_text(study_text(number), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REALIST_CACHE", str(Path(__file__).parents[2] / ".cache" / "realist"))
        assert run(["init", str(folder)]) == 0
        assert run(["--project", str(folder), "-q", "ingest", str(sources)]) == 0
    return folder


@pytest.fixture
def batch(batch_template: Path, tmp_path: Path) -> Path:
    """A project of one's own with those studies."""
    return shutil.copytree(batch_template, tmp_path / "batch")


def use(project: Path, server: OpenAIServer, **more: Any) -> None:
    """Sets the project to ask ``server``."""
    values = {"concurrency": 16, "timeout_seconds": 20, "price_in": 2.0, "price_out": 8.0, **more}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (project / "realist.toml").write_text(
        '[answer]\nengine = "model"\n[extract]\nwindow_characters = 1000\noverlap_characters = 0\n'
        f'[model]\nname = "openai:tester"\nbase_url = "{server.url}"\n' + "\n".join(lines) + "\n"
    )


def replayed(project: Path) -> str:
    """What the last run's replay prints, in a process that may not reach anything."""
    line = [*COMMAND, "--offline", "--project", str(project), "logs", "last", "--replay"]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


def json_of(result: Any) -> Any:
    assert result.code == 0, result.err
    return json.loads(result.out)


def lines_of(file: Path) -> list[dict[str, Any]]:
    whole = file.read_bytes() if file.exists() else b""
    return [json.loads(line) for line in whole[: whole.rfind(b"\n") + 1].splitlines()]


class Held:
    """A model that from some moment on replies to nobody until whoever asked is gone."""

    def __init__(self) -> None:
        self.shut = threading.Event()
        self.gone = threading.Event()

    def reply(self, asked: Asked) -> str:
        if self.shut.is_set() and not self.gone.is_set():
            self.gone.wait(60)
            raise ConnectionAbortedError("whoever asked was killed")
        return coder(asked)


def wait_until(condition: Any, seconds: float = 120.0) -> None:
    """Waits for another process; the limit only ends a test that has failed anyway."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.02)


def killed_in_the_middle(project: Path, server: OpenAIServer, held: Held, paid: int) -> Path:
    """Extracts until so many windows are paid for, then kills with SIGKILL; returns the run's folder.

    The model is held before the kill, so that the test knows what was delivered: a reply on its way at the very
    moment of the kill is in nobody's hands.
    """
    line = [*COMMAND, "--project", str(project), "extract", "--jsonl"]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    wait_until(lambda: len(server.paid) >= paid or process.poll() is not None)
    held.shut.set()
    (folder,) = (project / ".realist" / "runs").glob("*-extract")
    wait_until(lambda: len([1 for line in lines_of(folder / "calls.jsonl") if not line["problem"]]) == len(server.paid))
    assert process.poll() is None, process.stderr and process.stderr.read()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    held.gone.set()
    return folder


def test_two_hundred_windows_survive_faults_and_a_kill(batch: Path, realist: Realist) -> None:
    held = Held()
    with OpenAIServer(held.reply, some(0.1, FAULTS), latency=0.02) as server:
        use(batch, server)
        windows = json_of(realist("--project", batch, "extract", "--estimate", "--jsonl"))["calls"]
        assert windows >= 200 and not server.log
        folder = killed_in_the_middle(batch, server, held, windows // 2)
        before = {entry.digest for entry in server.paid}
        assert windows // 2 <= len(before) < windows
        with (folder / "calls.jsonl").open("ab") as journal:
            journal.write(b'{"item": "plans-00/draft/01", "key": "cut sho')
        went_on = realist("--project", batch, "extract", "--jsonl")
        assert went_on.code == 0, went_on.err

        paid = Counter(entry.digest for entry in server.paid)
        assert len(paid) == windows, "a window was lost"
        assert set(paid.values()) == {1}, "a window was paid for twice"
        failed = [entry for entry in server.log if entry.became in set(FAULTS)]
        assert len(failed) >= windows // 20, "the faults did not happen"
        asked_after = [entry.digest for entry in server.log[len(server.log) - len(server.paid) + len(before) :]]
        assert not before & set(asked_after)
        journal_items = Counter(line["item"] for line in lines_of(folder / "calls.jsonl") if not line["problem"])
        assert len(journal_items) == windows and set(journal_items.values()) == {1}

        report = json_of(realist("--project", batch, "logs", "last", "--json"))
        assert report["done"] and report["items"] == {"done": STUDIES, "wanted": STUDIES} and report["problems"] == []
        pieces = {piece["item"]: piece for piece in report["pieces"] if not piece["problem"]}
        for candidate in map(json.loads, went_on.out.splitlines()):
            piece = pieces[candidate["request"]]
            assert piece["tokens_in"] and piece["finished"] and piece["prompt"] == candidate["engine"]["prompt"]
        assert report["tokens_in"] == sum(entry.tokens_in for entry in server.paid)
        assert report["tokens_out"] == sum(entry.tokens_out for entry in server.paid)
        requests = len(server.log)
        again = realist("--project", batch, "extract", "--jsonl")
        assert again.out == went_on.out
        assert [entry.became for entry in server.log[requests:]] == [], "what is kept is not asked for again"
    assert replayed(batch) == went_on.out


def undisturbed(realist: Realist, project: Path) -> list[str]:
    result = realist("--project", project, "extract", "--jsonl")
    assert result.code == 0, result.err
    return [json.loads(line)["study"] for line in result.out.splitlines()]


def test_limits_stop_cleanly_and_the_next_run_goes_on(batch: Path, realist: Realist) -> None:
    with OpenAIServer() as server:
        use(batch, server)
        stopped = realist("--project", batch, "extract", "--jsonl", "--max-calls", "20")
        assert stopped.code == 1 and "stopped at the limit of 20 calls" in stopped.err and "to go on" in stopped.err
        assert len(server.paid) == 20
        some_studies = {json.loads(line)["study"] for line in stopped.out.splitlines()}
        assert 0 < len(some_studies) < STUDIES
        (run_of_it,) = json_of(realist("--project", batch, "logs", "--json"))["runs"]
        assert not run_of_it["done"] and run_of_it["calls"] == 20

        estimate = json_of(realist("--project", batch, "extract", "--estimate", "--jsonl"))
        assert estimate["cached"] == 20 and estimate["tokens_out"]["usual"]
        cheap = realist("--project", batch, "extract", "--jsonl", "--max-cost", "0.01")
        spent = sum(entry.tokens_in * 2.0 + entry.tokens_out * 8.0 for entry in server.paid[20:]) / 1e6
        assert cheap.code == 1 and spent <= 0.01
        assert set(undisturbed(realist, batch)) == {f"plans-{number:02}" for number in range(STUDIES)}
        assert set(Counter(entry.digest for entry in server.paid).values()) == {1}
        runs = json_of(realist("--project", batch, "logs", "--json"))["runs"]
        assert len(runs) == 1 and runs[0]["done"], "each command went on with the same run"


def test_a_cost_can_be_limited_only_where_prices_are_known(batch: Path, realist: Realist) -> None:
    with OpenAIServer() as server:
        use(batch, server, price_in=0.0, price_out=0.0)
        result = realist("--project", batch, "extract", "--max-cost", "1")
        assert result.code == 2 and "model.price_in" in result.err and not server.log


def test_what_failed_is_named_and_can_be_done_anew(batch: Path, realist: Realist) -> None:
    def first_studys_windows(asked: Asked, before: int) -> Fault | None:
        return Fault.TOO_LONG if "plan 0 was" in asked.text or "plan 7 was" in asked.text else None

    with OpenAIServer(plan=first_studys_windows) as server:
        use(batch, server)
        failed = realist("--project", batch, "extract", "plans-00", "plans-01", "--jsonl")
        assert failed.code == 4 and "plans-00/draft/01" in failed.err and "maximum context length" in failed.err
        assert {json.loads(line)["study"] for line in failed.out.splitlines()} == {"plans-00", "plans-01"}
        requests = len(server.log)
        report = realist("--project", batch, "logs", "last")
        assert "plans-00/draft/01" in report.out and "finished" in report.out
        server.plan = never
        mended = realist("--project", batch, "extract", "plans-00", "plans-01", "--retry-failed", "--jsonl")
        assert mended.code == 0, mended.err
        assert "weekly plan 0 was" in mended.out and "weekly plan 0 was" not in failed.out
        retried = len(server.log) - requests
        assert 0 < retried <= 2 * len([line for line in failed.err.splitlines() if "not extracted" in line])
        assert json_of(realist("--project", batch, "logs", "last", "--json"))["problems"] == []


def test_a_wrong_key_costs_one_request(batch: Path, realist: Realist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-the-right-one")
    with OpenAIServer(key="the-right-one") as server:
        use(batch, server)
        result = realist("--project", batch, "extract", "--jsonl")
        assert result.code == 1 and "401" in result.err and "not-the-right-one" not in result.err
        assert len(server.log) == 1
        monkeypatch.setenv("OPENAI_API_KEY", "the-right-one")
        assert undisturbed(realist, batch)


def test_questions_in_a_batch_are_asked_at_once_and_replayed(batch: Path, realist: Realist, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    texts = [f"Why was the weekly plan of the {place} kept?" for place in PLACES]
    questions.write_text("".join(json.dumps({"id": f"q{n}", "question": text}) + "\n" for n, text in enumerate(texts)))
    with OpenAIServer(latency=0.1) as server:
        use(batch, server)
        asked = ("--project", batch, "ask", "--batch", questions, "--jsonl")
        assert json_of(realist(*asked, "--estimate"))["calls"] == len(texts)
        answered = realist(*asked)
        assert answered.code == 0, answered.err
        answers = [json.loads(line) for line in answered.out.splitlines()]
        assert [answer["id"] for answer in answers] == [f"q{n}" for n in range(len(texts))]
        assert all(answer["usage"]["calls"] == 1 and answer["engine"]["prompt"]["id"] for answer in answers)
        assert max(entry.at_once for entry in server.log) > 3
        assert len(server.log) == len(texts)
    for before, after in zip(answers, map(json.loads, replayed(batch).splitlines()), strict=True):
        assert {**before, "seconds": 0} == {**after, "seconds": 0}


def test_a_replay_says_when_it_does_not_know(batch: Path, realist: Realist) -> None:
    with OpenAIServer() as server:
        use(batch, server)
        assert realist("--project", batch, "extract", "plans-03", "--jsonl").code == 0
    calls = next((batch / ".realist" / "runs").glob("*/calls.jsonl"))
    kept = calls.read_text().splitlines(keepends=True)
    calls.write_text("".join(kept[1:]))
    result = realist("--project", batch, "logs", "last", "--replay")
    assert result.code == 1 and "holds no call for plans-03/draft/" in result.err


def test_a_conversation_is_a_run(batch: Path, realist: Realist, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        use(batch, server)
        monkeypatch.setattr("sys.stdin", io.StringIO("Why was the weekly plan of the ward kept?\n/quit\n"))
        assert realist("--project", batch, "chat").code == 0
        report = json_of(realist("--project", batch, "logs", "last", "--json"))
        assert (report["kind"], report["done"], report["calls"]) == ("chat", True, len(server.log))
        assert report["tokens_in"] == server.paid[0].tokens_in and report["pieces"][0]["prompt"]["id"] == "answer"
        assert "can't be replayed" in realist("--project", batch, "logs", "last", "--replay").err


@pytest.fixture(autouse=True)
def a_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What OpenAI's package wants, whatever it is."""
    monkeypatch.setenv("OPENAI_API_KEY", "for-the-tests")
    yield
