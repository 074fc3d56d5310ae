"""The chat-model engine over real HTTP: whatever a model replies, what is shown as checked stands in its study."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.readers.registry import read_study
from assistant.shipped import shipped
from tests.servers import AnthropicServer, Asked, Fault, OllamaServer, OpenAIServer, Plan, in_turn, never
from tests.servers.coder import coder

from .conftest import Realist, Result
from .contract import Texts, check_answer, check_candidate, check_engine

QUESTION = "Why did boundary spanners help implementation?"
STUDY = "rowley-2012"
SERVERS = {"openai": OpenAIServer, "ollama": OllamaServer, "anthropic": AnthropicServer}
Started = Callable[..., Any]
Checked = dict[str, Any]


@pytest.fixture(scope="module")
def texts() -> Texts:
    """Stored texts of the digests, read afresh."""
    studies = [read_study(file) for file in shipped("corpus").glob("*.md")]
    return {study.id: study.text for study in studies}


@pytest.fixture
def started(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Starts a server, and sets the project to ask it."""
    running: list[Any] = []
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key-for-tests")

    def start(plan: Plan = never, reply: Callable[[Asked], str] = coder, kind: str = "openai", **model: Any) -> Any:
        server = SERVERS[kind](reply, plan).__enter__()
        running.append(server)
        values = {"name": f"{kind}:tester", "base_url": server.url, **model}
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        (project / "realist.toml").write_text("\n".join(["[answer]", 'engine = "model"', "[model]", *lines]) + "\n")
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


def always(fault: Fault) -> Plan:
    return in_turn(*[fault] * 50)


def asked(realist: Realist, project: Path, *arguments: str) -> Checked:
    result = realist("--project", project, "ask", "--json", *arguments, QUESTION)
    assert result.code == 0, result.err
    answer: Checked = json.loads(result.out)
    return answer


def extracted(realist: Realist, project: Path, *arguments: str) -> tuple[list[Checked], Result]:
    result = realist("--project", project, "extract", "--jsonl", *arguments, STUDY)
    return [json.loads(line) for line in result.out.splitlines()], result


def spans(candidate: Checked) -> list[Checked]:
    mechanism = candidate["mechanism"]
    roles = [candidate["context"], mechanism["resource"], mechanism["reasoning"], candidate["outcome"]]
    return [span for role in (*roles, candidate["evidence"]) for span in role]


@pytest.mark.parametrize("kind", SERVERS)
def test_any_provider_answers_and_drafts_within_the_contract(
    realist: Realist, project: Path, texts: Texts, started: Started, kind: str
) -> None:
    pytest.importorskip(f"langchain_{kind}")
    started(kind=kind)
    answer = asked(realist, project)
    check_answer(answer, texts)
    assert answer["engine"]["name"].startswith("model/") and answer["engine"]["model"] == f"{kind}:tester"
    assert answer["engine"]["prompt"]["id"] == "answer" and answer["usage"]["calls"] >= 1

    candidates, result = extracted(realist, project)
    assert result.code == 0 and candidates
    for candidate in candidates:
        check_candidate(candidate, texts)
        assert candidate["engine"]["prompt"]["id"] == "draft"


@pytest.mark.parametrize("mode", ["json_schema", "tools", "text"])
def test_every_way_of_asking_for_structure(
    realist: Realist, project: Path, texts: Texts, started: Started, mode: str
) -> None:
    server = started(output=mode)
    check_answer(asked(realist, project), texts)
    assert {one.mode for one in server.asked} == {mode}


BAD = (Fault.INVENTED_QUOTE, Fault.CHANGED_WORD, Fault.OBEYED)
MENDED = (
    *(Fault.OTHER_DASHES, Fault.FENCED, Fault.THOUGHT, Fault.EXTRA_KEYS, Fault.WRONG_ENUM, Fault.TWICE),
    *(Fault.IN_PIECES, Fault.WRONG_SCHEMA, Fault.SERVER_ERROR, Fault.NO_REPLY),
)
LOST = (Fault.NOT_JSON, Fault.CUT)


@pytest.mark.parametrize("fault", [*BAD, *MENDED, *LOST])
def test_of_candidates_what_is_shown_as_checked_stands_in_the_study(
    realist: Realist, project: Path, texts: Texts, started: Started, fault: Fault
) -> None:
    started(in_turn(fault) if fault in {Fault.SERVER_ERROR, Fault.NO_REPLY} else always(fault))
    candidates, result = extracted(realist, project)

    for candidate in candidates:
        for span in spans(candidate):
            found = span["status"] != "not_found"
            assert found == (span["start"] is not None)
            assert not found or texts[STUDY][span["start"] : span["end"]] == span["quote"]
        check_engine(candidate["engine"])
    statuses = {candidate["status"] for candidate in candidates}
    assert statuses == ({"quarantined"} if fault in BAD else {"candidate"}) or (fault in LOST and not statuses)
    assert result.code == (0 if fault in MENDED else 4)
    assert ("not extracted" in result.err) is (fault not in MENDED)


@pytest.mark.parametrize("fault", [*BAD, *MENDED, Fault.CUT])
def test_of_answers_what_is_shown_as_checked_stands_in_the_study(
    realist: Realist, project: Path, texts: Texts, started: Started, fault: Fault
) -> None:
    started(in_turn(fault) if fault in {Fault.SERVER_ERROR, Fault.NO_REPLY} else always(fault))
    answer = asked(realist, project)
    for citation in answer["citations"]:
        found = citation["status"] != "not_found"
        assert not found or texts[citation["study"]][citation["start"] : citation["end"]] == citation["quote"]
    assert answer["abstained"] is (fault in BAD)
    assert ("unsupported" in answer) is (fault in BAD)


