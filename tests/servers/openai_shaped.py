"""The OpenAI protocol: ``/v1/chat/completions``, whole or as server-sent events, and ``/v1/models``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.servers.asking import Asked
from tests.servers.serving import Handler, LoopbackServer, pieces


class _Handler(Handler):
    def read_asked(self, body: dict[str, Any]) -> Asked:
        messages = tuple((turn["role"], _words(turn["content"])) for turn in body["messages"])
        self.with_usage = bool(body.get("stream_options", {}).get("include_usage"))
        form, tools = body.get("response_format") or {}, body.get("tools") or []
        stream = bool(body.get("stream"))
        if form.get("type") == "json_schema":
            return Asked(body["model"], messages, form["json_schema"]["schema"], "json_schema", stream=stream)
        if tools:
            tool = tools[0]["function"]
            return Asked(body["model"], messages, tool["parameters"], "tools", tool["name"], stream)
        return Asked(body["model"], messages, None, "text", stream=stream)

    def send_models(self) -> None:
        self.send_json({"object": "list", "data": [{"id": name, "object": "model"} for name in self.endpoint.models]})

    def send_problem(self, status: int, message: str, code: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        error = {"message": message, "type": "test", "param": None, "code": code}
        self.send_json({"error": error}, status, headers)

    def send_reply(self, asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> None:
        if asked.stream:
            self.send_chunks(self._events(asked, text, tokens, ending), "text/event-stream")
            return
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if asked.mode == "tools":
            message |= {"content": None, "tool_calls": [_call(asked, text)]}
        choice = {"index": 0, "message": message, "finish_reason": ending}
        self.send_json(_completion(asked) | {"choices": [choice], "usage": _usage(tokens)})

    def _events(self, asked: Asked, text: str, tokens: tuple[int, int], ending: str) -> Iterator[str]:
        if asked.mode == "tools":
            deltas = [{"tool_calls": [{"index": 0, **_call(asked, "")}]}]
            deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces(text)]
        else:
            deltas = [{"content": piece} for piece in pieces(text)]
        yield _event(asked, [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}])
        for delta in deltas:
            yield _event(asked, [{"index": 0, "delta": delta, "finish_reason": None}])
        yield _event(asked, [{"index": 0, "delta": {}, "finish_reason": ending}])
        if self.with_usage:
            yield _event(asked, [], usage=_usage(tokens))
        yield "data: [DONE]\n\n"


class OpenAIServer(LoopbackServer):
    """An OpenAI-compatible endpoint."""

    handler = _Handler
    provider = "openai"
    path = "/v1"


def _words(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or ())


def _call(asked: Asked, arguments: str) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": asked.tool, "arguments": arguments}}


def _completion(asked: Asked) -> dict[str, Any]:
    return {"id": f"chat-{asked.digest}", "object": "chat.completion", "created": 0, "model": asked.model}


def _usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}


def _event(asked: Asked, choices: list[Any], **more: Any) -> str:
    chunk = _completion(asked) | {"object": "chat.completion.chunk", "choices": choices, **more}
    return f"data: {json.dumps(chunk)}\n\n"
