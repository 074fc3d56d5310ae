"""From a chat model's reply to the items of its form. Pure.

The JSON is found by `assistant.engines.model.json_values`. A reply may come in pieces, one object after the other, as
several calls of a tool do; it may be the list alone, one item alone, or a list inside a string. Items that the closed
form does not take, even mended, are counted, never guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from assistant.engines.model.json_values import Run, State, broken_values, last_bracket, whole_runs
from assistant.engines.model.replies import FollowupReply, Form, Item

LONGEST = 400_000
"""Code points of a reply that are read."""
Entries = tuple[list[Any], dict[str, Any]]
"""The items of a reply as they stood, and what stood beside their list."""
Fitting = TypeVar("Fitting")
Shape = Callable[[Any], Fitting | None]
"""What a value is if it has some shape, else None."""


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
    run, pieces = found
    entries, rest = _together(form, run, pieces)
    cut = run.state is State.CUT or (run.state is State.MENDED and _breaks_off(text))
    if cut and run.state is State.MENDED and entries and not _all_keys(entries[-1], form):
        entries = entries[:-1]
    items: dict[str, Item] = {}
    lost: list[str] = []
    for entry in entries:
        item = _item(entry, form)
        if item is None:
            lost.append(_shown(entry))
        else:
            items.setdefault(item.model_dump_json(), item)
    return Reading(tuple(items.values()), rest, tuple(dict.fromkeys(lost)), cut)


def read_followup(text: str) -> str:
    """The question that a reply gives; empty where it gives none."""
    found = _found(text[:LONGEST], (_with_question,))
    return next(filter(None, reversed(found[1])), "").strip() if found else ""


def _with_question(value: Any) -> str | None:
    try:
        return FollowupReply.model_validate(value).standalone
    except ValidationError:
        return None


def _found(text: str, shapes: Sequence[Shape[Fitting]]) -> tuple[Run, list[Fitting | None]] | None:
    """The run of which a value has the first of ``shapes`` that any has, and what each of its values is.

    Whole before cut before mended. Of several whole runs the last, because a model that corrects itself does so after
    what it corrects.
    """
    whole = whole_runs(text)
    broken: list[Run] | None = None
    for shape in shapes:
        for run in reversed(whole):
            if any(shape(value) is not None for value in run.values):
                return run, [_first(shapes, value) for value in run.values]
        broken = list(broken_values(text)) if broken is None else broken
        for run in broken:
            if (fit := shape(run.values[0])) is not None:
                return run, [fit]
    return None


def _first(shapes: Sequence[Shape[Fitting]], value: Any) -> Fitting | None:
    return next((fit for shape in shapes if (fit := shape(value)) is not None), None)


def _together(form: Form[Item], run: Run, pieces: Sequence[Entries | None]) -> Entries:
    """One list of what the values of ``run`` hold; an item without all its keys counts beside others that are whole."""
    entries: list[Any] = []
    rest: dict[str, Any] = {}
    for value, piece in zip(run.values, pieces, strict=True):
        if piece is not None:
            entries += piece[0]
            rest |= piece[1]
        elif isinstance(value, dict) and _some_key(value, form):
            entries.append(value)
    return entries, rest


def _keyed(form: Form[Item], value: Any) -> Entries | None:
    """The object that was asked for, by itself or inside another."""
    if not isinstance(value, dict):
        return None
    for one in (value, *value.values()):
        if isinstance(one, dict) and form.key in one:
            entries = _list_of(one[form.key])
            if entries is not None:
                return entries, {key: rest for key, rest in one.items() if key != form.key}
    return None


def _list_of(value: Any) -> list[Any] | None:
    """What stands for the list of items: a list, one item, nothing, or one of these as a string of JSON; else None."""
    if isinstance(value, str) and value.strip():
        runs = whole_runs(value)
        if len(runs) != 1 or runs[0].state is not State.WHOLE:
            return None
        value = runs[0].values[0] if len(runs[0].values) == 1 else list(runs[0].values)
    if isinstance(value, dict) and value:
        return [value]
    return value if isinstance(value, list) else None if value else []


def _listed(form: Form[Item], value: Any) -> Entries | None:
    """A list of items, by itself or under another name; or the object's other fields without a list."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        if not lists and set(value) and set(value) <= set(form.reply.model_fields) - {form.key}:
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
    read = text[: last_bracket(text)]
    opened, closed = (sum(map(read.count, brackets)) for brackets in ("{[", "}]"))
    return opened > closed or len(text) > LONGEST


def _shown(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False)
