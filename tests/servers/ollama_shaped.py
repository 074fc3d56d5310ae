"""Ollama's protocol: ``/api/chat``, whole or as JSON lines, and ``/api/tags``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.servers.asking import Asked
from tests.servers.serving import Handler, LoopbackServer, pieces

_THEN = "2026-01-01T00:00:00Z"


class _Handler(Handler):
    def read_asked(self, body: dict[str, Any]) -> Asked:
        messages = tuple((turn["role"], turn.get("content") or "") for turn in body["messages"])
        form, tools, stream = body.get("format"), body.get("tools") or [], body.get("stream", True)
        if isinstance(form, dict):
            return Asked(body["model"], messages, form, "json_schema", stream=stream)
        if tools:
            tool = tools[0]["function"]
            return Asked(body["model"], messages, tool["parameters"], "tools", tool["name"], stream)
        return Asked(body["model"], messages, None, "text", stream=stream)

    def send_models(self) -> None:
        models = [{"model": name, "name": name, "modified_at": _THEN, "size": 1} for name in self.endpoint.models]
        self.send_json({"models": models})

    def send_problem(self, status: int, message: str, code: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.send_json({"error": message}, status, headers)

    def send_reply(self, asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> None:
        if asked.stream:
            self.send_chunks(_lines(asked, text, tokens, ending), "application/x-ndjson")
        else:
            self.send_json(_part(asked, _message(asked, text)) | _last(tokens, ending))


class OllamaServer(LoopbackServer):
    """An endpoint that speaks as Ollama does."""

    handler = _Handler
    provider = "ollama"


def _lines(asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> Iterator[str]:
    whole = [text] if asked.mode == "tools" else pieces(text)
    for piece in whole:
        yield json.dumps(_part(asked, _message(asked, piece))) + "\n"
    yield json.dumps(_part(asked, {"role": "assistant", "content": ""}) | _last(tokens, ending)) + "\n"


def _message(asked: Asked, text: str) -> dict[str, Any]:
    if asked.mode != "tools":
        return {"role": "assistant", "content": text}
    try:
        call = {"function": {"name": asked.tool, "arguments": json.loads(text)}}
    except ValueError:  # Ollama gives what it can't read as a call back as words
        return {"role": "assistant", "content": text}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def _part(asked: Asked, message: dict[str, Any]) -> dict[str, Any]:
    return {"model": asked.model, "created_at": _THEN, "message": message, "done": False}


def _last(tokens: tuple[int, int], ending: str) -> dict[str, Any]:
    return {"done": True, "done_reason": ending, "prompt_eval_count": tokens[0], "eval_count": tokens[1]}
