from __future__ import annotations

from typing import Any

import pytest

from assistant.cli.findings import Finding, tried
from assistant.cli.model_check import examine_model
from assistant.errors import OfflineError
from assistant.settings.schema import Settings
from tests.servers import AnthropicServer, Asked, Fault, OllamaServer, OpenAIServer
from tests.servers.faults import always
from tests.servers.serving import LoopbackServer

SERVERS = (OpenAIServer, OllamaServer, AnthropicServer)


def wet(asked: Asked) -> str:
    return '{"wet": true}'


def findings(server: LoopbackServer, engine: str = "model", **model: Any) -> list[Finding]:
    chosen = {"name": f"{server.provider}:tester", "base_url": server.url, "timeout_seconds": 5, **model}
    return list(examine_model(Settings.model_validate({"answer": {"engine": engine}, "model": chosen})))


@pytest.mark.parametrize("kind", SERVERS)
def test_a_sound_endpoint(kind: type) -> None:
    with kind(wet) as server:
        found = findings(server)
    assert [one.check for one in found] == ["chat model", "endpoint", "structured output"]
    assert all(one.well for one in found)
    assert server.url in found[0].detail and "without a key" in found[0].detail
    assert "tester is there" in found[1].detail and found[2].detail.startswith("json_schema works (")
    assert len(server.paid) == 1


@pytest.mark.parametrize("kind", SERVERS)
def test_the_way_that_works_is_said(kind: type) -> None:
    with kind(wet, modes=("text",)) as server:
        assert findings(server)[-1].detail.startswith("json_schema is not taken; tools is not taken; text works")
        refused = findings(server, output="tools")[-1]
    assert not refused.well and "model.output" in refused.remedy
    with kind(lambda asked: wet(asked) if asked.mode == "tools" else "Yes, it is.") as server:
        assert "json_schema is answered without it; tools works" in (detail := findings(server)[-1].detail)
        assert detail.endswith("set model.output to tools")


@pytest.mark.parametrize("kind", SERVERS)
def test_an_unknown_model_and_what_there_is(kind: type) -> None:
    with kind(wet, models=("big", "small")) as server:
        found = findings(server)
    assert not found[-1].well and "no model tester" in found[-1].detail and found[-1].remedy == "It has: big, small."


def test_an_endpoint_that_is_not_there() -> None:
    with OpenAIServer(wet) as server:
        pass
    found = findings(server)
    assert [one.well for one in found] == [True, False] and "can't be reached" in found[1].detail


def test_a_key_that_is_not_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    with OpenAIServer(wet, key="another") as server:
        found = findings(server)
    assert "with the key in OPENAI_API_KEY" in found[0].detail
    assert not found[1].well and "sk-0123456789" not in str(found)


def test_an_endpoint_that_fails() -> None:
    with OpenAIServer(wet, always(Fault.SERVER_ERROR)) as server:
        found = findings(server)
    assert not found[-1].well and "answered 500: something broke" in found[-1].detail


def test_no_chat_model() -> None:
    (none_needed,) = examine_model(Settings())
    assert none_needed.well
    (missing,) = examine_model(Settings.model_validate({"answer": {"engine": "cascade"}}))
    assert not missing.well and "model.name" in missing.remedy


def test_what_offline_forbids_is_not_amiss() -> None:
    def elsewhere() -> str:
        raise OfflineError("a connection to api.example.org was tried", remedy="Leave out --offline to allow it.")

    found = tried("endpoint", elsewhere)
    assert found.well and found.detail.startswith("not tested, because of --offline")
