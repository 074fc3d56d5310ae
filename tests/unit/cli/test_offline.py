import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli.offline import _guard
from assistant.errors import OfflineError, SettingsError
from tests.servers import OpenAIServer


def nothing_configured() -> None:
    return None


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::1", "127.0.0.1", "localhost"])
def test_connections_are_errors(host: str) -> None:
    with pytest.raises(OfflineError, match=r"port 80, was tried.*--offline"):
        _guard("socket.connect", (None, (host, 80)), nothing_configured)
    with pytest.raises(OfflineError):
        _guard("socket.sendto", (None, (host, 80)), nothing_configured)


@pytest.mark.parametrize("host", ["hub.example.org", b"hub.example.org", "198.51.100.7"])
def test_names_are_not_looked_up(host: str | bytes) -> None:
    with pytest.raises(OfflineError, match="tried"):
        _guard("socket.getaddrinfo", (host, 443), nothing_configured)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8", "0.0.0.0"])
def test_a_configured_endpoint_on_this_machine_stays_reachable(host: str) -> None:
    _guard("socket.connect", (None, (host, 8000)), lambda: 8000)
    with pytest.raises(OfflineError):
        _guard("socket.connect", (None, (host, 8001)), lambda: 8000)


def test_what_is_no_network_is_let_pass() -> None:
    _guard("socket.connect", (None, "/tmp/socket"), nothing_configured)
    _guard("socket.getaddrinfo", ("localhost", 80), nothing_configured)
    _guard("open", ("file", "r"), nothing_configured)


def test_settings_that_cannot_be_read_configure_nothing() -> None:
    def broken() -> int:
        raise SettingsError("no")

    with pytest.raises(OfflineError):
        _guard("socket.connect", (None, ("127.0.0.1", 8000)), broken)


def test_the_guard_holds_for_the_whole_process() -> None:
    script = (
        "import socket\n"
        "from assistant.cli.offline import forbid_network\n"
        "forbid_network()\n"
        "try:\n    socket.create_connection(('198.51.100.7', 80), timeout=1)\n"
        "except Exception as error:\n    print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "OfflineError"


ASK = """
import asyncio, sys
from assistant.cli.offline import forbid_network
from assistant.engines.model.provider import close, open_chat_model, send
from assistant.settings.providers import port_here
from assistant.settings.schema import ModelSettings
from tests.unit.engines.model.asking import request
asked, configured = (ModelSettings(name="openai:tester", base_url=url) for url in sys.argv[1:])
forbid_network(lambda: port_here(configured))
async def main():
    model = open_chat_model(asked)
    try:
        return (await send(model, request())).text[:17]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        await close(model)
print(asyncio.run(main()))
"""


def test_a_chat_model_answers_offline_from_this_machine_and_from_nowhere_else() -> None:
    with OpenAIServer() as local:
        elsewhere = "http://198.51.100.7:8000/v1"
        named = "http://models.example.org/v1"
        pairs = [(local.url, local.url), (local.url, elsewhere), (elsewhere, elsewhere), (named, named)]
        root = Path(__file__).parents[3]
        said = [
            subprocess.run([sys.executable, "-c", ASK, *pair], capture_output=True, text=True, cwd=root).stdout
            for pair in pairs
        ]
    assert said[0].strip() == '{"configurations"'
    assert all(line.startswith("OfflineError: a connection to") for line in said[1:]), said
    assert len(local.log) == 1