@pytest.mark.parametrize("mode", ["json_schema", "tools", "text"])
def test_a_reply_in_pieces_loses_none(realist: Realist, project: Path, started: Started, mode: str) -> None:
    server = started(output=mode)
    whole, _ = extracted(realist, project)
    server.plan = always(Fault.IN_PIECES)
    pieces, result = extracted(realist, project, "--no-cache")
    assert result.code == 0 and len(pieces) > 1
    assert pieces == whole and {one.mode for one in server.asked} == {mode}


def test_a_quote_that_is_wrong_once_is_mended(realist: Realist, project: Path, texts: Texts, started: Started) -> None:
    server = started(in_turn(Fault.INVENTED_QUOTE))
    answer = asked(realist, project)
    check_answer(answer, texts)
    assert len(server.asked) == 2 and "unsupported" not in answer


def test_statements_without_evidence_are_dropped_if_so_set(
    realist: Realist, project: Path, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(always(Fault.INVENTED_QUOTE))
    monkeypatch.setenv("REALIST_ANSWER_UNSUPPORTED", "drop")
    answer = asked(realist, project)
    assert answer["citations"] == [] and answer["unsupported"] > 0 and "Set apart" not in answer["answer"]


@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.REFUSED])
def test_no_reply_is_an_error_that_names_its_remedy(
    realist: Realist, project: Path, started: Started, fault: Fault
) -> None:
    started(always(fault))
    result = realist("--project", project, "ask", QUESTION)
    assert result.code == 1 and "not answered" in result.err and "Ask again" in result.err and not result.out


def test_the_cascade_sends_less_and_says_so(realist: Realist, project: Path, texts: Texts, started: Started) -> None:
    server = started()
    extracted(realist, project)
    whole = sum(one.tokens(len) for one in server.asked)
    server.asked.clear()
    candidates, result = extracted(realist, project, "--engine", "cascade")
    assert result.code == 0 and 0 < sum(one.tokens(len) for one in server.asked) < whole
    assert all(candidate["engine"]["name"].startswith("cascade/") for candidate in candidates)
    for candidate in candidates:
        check_candidate(candidate, texts)


def test_a_projects_own_prompt_is_used_and_named(realist: Realist, project: Path, started: Started) -> None:
    server = started()
    first = asked(realist, project)
    (project / "prompts").mkdir()
    own = Path(shutil.copy(shipped("prompts") / "answer.md", project / "prompts"))
    own.write_text(own.read_text("utf-8").replace("You answer questions", "You kindly answer questions"), "utf-8")
    second = asked(realist, project)
    assert first["engine"]["prompt"]["hash"] != second["engine"]["prompt"]["hash"]
    assert "You kindly answer" in server.asked[-1].text and len(server.asked) == 2
    own.write_text("no prompt", "utf-8")
    broken = realist("--project", project, "ask", QUESTION)
    assert broken.code == 1 and "answer.md can't be used as a prompt" in broken.err


def test_an_unknown_engine_is_a_usage_error(realist: Realist, project: Path) -> None:
    result = realist("--project", project, "ask", "--engine", "oracle", QUESTION)
    assert result.code == 2 and "answer.engine" in result.err


@pytest.fixture
def say(realist: Realist, project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Pipes lines into the chat and gives what it did."""

    def call(*lines: str) -> Result:
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
        return realist("--project", project, "chat")

    return call


def test_the_chat_streams_and_fills_follow_ups_in(say: Callable[..., Result], started: Started) -> None:
    def reply(asked: Asked) -> str:
        if "standalone" in str(asked.schema):
            return json.dumps({"standalone": "How did boundary spanners see it?"})
        return coder(asked)

    server = started(reply=reply)
    result = say(QUESTION, "and how did they see it?", f"/cmo {STUDY}")
    assert result.code == 0 and "Asked as: How did boundary spanners see it?" in result.err
    assert result.out.count("[1] ") >= 2 and "NOT FOUND" not in result.out
    assert [one.stream for one in server.asked[:3]] == [True, False, True]


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CUT, Fault.INVENTED_QUOTE, Fault.THOUGHT])
def test_the_chat_shows_nothing_unchecked_as_checked(
    say: Callable[..., Result], started: Started, fault: Fault, texts: Texts
) -> None:
    started(in_turn(fault))
    result = say(QUESTION)
    quotes = [line.strip().strip("“”") for line in result.out.splitlines() if line.strip().startswith("“")]
    assert result.code == 0 and quotes and "NOT FOUND" not in result.out
    assert "green cheese" not in result.out


def test_the_chat_asks_anew_and_keeps_to_limits_if_so_told(
    realist: Realist, project: Path, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = started()

    def said(*flags: str) -> tuple[Result, Checked]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{QUESTION}\nHow did leadership change over time?\n"))
        done = realist("--project", project, "chat", *flags)
        return done, json.loads(realist("--project", project, "logs", "last", "--json").out)

    first, run = said()
    assert run["calls"] == len(server.asked) > 1 and run["tokens_in"] == sum(one.tokens_in for one in server.paid)
    assert said()[1]["calls"] == 0 and said("--no-cache")[1]["calls"] == run["calls"]
    stopped, run = said("--no-cache", "--max-calls", "1")
    assert run["calls"] == 1 and "stopped at the limit of 1 calls" in stopped.err and "[1] " in stopped.out
    assert first.code == stopped.code == 0


def test_the_chat_goes_on_after_a_failure(say: Callable[..., Result], started: Started) -> None:
    started(in_turn(Fault.NOT_JSON, Fault.NOT_JSON))
    result = say(QUESTION, "How did leadership change over time?")
    assert "not answered" in result.err and "[1] " in result.out
