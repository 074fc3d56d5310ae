"""The real packages of the providers against servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import assistant
from assistant.engines.model.provider import open_chat_model, send
from assistant.errors import (
    KeyRefused,
    ModelError,
    ModelFailed,
    ModelNotFound,
    ModelNotInstalled,
    ModelTimedOut,
    ModelUnreachable,
    PromptTooLong,
    RateLimited,
    ReplyRefused,
    RequestRefused,
    SettingsError,
)
from assistant.settings.schema import ModelSettings
from tests.servers import AnthropicServer, Fault, OllamaServer, OpenAIServer, in_turn
from tests.servers.faults import always

from .asking import SENTENCE, opened, request, sent, settings, streamed

SERVERS = (OpenAIServer, OllamaServer, AnthropicServer)
MODES = ("json_schema", "tools", "text")


@pytest.mark.parametrize(("kind", "mode"), list(product(SERVERS, (*MODES, "auto"))))
def test_each_way_of_asking_brings_the_reply_and_its_usage(kind: type, mode: str) -> None:
    with kind() as server:
        whole = sent(server, mode)
        pieces = streamed(server, mode)
    assert json.loads(whole.text)["configurations"][0]["passage"] == SENTENCE
    assert "".join(piece.text for piece in pieces) == whole.text and len(pieces) > 1
    paid = server.paid
    assert [entry.mode for entry in paid] == ["json_schema" if mode == "auto" else mode] * 2
    for usage, entry in zip((whole.usage, pieces[-1].usage), paid, strict=True):
        assert (usage.calls, usage.tokens_in, usage.tokens_out) == (1, entry.tokens_in, entry.tokens_out)
    assert all(piece.usage.calls == 0 for piece in pieces[:-1])


def test_what_is_sent_is_what_was_asked() -> None:
    with OpenAIServer() as server:
        sent(server, "json_schema")
    roles = [role for role, _ in server.asked[0].messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert tuple(text for _, text in server.asked[0].messages) == tuple(turn.text for turn in request().messages)


@pytest.mark.parametrize(("kind", "left"), list(product(SERVERS, (1, 2))))
def test_auto_goes_on_to_what_the_endpoint_takes_and_remembers(kind: type, left: int) -> None:
    taken = MODES[-left:]

    async def twice(server: object) -> list[int]:
        async with opened(settings(server)) as model:
            return [(await send(model, request())).usage.calls for _ in range(2)]

    with kind(modes=taken) as server:
        calls = asyncio.run(twice(server))
    assert calls == [1 + len(MODES) - left, 1]
    assert [entry.mode for entry in server.log] == [*MODES[: len(MODES) - left + 1], taken[0]]


def test_a_way_that_is_set_is_not_left() -> None:
    with OpenAIServer(modes=("text",)) as server, pytest.raises(RequestRefused, match="not supported") as error:
        sent(server, "tools")
    assert error.value.calls == 1 and len(server.log) == 1


CONNECTION = {
    Fault.RATE_LIMITED: RateLimited,
    Fault.SERVER_ERROR: ModelFailed,
    Fault.OVERLOADED: ModelFailed,
    Fault.HANG: ModelTimedOut,
    Fault.RESET: ModelFailed,
    Fault.REDIRECT: ModelNotFound,
    Fault.TOO_LONG: PromptTooLong,
    Fault.REFUSED: ReplyRefused,
}


@pytest.mark.parametrize(("kind", "fault", "mode"), list(product(SERVERS, CONNECTION, ("json_schema", "text"))))
def test_faults_are_told_apart_and_nothing_is_sent_again(kind: type, fault: Fault, mode: str) -> None:
    for ask in (sent, streamed):
        with kind(plan=always(fault)) as server:
            with pytest.raises(ModelError) as error:
                ask(server, mode, timeout_seconds=0.3 if fault is Fault.HANG else 5.0)
            assert type(error.value) is CONNECTION[fault], error.value
            assert error.value.calls == len(server.asked) == 1
            assert (error.value.remedy and "tester" in str(error.value)) or fault is Fault.REFUSED


@pytest.mark.parametrize(("kind", "mode"), list(product(SERVERS, ("json_schema", "text"))))
def test_what_is_no_reply_is_a_failure(kind: type, mode: str) -> None:
    with kind(plan=always(Fault.NO_REPLY)) as server, pytest.raises(ModelFailed):
        sent(server, mode)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.OVERLOADED])
def test_the_wait_that_is_asked_for_is_passed_on(kind: type, fault: Fault) -> None:
    with kind(plan=always(fault)) as server, pytest.raises(ModelFailed) as error:
        sent(server)
    assert error.value.retry_after is not None and 0 <= error.value.retry_after <= 1
    assert error.value.retryable


@pytest.mark.parametrize(("kind", "mode"), list(product(SERVERS, MODES)))
def test_a_reply_cut_short_is_still_text(kind: type, mode: str) -> None:
    with kind(plan=always(Fault.CUT)) as server:
        whole = sent(server, mode)
    assert whole.text.startswith('{"configurations"') and not whole.text.endswith("}]}")
    assert whole.usage.tokens_in == server.paid[0].tokens_in


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_is_not_there(kind: type) -> None:
    with kind() as server:
        chosen = settings(server)
    with pytest.raises(ModelUnreachable) as error:
        sent(server)
    assert chosen.base_url in str(error.value) and error.value.retryable and error.value.calls == 0


@pytest.mark.parametrize("kind", SERVERS)
def test_an_unknown_model(kind: type) -> None:
    with kind(models=("another",)) as server, pytest.raises(ModelNotFound, match="realist doctor"):
        sent(server)
    assert len(server.log) == 1


def test_keys_come_from_the_environment_and_are_never_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer(key="sk-right-0123456789") as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-9876543210")
        with pytest.raises(KeyRefused) as error:
            sent(server)
        assert "sk-wrong" not in str(error.value) and "[OPENAI_API_KEY]" in str(error.value)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-right-0123456789")
        assert sent(server).usage.calls == 1


def test_a_reply_that_holds_the_key_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-right-0123456789")
    with OpenAIServer(lambda asked: '{"configurations": "sk-right-0123456789"}') as server:
        assert sent(server).text == '{"configurations": "[OPENAI_API_KEY]"}'
        assert "sk-right" not in "".join(piece.text for piece in streamed(server))


def test_an_open_server_wants_no_key_but_the_provider_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with OpenAIServer() as server:
        assert sent(server).text
    for name in ("openai:gpt-5-mini", "anthropic:claude-haiku-4-5"):
        with pytest.raises(KeyRefused, match="_API_KEY is not set") as error:
            open_chat_model(ModelSettings(name=name))
        assert error.value.calls == 0


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.engines.model.provider.find_spec", lambda name: None)
    with pytest.raises(ModelNotInstalled, match=r'pip install "realist-assistant\[openai\]"'):
        open_chat_model(ModelSettings(name="openai:gpt-5-mini"))


def test_providers_without_an_extra_name_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_mistralai", None)
    with pytest.raises(ModelNotInstalled, match="pip install langchain-mistralai"):
        open_chat_model(ModelSettings(name="mistralai:small"))


@pytest.mark.parametrize("name", ["", "nobody:model"])
def test_no_model_and_no_such_provider(name: str) -> None:
    with pytest.raises(SettingsError):
        open_chat_model(ModelSettings(name=name))


def test_one_event_loop_after_another() -> None:
    with OpenAIServer() as server:
        assert [sent(server).usage.calls for _ in range(3)] == [1, 1, 1]


def test_the_plan_ends_and_the_next_request_is_answered() -> None:
    with OpenAIServer(plan=in_turn(Fault.SERVER_ERROR)) as server:
        with pytest.raises(ModelFailed):
            sent(server)
        assert sent(server).text


def test_no_other_module_knows_the_providers() -> None:
    knows = re.compile(
        r"^\s*(from|import) (openai|anthropic|ollama|langchain_(openai|ollama|anthropic)|langchain\.chat)"
    )
    root = Path(assistant.__file__).parent
    knowing = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if any(knows.match(line) for line in file.read_text("utf-8").splitlines())
    }
    assert knowing == {"engines/model/provider.py"}


def test_a_provider_is_imported_when_its_model_is_opened() -> None:
    script = "import sys, assistant.engines.model.provider; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"openai", "ollama", "anthropic", "langchain", "langchain_core"} & set(done.stdout.split())


def test_the_base_package_brings_no_provider() -> None:
    declared = tomllib.loads((Path(assistant.__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    waiting, brought = list(declared["dependencies"]), set[str]()
    while waiting:
        needed = Requirement(waiting.pop())
        name = canonicalize_name(needed.name)
        if name in brought or (needed.marker and not needed.marker.evaluate({"extra": ""})):
            continue
        brought.add(name)
        with contextlib.suppress(PackageNotFoundError):
            waiting += requires(name) or []
    assert {"langchain", "langsmith"} <= brought and len(brought) > 50
    assert not brought & {
        "openai",
        "ollama",
        "anthropic",
        "langchain-openai",
        "langchain-ollama",
        "langchain-anthropic",
    }
    assert {"openai", "ollama", "anthropic"} <= set(declared["optional-dependencies"])
