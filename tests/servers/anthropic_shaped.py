"""Anthropic's protocol: ``/v1/messages``, whole or as server-sent events, and ``/v1/models``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.servers.asking import Asked
from tests.servers.serving import Handler, LoopbackServer, pieces

_ENDINGS = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}


class _Handler(Handler):
    def read_asked(self, body: dict[str, Any]) -> Asked:
        turns = [("system", _words(body["system"]))] if body.get("system") else []
        messages = (*turns, *((turn["role"], _words(turn["content"])) for turn in body["messages"]))
        form, tools = body.get("output_config", {}).get("format"), body.get("tools") or []
        stream = bool(body.get("stream"))
        if form:
            return Asked(body["model"], messages, form["schema"], "json_schema", stream=stream)
        if tools:
            return Asked(body["model"], messages, tools[0]["input_schema"], "tools", tools[0]["name"], stream)
        return Asked(body["model"], messages, None, "text", stream=stream)

    def send_models(self) -> None:
        models = [
            {"id": name, "type": "model", "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
            for name in self.endpoint.models
        ]
        self.send_json({"data": models, "has_more": False, "first_id": None, "last_id": None})

    def send_problem(self, status: int, message: str, code: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.send_json({"type": "error", "error": {"type": code, "message": message}}, status, headers)

    def send_reply(self, asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> None:
        if asked.stream:
            self.send_chunks(_events(asked, text, tokens, ending), "text/event-stream")
            return
        whole = {"content": [_block(asked, text)], **_end(asked, ending), "usage": _usage(tokens)}
        self.send_json(_message(asked) | whole)


class AnthropicServer(LoopbackServer):
    """An endpoint that speaks as Anthropic's does."""

    handler = _Handler
    provider = "anthropic"


def _words(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _message(asked: Asked) -> dict[str, Any]:
    return {"id": f"msg_{asked.digest}", "type": "message", "role": "assistant", "model": asked.model, "content": []}


def _block(asked: Asked, text: str) -> dict[str, Any]:
    if asked.mode != "tools":
        return {"type": "text", "text": text}
    try:
        return {"type": "tool_use", "id": "toolu_1", "name": asked.tool, "input": json.loads(text)}
    except ValueError:  # arguments always come as an object; what is no JSON comes as words
        return {"type": "text", "text": text}


def _end(asked: Asked, ending: str) -> dict[str, Any]:
    reason = "tool_use" if asked.mode == "tools" and ending == "stop" else _ENDINGS[ending]
    return {"stop_reason": reason, "stop_sequence": None}


def _events(asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> Iterator[str]:
    yield _event("message_start", message=_message(asked) | {"stop_reason": None, "usage": _usage((tokens[0], 1))})
    empty = {"type": "text", "text": ""}
    if asked.mode == "tools":
        empty = {"type": "tool_use", "id": "toolu_1", "name": asked.tool, "input": {}}
    yield _event("content_block_start", index=0, content_block=empty)
    for piece in pieces(text):
        kind, key = ("input_json_delta", "partial_json") if asked.mode == "tools" else ("text_delta", "text")
        yield _event("content_block_delta", index=0, delta={"type": kind, key: piece})
    yield _event("content_block_stop", index=0)
    yield _event("message_delta", delta=_end(asked, ending), usage=_usage(tokens))
    yield _event("message_stop")


def _usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"input_tokens": tokens[0], "output_tokens": tokens[1]}


def _event(kind: str, **content: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **content})}\n\n"
