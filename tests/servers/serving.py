"""What both servers share: threads on loopback, a plan of faults, and a log of every request."""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.servers.asking import Asked, Count, Logged, rough_count
from tests.servers.coder import coder
from tests.servers.faults import Fault, Plan, Repeats, never, spoilt

RETRY_AFTER = 1
"""Seconds that a 429 asks for."""
_PIECE = 24
"""Code points in a piece of a stream."""


class LoopbackServer:
    """An endpoint on loopback; a context manager.

    Args:
        reply: Writes the model's reply.
        plan: Says which requests fail, and how.
        latency: Seconds from a request to its reply.
        models: Names that are known.
        key: What must stand in the header; empty for none.
        modes: Ways of asking for structure that are taken.
        count: Counts tokens.
        log_file: Where each line of the log is written, too.
        port: To listen on; 0 for any.
    """

    handler: type[Handler]
    provider: str
    path = ""

    def __init__(
        self,
        reply: Callable[[Asked], str] = coder,
        plan: Plan = never,
        *,
        latency: float = 0.0,
        models: tuple[str, ...] = ("tester",),
        key: str = "",
        modes: tuple[str, ...] = ("json_schema", "tools", "text"),
        count: Count = rough_count,
        log_file: Path | None = None,
        port: int = 0,
    ) -> None:
        self.reply, self.plan, self.latency = reply, plan, latency
        self.models, self.key, self.modes, self.count = models, key, modes, count
        self.log: list[Logged] = []
        self.asked: list[Asked] = []
        self.headers: list[dict[str, str]] = []
        self.stopping = threading.Event()
        self.repeats = Repeats()
        self.under_way = 0
        self.lock = threading.Lock()
        self._log_file = log_file
        self._began = time.monotonic()
        self._http = _Threads(("127.0.0.1", port), type("Bound", (self.handler,), {"endpoint": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address that a client is given."""
        return f"http://127.0.0.1:{self._http.server_address[1]}{self.path}"

    @property
    def paid(self) -> list[Logged]:
        """The requests that a provider would put on the bill."""
        with self.lock:
            return [entry for entry in self.log if entry.paid]

    def arrived(self, headers: dict[str, str], asked: Asked | None) -> int:
        """Counts a request in; returns how many are under way."""
        with self.lock:
            self.under_way += 1
            self.headers.append(headers)
            if asked:
                self.asked.append(asked)
            return self.under_way

    def over(self, entry: Logged) -> None:
        """Counts a request out and writes down what became of it."""
        with self.lock:
            self.under_way -= 1
            entry = replace(entry, number=len(self.log) + 1, seconds=round(time.monotonic() - self._began, 4))
            self.log.append(entry)
            if self._log_file:
                with self._log_file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(entry) | {"paid": entry.paid}) + "\n")


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error."""


class Handler(BaseHTTPRequestHandler):
    """One connection; subclasses know the protocol."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    endpoint: LoopbackServer

    def read_asked(self, body: dict[str, Any]) -> Asked:
        """What the body of a request asks for."""
        raise NotImplementedError

    def send_reply(self, asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> None:
        """Sends ``text`` as the model's reply."""
        raise NotImplementedError

    def send_problem(self, status: int, message: str, code: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Sends an error in the protocol's form."""
        raise NotImplementedError

    def send_models(self) -> None:
        """Sends the names of the models."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Lists the models."""
        at_once = self.endpoint.arrived(dict(self.headers), None)
        status = self.refusal()
        if status:
            self.send_problem(status, "who are you?", "invalid_api_key")
        else:
            self.send_models()
        self.endpoint.over(Logged(0, self.path, "", "", "listed", status or 200, 0, 0, 0, at_once))

    def do_POST(self) -> None:
        """Replies, or fails as planned."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = self.read_asked(body)
        at_once = self.endpoint.arrived(dict(self.headers), asked)
        entry = Logged(0, self.path, asked.digest, asked.mode, "broken", 0, 0, 0, 0, at_once)
        try:
            entry = self.answered(asked, entry)
        finally:
            self.endpoint.over(entry)

    def answered(self, asked: Asked, entry: Logged) -> Logged:
        """Deals with one request for a reply."""
        if refused := self.refused(asked):
            self.send_problem(*refused)
            return replace(entry, became=refused[2], status=refused[0])
        fault = self.endpoint.plan(asked, self.endpoint.repeats.before(asked))
        self.endpoint.stopping.wait(self.endpoint.latency)
        if fault in _PROBLEMS:
            status, message, headers = _PROBLEMS[fault]()
            self.send_problem(status, message, fault.value, headers)
            return replace(entry, became=fault.value, status=status)
        if fault is Fault.HANG:
            self.hang()
            return replace(entry, became=fault.value)
        if self.gone():
            return replace(entry, became="abandoned")
        return self.replied(asked, entry, fault)

    def replied(self, asked: Asked, entry: Logged, fault: Fault | None) -> Logged:
        """Sends the model's words, spoilt where a fault spoils them."""
        text = spoilt(self.endpoint.reply(asked), fault)
        tokens = (asked.tokens(self.endpoint.count), self.endpoint.count(text))
        became = fault.value if fault else "replied"
        if fault is Fault.RESET:
            self.reset_after(asked, text, tokens)
            return replace(entry, became=became, status=200)
        if fault is Fault.NO_REPLY:
            self.send_json({"detail": "everything is fine"})
            return replace(entry, became=became, status=200)
        ending = "length" if fault is Fault.CUT else "content_filter" if fault is Fault.REFUSED else "stop"
        self.send_reply(asked, text, tokens, ending)
        return replace(entry, became=became, status=200, tokens_in=tokens[0], tokens_out=tokens[1])

    def refusal(self) -> int:
        """The status for whoever has not the key; 0 for who has."""
        wanted, given = self.endpoint.key, self.given_key()
        return 401 if wanted and given != wanted else 0

    def given_key(self) -> str:
        """What stands in the header."""
        return self.headers.get("x-api-key") or self.headers.get("Authorization", "").removeprefix("Bearer ")

    def refused(self, asked: Asked) -> tuple[int, str, str] | None:
        """Why a request is not taken at all."""
        if status := self.refusal():
            return status, f"not a valid key: {self.given_key()}", "invalid_api_key"
        if asked.model not in self.endpoint.models:
            return 404, f"model {asked.model!r} not found", "model_not_found"
        if asked.mode not in self.endpoint.modes:
            return 400, f"{asked.mode} is not supported here", "unsupported"
        return None

    def gone(self) -> bool:
        """Whether the client has closed the connection."""
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def hang(self) -> None:
        """Says nothing until the client gives up or the server stops."""
        while not self.endpoint.stopping.wait(0.02) and not self.gone():
            pass
        self.close_connection = True

    def reset_after(self, asked: Asked, text: str, tokens: tuple[int, int]) -> None:
        """Sends half of the reply and resets the connection."""
        whole = _Recorder()
        kept, self.wfile = self.wfile, whole  # type: ignore[assignment]
        self.send_reply(asked, text, tokens, "stop")
        self.wfile = kept
        self.wfile.write(bytes(whole.data[: len(whole.data) // 2]))
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def send_json(self, value: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Sends a whole JSON body."""
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, content in (("Content-Type", "application/json"), ("Content-Length", str(len(data))), *headers):
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(data)

    def send_chunks(self, chunks: Iterable[str], kind: str) -> None:
        """Sends a body in pieces, as they come."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            data = chunk.encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing on stderr; the log is the endpoint's."""


class _Recorder:
    """Takes what would be sent."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data

    def flush(self) -> None:
        pass


def pieces(text: str) -> list[str]:
    """``text`` in the pieces of a stream."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


_PROBLEMS: dict[Fault | None, Callable[[], tuple[int, str, list[tuple[str, str]]]]] = {
    Fault.RATE_LIMITED: lambda: (429, "slow down", [("Retry-After", str(RETRY_AFTER))]),
    Fault.SERVER_ERROR: lambda: (500, "something broke", []),
    Fault.OVERLOADED: lambda: (
        503,
        "come back later",
        [("Retry-After", formatdate(time.time() + RETRY_AFTER, usegmt=True))],
    ),
    Fault.REDIRECT: lambda: (307, "go elsewhere", [("Location", "http://127.0.0.1:9/elsewhere")]),
    Fault.TOO_LONG: lambda: (400, "this model's maximum context length is 8192 tokens", []),
}
