"""The JSON in what a chat model wrote, whatever it wrapped around it: thoughts, code fences, prose, breaks. Pure.

Values are found where they stand whole; else what is complete of one that breaks off is kept; else what is no JSON is
mended by `json_repair`. What a value means, nothing here knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

_THOUGHT = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
_OPENS = re.compile(r"[\[{](?=\s*(?:[\"'{\[\]}]|\w+\s*:|\Z))")
_BETWEEN = re.compile(r"(?:[\s,;]|```[\w-]*)*")
"""What may stand between values that belong together."""
_STARTS = 32
"""Places at which JSON seems to begin and does not, before the rest is left alone."""
_DEEPEST = 64
"""Nesting beyond which a value is refused, before anything recurses into it."""
_CLOSING = str.maketrans("[{", "]}")
_DECODER = json.JSONDecoder(strict=False)


class State(Enum):
    """How values stood in the text."""

    WHOLE = auto()
    CUT = auto()
    """The last broke off; what is complete of it was kept."""
    MENDED = auto()
    """It was no JSON."""


@dataclass(frozen=True, slots=True)
class Run:
    """Values with nothing between them that says one takes another's place: a model gave one reply in pieces."""

    values: tuple[Any, ...]
    """In order."""
    state: State
    """How they stood."""


def whole_runs(text: str) -> list[Run]:
    """The runs of values that stand whole in ``text``, in order; a last value that breaks off is kept in part."""
    return [run for candidate in _candidates(text) for run in _runs(candidate)]


def broken_values(text: str) -> Iterator[Run]:
    """What can be saved where no value stands whole: first what is complete of one that is cut, then what is mended."""
    for state, saved in ((State.CUT, _cut_value), (State.MENDED, _mended)):
        for candidate in _candidates(text):
            opening = _OPENS.search(candidate)
            if opening is not None and not _too_deep(candidate[opening.start() :]):
                yield Run((_sound(saved(candidate[opening.start() :])),), state)


def last_bracket(text: str) -> int:
    """The end of JSON in ``text``; what follows is prose, or the beginning of something that was cut off."""
    return max(text.rfind("}"), text.rfind("]")) + 1


def _candidates(text: str) -> Sequence[str]:
    """Where to look: the text as it is if it is JSON from its first character, else what is left without thoughts."""
    text = _unwrapped(text)
    if text.lstrip()[:1] in {"{", "["}:
        return [text]
    spoken = _spoken(text)
    return [*(fence for fence in _FENCE.findall(spoken) if _OPENS.search(fence)), spoken]


def _unwrapped(text: str) -> str:
    """The text inside, where the whole is one string of JSON."""
    if text.lstrip()[:1] != '"':
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text


def _spoken(text: str) -> str:
    """``text`` after the last thought that ends and before the first that does not."""
    ends = [tag.end() for tag in _THOUGHT.finditer(text) if tag[1]]
    rest = text[ends[-1] :] if ends else text
    opening = _THOUGHT.search(rest)
    return rest[: opening.start()] if opening else rest


def _runs(text: str) -> Iterator[Run]:
    values: list[Any] = []
    at, end, failed = 0, 0, 0
    while failed < _STARTS and (opening := _OPENS.search(text, at)):
        start = opening.start()
        joined = bool(values) and _BETWEEN.fullmatch(text, end, start) is not None
        if values and not joined:
            yield Run(tuple(values), State.WHOLE)
            values = []
        try:
            value, at = _decoded(text, start)
        except ValueError:
            failed, at = failed + 1, start + 1
            if joined:
                saved = None if _too_deep(text[start:]) else _sound(_cut_value(text[start:]))
                yield Run((*values, *([] if saved is None else [saved])), State.CUT)
                values = []
        else:
            values.append(value)
            end = at
    if values:
        yield Run(tuple(values), State.WHOLE)


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at ``start``, and its end.

    Raises:
        ValueError: If there is none, or if it nests too deep.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _too_deep(text[start:end]):
        raise ValueError("nested too deep")
    return _sound(value), end


def _cut_value(text: str) -> Any:
    """JSON that breaks off inside its only list of objects, without the object that is not complete; None if none."""
    inside, escaped, opened = False, False, ""
    kept: tuple[int, str] | None = None
    for at, char in enumerate(text):
        if inside:
            inside, escaped = escaped or char != '"', char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "[{":
            opened += char
        elif char in "]}":
            opened = opened[:-1]
            if not opened:
                return None
        if not inside and char in "[}" and opened.endswith("[") and opened.count("[") == 1:
            kept = at + 1, opened[::-1].translate(_CLOSING)
    try:
        return json.loads(text[: kept[0]] + kept[1], strict=False) if kept else None
    except ValueError:
        return None


def _mended(text: str) -> Any:
    """What `json_repair` makes of ``text`` up to its last bracket; None if nothing."""
    from json_repair import repair_json

    try:
        return repair_json(text[: last_bracket(text)], return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


def _sound(value: Any) -> Any:
    """``value`` with halves of surrogate pairs joined, or replaced where the other half is missing.

    JSON can spell them one by one; as they are no text, nothing could store or print them.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_sound(one) for one in value]
    return {_sound(key): _sound(one) for key, one in value.items()} if isinstance(value, dict) else value


def _too_deep(text: str) -> bool:
    """Whether brackets nest beyond `_DEEPEST`, those inside strings counted too where they open a run."""
    depth = 0
    for char in re.findall(r"[\[\]{}]", text):
        depth += 1 if char in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False
