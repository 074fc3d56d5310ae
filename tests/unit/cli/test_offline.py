import subprocess
import sys

import pytest

from assistant.cli.offline import _guard
from assistant.errors import OfflineError


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::1"])
def test_connections_elsewhere_are_errors(host: str) -> None:
    with pytest.raises(OfflineError, match="--offline"):
        _guard("socket.connect", (None, (host, 80)))
    with pytest.raises(OfflineError):
        _guard("socket.getaddrinfo", ("hub.example.org", 443))


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("::1", 80), ("localhost", 80), "/tmp/socket"])
def test_this_machine_stays_reachable(address: object) -> None:
    _guard("socket.connect", (None, address))
    _guard("socket.getaddrinfo", ("localhost", 80))
    _guard("open", ("file", "r"))


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
