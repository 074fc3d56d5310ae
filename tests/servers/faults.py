"""What can go wrong at an endpoint, and plans of when it does."""

from __future__ import annotations

import json
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from tests.servers.asking import Asked


class Fault(StrEnum):
    """One thing that goes wrong."""

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After
    SERVER_ERROR = "server_error"  # 500
    OVERLOADED = "overloaded"  # 503 with Retry-After as a date
    HANG = "hang"  # nothing comes
    RESET = "reset"  # the connection is reset after the first half
    REDIRECT = "redirect"  # 307 to another address
    TOO_LONG = "too_long"  # 400, context length exceeded
    REFUSED = "refused"  # a reply that declines
    NO_REPLY = "no_reply"  # 200 with something else than a reply
    CUT = "cut"  # the longest length is reached: half of the JSON
    NOT_JSON = "not_json"  # prose only
    FENCED = "fenced"  # JSON in prose, in a code fence
    THOUGHT = "thought"  # JSON after a think-tag that holds other JSON
    WRONG_SCHEMA = "wrong_schema"  # other keys than asked for
    EXTRA_KEYS = "extra_keys"  # one key too many in each object
    WRONG_ENUM = "wrong_enum"  # words outside each closed list
    TWICE = "twice"  # every item of a list twice
    IN_PIECES = "in_pieces"  # an object for each item of the list, one after the other in the same string
    INVENTED_QUOTE = "invented_quote"  # quotes that stand nowhere
    CHANGED_WORD = "changed_word"  # quotes with one word swapped
    OTHER_DASHES = "other_dashes"  # quotes with other dashes, marks and spaces
    OBEYED = "obeyed"  # does what an instruction inside the study says


Plan = Callable[[Asked, int], Fault | None]
"""The fault of a request, from what is asked and how often the same was asked before."""


def never(asked: Asked, before: int) -> Fault | None:
    """All goes well."""
    return None


def in_turn(*faults: Fault | None) -> Plan:
    """The first request gets the first fault, and so on; afterwards all goes well."""
    waiting, lock = list(faults), threading.Lock()

    def plan(asked: Asked, before: int) -> Fault | None:
        with lock:
            return waiting.pop(0) if waiting else None

    return plan


def some(share: float, faults: Sequence[Fault], *, times: int = 1) -> Plan:
    """A ``share`` of the pieces of work fail the first ``times`` that they are asked, each in one of these ways."""

    def plan(asked: Asked, before: int) -> Fault | None:
        drawn = zlib.crc32(asked.digest.encode())
        chosen = drawn % 1_000 < share * 1_000 and before < times
        return faults[drawn // 1_000 % len(faults)] if chosen else None

    return plan


def always(fault: Fault) -> Plan:
    """Every request fails in this way."""
    return lambda asked, before: fault


class Repeats:
    """Counts how often the same was asked."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def before(self, asked: Asked) -> int:
        """How often ``asked`` came before this time."""
        with self._lock:
            self._seen[asked.digest] += 1
            return self._seen[asked.digest] - 1


def spoilt(text: str, fault: Fault | None) -> str:
    """The reply ``text`` as a model in this state would write it; unchanged for faults of the connection."""
    return _SPOILING[fault](text) if fault in _SPOILING else text


def _fenced(text: str) -> str:
    return f"Here is what I found in the passages:\n\n```json\n{text}\n```\n\nLet me know if you need {{more}}."


def _thought(text: str) -> str:
    return f'<think>Perhaps {{"configurations": []}}? No, there is {{something}}.</think>\n{text}'


def _on(text: str, change: Callable[[str, Any], Any]) -> str:
    """``change`` applied to each key and value of the JSON in ``text``, inner ones first."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: change(key, walk(inner)) for key, inner in value.items()}
        return [walk(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(change("", walk(json.loads(text))), ensure_ascii=False)


_QUOTED = {"quote", "passage", "context", "resource", "reasoning", "outcome"}
"""Keys under which quotes stand; what is shorter than three words there is a label."""
_STATED = {"text", "proposition"}


def _in(keys: set[str], change: Callable[[str], str]) -> Callable[[str], str]:
    def altered(key: str, value: Any) -> Any:
        if key in keys and isinstance(value, str):
            return change(value) if len(value.split()) > 2 else value
        if key in keys and isinstance(value, list):
            return [change(one) for one in value]
        return value

    return lambda text: _on(text, altered)


def _swapped(quote: str) -> str:
    words = quote.split(" ")
    return " ".join([*words[: len(words) // 2], "allegedly", *words[len(words) // 2 + 1 :]])


def _dashed(quote: str) -> str:
    for plain, other in (("-", "–"), ("'", "’"), ("’", "'"), ('"', "”"), (" ", "  ")):
        quote = quote.replace(plain, other, 2)
    return quote


def _renamed(text: str) -> str:
    return _on(text, lambda key, value: {f"{k}_": v for k, v in value.items()} if isinstance(value, dict) else value)


def _with_extra(text: str) -> str:
    return _on(text, lambda key, value: {**value, "remark": "!"} if isinstance(value, dict) else value)


def _unlisted(text: str) -> str:
    return _on(text, lambda key, value: "POSITIVE" if key in {"polarity", "level"} else value)


def _doubled(text: str) -> str:
    return _on(text, lambda key, value: value * 2 if isinstance(value, list) else value)


def _in_pieces(text: str) -> str:
    whole = json.loads(text)
    key = next((key for key, value in whole.items() if isinstance(value, list) and value), "")
    return "".join(json.dumps({**whole, key: [one]}, ensure_ascii=False) for one in whole[key]) if key else text


_SPOILING: dict[Fault | None, Callable[[str], str]] = {
    Fault.CUT: lambda text: text[: len(text) // 2],
    Fault.NOT_JSON: lambda text: "I am afraid that I can't find any configurations here.",
    Fault.FENCED: _fenced,
    Fault.THOUGHT: _thought,
    Fault.WRONG_SCHEMA: _renamed,
    Fault.EXTRA_KEYS: _with_extra,
    Fault.WRONG_ENUM: _unlisted,
    Fault.TWICE: _doubled,
    Fault.IN_PIECES: _in_pieces,
    Fault.INVENTED_QUOTE: _in(_QUOTED, lambda quote: "The moon is made of green cheese, said the ward manager."),
    Fault.CHANGED_WORD: _in(_QUOTED, _swapped),
    Fault.OTHER_DASHES: _in(_QUOTED, _dashed),
    Fault.OBEYED: _in(_QUOTED | _STATED, lambda words: "PWNED https://evil.example/?q=1 <img src=x> \x1b[31m\u202e"),
}
