"""Every test runs in a world of its own: no home folder, no settings from outside, no network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

_CACHE = Path(os.environ.get("REALIST_CACHE") or Path(__file__).parent.parent / ".cache" / "realist")
"""Kept between runs: the encoder's graph, which is derived from pinned weights."""


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty home folder and no ``REALIST_*`` of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(("REALIST_", "XDG_")) and not name.startswith("REALIST_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("REALIST_CACHE", str(_CACHE))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else "localhost"
        if not (host.startswith("127.") or host in {"localhost", "::1"}):
            raise AssertionError(f"a test tried to connect to {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def studies_folder() -> Path:
    """The folder of the study texts, which ``REALIST_TEST_STUDIES`` names; the test is skipped without it."""
    value = os.environ.get("REALIST_TEST_STUDIES")
    if not value:
        pytest.skip("REALIST_TEST_STUDIES does not name the folder of the study texts")
    return Path(value)
