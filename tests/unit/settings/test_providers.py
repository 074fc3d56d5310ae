import pytest

from assistant.settings.environment import without_keys
from assistant.settings.providers import endpoint_of, missing_key, needs_stand_in, port_here, stays_here
from assistant.settings.schema import ModelSettings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "base_url", "variables", "endpoint"),
    [
        ("openai:m", "", {}, "https://api.openai.com/v1"),
        ("openai:m", "", {"OPENAI_BASE_URL": "http://lab:8000/v1"}, "http://lab:8000/v1"),
        ("openai:m", "http://127.0.0.1:1/v1", {"OPENAI_BASE_URL": "http://lab:8000/v1"}, "http://127.0.0.1:1/v1"),
        ("anthropic:m", "", {}, "https://api.anthropic.com"),
        ("ollama:m", "", {}, "http://127.0.0.1:11434"),
        ("ollama:m", "", {"OLLAMA_HOST": "0.0.0.0"}, "http://0.0.0.0:11434"),
        ("ollama:m", "", {"OLLAMA_HOST": "lab:99"}, "http://lab:99"),
        ("ollama:m", "", {"OLLAMA_HOST": "https://lab"}, "https://lab"),
        ("groq:m", "", {}, ""),
    ],
)
def test_where_requests_go(
    name: str, base_url: str, variables: dict[str, str], endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert endpoint_of(ModelSettings(name=name, base_url=base_url)) == endpoint


@pytest.mark.parametrize(
    ("name", "base_url", "port"),
    [
        ("", "http://127.0.0.1:8000/v1", None),
        ("openai:m", "", None),
        ("openai:m", "http://127.0.0.1:8000/v1", 8000),
        ("openai:m", "http://localhost/v1", 80),
        ("openai:m", "https://[::1]/v1", 443),
        ("openai:m", "http://localhost.example.org:8000/v1", None),
        ("openai:m", "http://192.168.0.7:8000/v1", None),
        ("ollama:qwen3:8b", "", 11434),
        ("ollama:gpt-oss:120b-cloud", "", None),  # the local server passes it on
        ("ollama:kimi-k2:cloud", "", None),
        ("groq:m", "", None),
    ],
)
def test_what_stays_on_this_machine(name: str, base_url: str, port: int | None) -> None:
    settings = ModelSettings(name=name, base_url=base_url)
    assert port_here(settings) == port
    assert not name or stays_here(settings) == (port is not None)


def test_keys_are_wanted_by_the_providers_and_not_by_addresses_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ModelSettings(name="openai:m", base_url="http://lab:8000/v1")
    assert (missing_key(own), needs_stand_in(own)) == ("", True)
    assert missing_key(ModelSettings(name="openai:m")) == "OPENAI_API_KEY"
    assert missing_key(ModelSettings(name="ollama:m")) == missing_key(ModelSettings(name="groq:m")) == ""
    assert not needs_stand_in(ModelSettings(name="ollama:m"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    assert missing_key(ModelSettings(name="openai:m")) == "" and not needs_stand_in(own)


def test_keys_are_taken_out_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-0123456789")
    monkeypatch.setenv("OTHER_TOKEN", "on")
    monkeypatch.setenv("EDITOR", "a-long-editor-name")
    assert without_keys("on sk-0123456789! a-long-editor-name") == "on [SOME_API_KEY]! a-long-editor-name"
