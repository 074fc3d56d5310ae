"""One reply made usable: read, each item judged, and what is amiss asked for once more, never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from assistant.engines.model.parsing import Reading, read_items
from assistant.engines.model.prompting import repair_of
from assistant.engines.model.replies import Form, Item
from assistant.engines.model.requests import Caller, ModelReply, ModelRequest, Usage
from assistant.text.prompts import Prompt

UNREADABLE = "the reply could not be read, even after one repair"


@dataclass(frozen=True, slots=True)
class Settled(Generic[Item]):
    """What came of a request in the end."""

    items: tuple[Item, ...]
    """Those without fault: first those of the first reply, then those mended."""
    apart: tuple[Item, ...]
    """Those still at fault, as first given."""
    rest: Mapping[str, Any]
    """What stood beside the items in the first reply that could be read."""
    usage: Usage
    """Spent on both rounds."""
    problem: str = ""
    """What is missing, and why; empty where the reply was read whole."""


@dataclass(frozen=True)
class Settling(Generic[Item]):
    """How the replies to one task are settled."""

    caller: Caller
    """Who is asked once more."""
    repair: Prompt
    """In what words."""
    form: Form[Item]
    """Of the replies."""
    fault: Callable[[Item], str]
    """What is wrong with an item, for the model to read; empty if nothing."""

    async def settle(self, request: ModelRequest, reply: ModelReply) -> Settled[Item]:
        """The usable items of ``reply``, after at most one repair.

        Raises:
            BudgetSpent: If the repair would pass the limit.
        """
        if reply.problem:
            return Settled((), (), {}, reply.usage, reply.problem)
        reading = read_items(reply.text, self.form)
        faults = [(item, fault) for item in reading.items if (fault := self.fault(item))]
        fine = tuple(item for item in reading.items if not self.fault(item))
        if not (faults or reading.lost or reading.cut or not reading.usable):
            return Settled(fine, (), reading.rest or {}, reply.usage)
        problems = "\n\n".join(_problems(reading, faults))
        again = await self.caller.call(repair_of(request, reply.text, self.repair, problems))
        second: Reading[Item] = Reading() if again.problem else read_items(again.text, self.form)
        answers = [item for item in second.items if item not in fine]
        usable = [item for item in answers if not self.fault(item)]
        return Settled(
            (*fine, *usable),
            _apart([item for item, _ in faults], answers, usable),
            reading.rest if reading.rest is not None else second.rest or {},
            reply.usage + again.usage,
            _missing(reading, len(faults), second, len(answers), again.problem),
        )


def _problems(reading: Reading[Item], faults: Sequence[tuple[Item, str]]) -> list[str]:
    """What is asked for once more, numbered, each with what is wrong with it."""
    if not reading.usable:
        return ["Nothing of it could be read as JSON in the form that was asked for. Give the whole reply again."]
    listed = [f"{item.model_dump_json()}\n{fault}" for item, fault in faults]
    listed += [f"{entry}\nThis is not in the form that was asked for." for entry in reading.lost]
    numbered = [f"{number}. {entry}" for number, entry in enumerate(listed, 1)]
    if reading.cut:
        numbered.append(f"It breaks off after {len(reading.items)} items. Give those that were still to come, too.")
    return numbered


def _apart(faulty: Sequence[Item], answers: Sequence[Item], usable: Sequence[Item]) -> tuple[Item, ...]:
    """Those of ``faulty`` that no usable answer stands for, then the faulty answers that stand for none of them.

    An answer stands for the item at the same place where there are as many, else for one with a phrase in common.
    """
    if len(answers) == len(faulty):
        return tuple(item for item, answer in zip(faulty, answers, strict=True) if answer not in usable)
    said, asked = _phrases(usable), _phrases(faulty)
    left = [item for item in faulty if not said & _phrases([item])]
    return (*left, *(item for item in answers if item not in usable and not asked & _phrases([item])))


def _phrases(items: Iterable[Item]) -> set[str]:
    """The strings of several words in ``items``."""
    return {words for item in items for words in _strings(item.model_dump(mode="json")) if " " in words.strip()}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


def _missing(first: Reading[Item], faulty: int, second: Reading[Item], answers: int, failed: str) -> str:
    """What is missing after the repair, and why."""
    if not first.usable and not second.usable:
        return f"{UNREADABLE} ({failed})" if failed else UNREADABLE
    if failed:
        return f"part of the reply could not be used, and no repair came ({failed})"
    if second.cut or (first.cut and not second.usable):
        return "the reply broke off, and what came before that was kept"
    unanswered = max(0, faulty + len(first.lost) - answers)
    still = min(len(first.lost), unanswered) if first.lost else len(second.lost)
    return f"{still} of its items could not be read" if still else ""
