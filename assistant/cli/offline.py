"""``--offline``: a connection to anything but this machine is an error, whoever tries it."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

from assistant.errors import OfflineError


def forbid_network() -> None:
    """Installs the guard for the rest of the process; it can't be removed."""
    sys.addaudithook(_guard)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_this_machine(str(address[0])):
            raise _error(str(address[0]))
    elif event == "socket.getaddrinfo" and arguments[0] and not _is_this_machine(str(arguments[0])):
        raise _error(str(arguments[0]))


def _is_this_machine(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _error(host: str) -> OfflineError:
    return OfflineError(f"a connection to {host} was tried", remedy="Leave out --offline to allow it.")
