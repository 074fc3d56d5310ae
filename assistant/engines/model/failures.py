"""What a provider's exception means: one of the errors under `ModelError`.

The packages of the providers have a tree of errors each, and wrap those of their HTTP client. They are told apart by
what they have in common: an HTTP status somewhere in the chain of causes, and the names of the classes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.errors import (
    KeyRefused,
    ModelError,
    ModelFailed,
    ModelNotFound,
    ModelTimedOut,
    ModelUnreachable,
    PromptTooLong,
    RateLimited,
    RealistError,
    ReplyRefused,
    RequestRefused,
)
from assistant.settings.environment import without_keys

_TOO_LONG = ("context_length_exceeded", "context length", "context window", "prompt is too long", "context size")
_NEVER_CONNECTED = {"ConnectError", "ConnectTimeout", "ConnectionRefusedError", "gaierror"}
_LONGEST_DETAIL = 300
"""Code points of the endpoint's own words that an error repeats."""
_SERVER_ERROR = 500
_SEND_LESS = "Lower extract.window_characters (retrieval.top_k for questions), or take a model that reads more."
_TRY_LATER = "Try again later."


def classified(error: BaseException, name: str, endpoint: str) -> RealistError:
    """What ``error``, raised while ``name`` at ``endpoint`` was asked, means to the user."""
    chain = list(_chain(error))
    ours = next((cause for cause in chain if isinstance(cause, RealistError)), None)
    if ours is not None:
        return ours
    where = f"{name} at {endpoint}" if endpoint else name
    status = next(filter(None, map(_status, chain)), 0)
    if status:
        return _by_status(status, where, _detail(chain), chain)
    return _by_class({kind.__name__ for cause in chain for kind in type(cause).__mro__}, where, _detail(chain))


def _by_status(status: int, where: str, detail: str, chain: list[BaseException]) -> ModelError:
    what = f"{where} answered {status}" + (f": {detail}" if detail else "")
    if status == 413 or any(words in detail.lower() for words in _TOO_LONG):
        return PromptTooLong(what, remedy=_SEND_LESS)
    if status in {401, 402, 403} or "insufficient_quota" in detail:
        return KeyRefused(what, remedy="Check the key in the provider's variable, and the account's credit.")
    if status == 404 or status < 400:  # redirections are not followed: studies go where the settings say
        return ModelNotFound(what, remedy="Check model.name and model.base_url; `realist doctor` lists what is there.")
    if status == 408:
        return ModelTimedOut(what, remedy=_TRY_LATER)
    if status in {409, 425, 429} or status >= _SERVER_ERROR:
        failure = (RateLimited if status == 429 else ModelFailed)(what, remedy=_TRY_LATER)
        failure.retry_after = _retry_after(chain)
        return failure
    return RequestRefused(what, remedy="Try another model.output, or another model.")


def _by_class(names: set[str], where: str, detail: str) -> ModelError:
    because = f": {detail}" if detail else ""
    if "ContextOverflowError" in names:
        return PromptTooLong(where + because, remedy=_SEND_LESS)
    if "ContentFilterFinishReasonError" in names:
        return ReplyRefused(f"a filter of {where} held the reply back", remedy="Read the passages that it was given.")
    if names & _NEVER_CONNECTED or "Failed to connect" in detail:
        return ModelUnreachable(f"{where} can't be reached", remedy="Check model.base_url, and that the server runs.")
    if names & {"TimeoutError", "TimeoutException", "APITimeoutError"}:
        return ModelTimedOut(f"{where} did not answer in time", remedy="Raise model.timeout_seconds, or try later.")
    return ModelFailed(f"{where} broke off or sent what is no reply{because}", remedy=_TRY_LATER)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what caused it, including what a package tried to hide, and the members of groups."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
            waiting += filter(None, (cause.__cause__ or cause.__context__,))


def _status(error: BaseException) -> int:
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) and status >= 300 else 0


def _detail(chain: list[BaseException]) -> str:
    """The endpoint's own words, on one line, without keys."""
    words = " ".join(without_keys(_words(chain[0])).split())
    return words if len(words) <= _LONGEST_DETAIL else words[: _LONGEST_DETAIL - 1] + "…"


def _words(error: BaseException) -> str:
    """What stands in the body of the reply; else what the exception says."""
    body: Any = getattr(error, "body", None) or getattr(error, "error", None)
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return str(body)
    while isinstance(body, dict) and isinstance(body.get("error"), dict | str):
        body = body["error"]
    if isinstance(body, dict) and body.get("message"):
        return f"{body['message']} ({body['code']})" if body.get("code") else str(body["message"])
    return str(body if isinstance(body, str) else error)


def _retry_after(chain: list[BaseException]) -> float | None:
    """Seconds from now, from a header in seconds, in milliseconds, or as a date; None without one."""
    for error in chain:
        headers = getattr(getattr(error, "response", None), "headers", {})
        for header, unit in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
            if header in headers and (seconds := _seconds(str(headers[header]))) is not None:
                return seconds * unit
    return None


def _seconds(value: str) -> float | None:
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
