"""From what a chat model wrote to the items of its reply, whatever the model wrapped around them. Pure.

Read as it stands if it is JSON; else without thinking and code fences; else from inside prose; else mended by
`json_repair`. Of a list that was cut off, the items that are complete are kept. Items that the closed form does
not take, even mended, are counted, never guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from assistant.engines.model.replies import FollowupReply, Form, Item

LONGEST = 400_000
"""Code points of a reply that are read."""
_THOUGHT = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
_OPENS = re.compile(r"[\[{](?=\s*(?:[\"'{\[\]}]|\w+\s*:|\Z))")
_STARTS = 32
"""Places at which JSON may begin that are tried."""
_DEEPEST = 64
"""Nesting beyond which a reply is refused, before a parser recurses into it."""
Entries = tuple[list[Any], dict[str, Any]]
"""The items of a reply as they stood, and what stood beside their list."""
Fitting = TypeVar("Fitting")
_CLOSING = str.maketrans("[{", "]}")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Item]):
    """What was understood of a reply."""

    items: tuple[Item, ...] = ()
    """In the order given, each once."""
    rest: Mapping[str, Any] | None = None
    """What else stood beside the list; None where no reply of the form was found at all."""
    lost: tuple[str, ...] = ()
    """Items that the form does not take, as they stood."""
    cut: bool = False
    """Whether the reply breaks off."""

    @property
    def usable(self) -> bool:
        """Whether there was a reply of the form, empty or not."""
        return self.rest is not None


def read_items(text: str, form: Form[Item]) -> Reading[Item]:
    """The items of a reply; ``Reading()`` where nothing of the form is found.

    Args:
        text: As the model wrote it.
        form: What it was asked for.
    """
    found = _found(text[:LONGEST], (partial(_keyed, form), partial(_listed, form), partial(_single, form)))
    if found is None:
        return Reading()
    (entries, rest), state = found
    if state is _State.MENDED and entries and not _all_keys(entries[-1], form):
        entries = entries[:-1]
    items: dict[str, Item] = {}
    lost: list[str] = []
    for entry in entries:
        item = _item(entry, form)
        if item is None:
            lost.append(_shown(entry))
        else:
            items.setdefault(item.model_dump_json(), item)
    return Reading(
        tuple(items.values()),
        rest,
        tuple(dict.fromkeys(lost)),
        cut=state is _State.CUT or (state is _State.MENDED and _breaks_off(text)),
    )


def read_followup(text: str) -> str:
    """The question that a reply gives; empty where it gives none."""
    found = _found(text[:LONGEST], (_with_question,))
    return found[0].strip() if found else ""


def _with_question(value: Any) -> str | None:
    try:
        return FollowupReply.model_validate(value).standalone
    except ValidationError:
        return None


class _State(Enum):
    """How a value stood in the reply."""

    WHOLE = auto()
    CUT = auto()
    """It broke off; what is complete of it was kept."""
    MENDED = auto()
    """It was no JSON."""


def _found(text: str, shapes: Sequence[Callable[[Any], Fitting | None]]) -> tuple[Fitting, _State] | None:
    """The value of the first of ``shapes`` that any has, and how it stood; whole before cut before mended.

    Of several whole ones the last, because a model that corrects itself does so after what it corrects.
    """
    candidates = _candidates(text)
    whole = [_sound(value) for candidate in candidates for value in _whole_values(candidate)]
    broken: list[tuple[Any, _State]] | None = None
    for shape in shapes:
        if fitting := [fit for value in whole if (fit := shape(value)) is not None]:
            return fitting[-1], _State.WHOLE
        broken = list(_broken_values(candidates)) if broken is None else broken
        for value, state in broken:
            if (fit := shape(value)) is not None:
                return fit, state
    return None


def _broken_values(candidates: Sequence[str]) -> Iterator[tuple[Any, _State]]:
    """What can be saved of each candidate that holds no whole value."""
    for state, saved in ((_State.CUT, _cut_value), (_State.MENDED, _mended)):
        for candidate in candidates:
            opening = _OPENS.search(candidate)
            if opening is not None and not _too_deep(candidate[opening.start() :]):
                yield _sound(saved(candidate[opening.start() :])), state


def _candidates(text: str) -> list[str]:
    """Where to look: the text as it is if it is JSON from its first character, else what is left without thoughts."""
    if text.lstrip()[:1] in {"{", "["}:
        return [text]
    spoken = _spoken(text)
    return [*(fence for fence in _FENCE.findall(spoken) if _OPENS.search(fence)), spoken]


def _spoken(text: str) -> str:
    """``text`` after the last thought that ends and before the first that does not."""
    ends = [tag.end() for tag in _THOUGHT.finditer(text) if tag[1]]
    rest = text[ends[-1] :] if ends else text
    opening = _THOUGHT.search(rest)
    return rest[: opening.start()] if opening else rest


def _whole_values(text: str) -> Iterator[Any]:
    """JSON values that stand whole in ``text``, the outermost at each place."""
    after = 0
    for number, opening in enumerate(_OPENS.finditer(text)):
        if number >= _STARTS:
            return
        if opening.start() < after or _too_deep(text[opening.start() :]):
            continue
        try:
            value, after = _DECODER.raw_decode(text, opening.start())
        except ValueError:
            continue
        yield value


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
    """What `json_repair` makes of ``text`` up to its last bracket; None if nothing.

    What follows the last bracket is prose, or the beginning of an item that was cut off.
    """
    from json_repair import repair_json

    try:
        return repair_json(text[: _last_bracket(text)], return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


def _last_bracket(text: str) -> int:
    return max(text.rfind("}"), text.rfind("]")) + 1


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


def _keyed(form: Form[Item], value: Any) -> Entries | None:
    """The object that was asked for, by itself or inside another."""
    if not isinstance(value, dict):
        return None
    for one in (value, *value.values()):
        if isinstance(one, dict) and form.key in one:
            entries = one[form.key] if isinstance(one[form.key], list) else []
            return entries, {key: rest for key, rest in one.items() if key != form.key}
    return None


def _listed(form: Form[Item], value: Any) -> Entries | None:
    """A list of items, by itself or under another name; or the object's other fields without a list."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        if not lists and set(value) and set(value) <= set(form.reply.model_fields):
            return [], value
        value = lists[0] if len(lists) == 1 else None
    if not isinstance(value, list) or not all(isinstance(one, dict) and _some_key(one, form) for one in value):
        return None
    return value, {}


def _single(form: Form[Item], value: Any) -> Entries | None:
    """One item without its list."""
    return ([value], {}) if _all_keys(value, form) else None


def _item(entry: Any, form: Form[Item]) -> Item | None:
    if not isinstance(entry, dict):
        return None
    known = {_key(key): value for key, value in entry.items()}
    try:
        return form.item.model_validate(form.mended(known))
    except ValidationError:
        return None


def _key(name: object) -> str:
    return str(name).strip().lower().replace(" ", "_").replace("-", "_")


def _some_key(entry: Mapping[str, Any], form: Form[Item]) -> bool:
    return bool(set(form.item.model_fields) & {_key(key) for key in entry})


def _all_keys(entry: Any, form: Form[Item]) -> bool:
    return isinstance(entry, dict) and set(form.item.model_fields) <= {_key(key) for key in entry}


def _breaks_off(text: str) -> bool:
    """Whether more brackets open than close up to the last one, or the text was too long to be read whole."""
    read = text[: _last_bracket(text)]
    opened, closed = (sum(map(read.count, brackets)) for brackets in ("{[", "}]"))
    return opened > closed or len(text) > LONGEST


def _shown(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False)
