"""``--offline``: any connection is an error, whoever tries it, but one to a configured endpoint on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from assistant.errors import OfflineError, RealistError
from assistant.settings.providers import is_this_machine

_SOCKET_PAIRS_CONNECT = sys.platform == "win32"
"""Whether the system makes pairs of sockets, which event loops need, by connecting to itself."""


def forbid_network(configured_port: Callable[[], int | None] = lambda: None) -> None:
    """Installs the guard for the rest of the process; it can't be removed.

    Args:
        configured_port: Gives the port of the configured endpoint if it is on this machine; asked at each connection
            to this machine.
    """
    sys.addaudithook(lambda event, arguments: _guard(event, arguments, configured_port))


def _guard(event: str, arguments: tuple[Any, ...], configured_port: Callable[[], int | None]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_allowed(str(address[0]), int(address[1]), configured_port):
            raise _error(f"{address[0]}, port {address[1]},")
    elif event == "socket.getaddrinfo" and arguments[0] and not is_this_machine(_text(arguments[0])):
        raise _error(_text(arguments[0]))


def _is_allowed(host: str, port: int, configured_port: Callable[[], int | None]) -> bool:
    if not is_this_machine(host) and host != "":
        return False
    return _SOCKET_PAIRS_CONNECT or port == _port_of(configured_port)


def _port_of(configured_port: Callable[[], int | None]) -> int | None:
    """The port; None where the settings can't be read, which the command reports by itself."""
    try:
        return configured_port()
    except RealistError:
        return None


def _text(host: str | bytes) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else host


def _error(where: str) -> OfflineError:
    return OfflineError(f"a connection to {where} was tried", remedy="Leave out --offline to allow it.")
