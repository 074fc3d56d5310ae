"""The prompts of all tasks, loaded once and checked against the forms of their replies, and made into messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from assistant.engines.model.marks import mark_for
from assistant.engines.model.replies import (
    AnswerReply,
    Closed,
    DraftReply,
    FollowupReply,
    JudgeReply,
    LinkReply,
    schema_of,
)
from assistant.engines.model.requests import Message, ModelRequest
from assistant.errors import PromptError
from assistant.text.prompts import Prompt, load_prompt


@dataclass(frozen=True, slots=True)
class _Task:
    """What a prompt must keep to, whoever wrote it."""

    reply: type[Closed] | None
    """Form of the reply; None for that of the request repaired."""
    variables: frozenset[str]
    """What is filled in."""
    verbatim: frozenset[str] = frozenset()
    """Keys of the reply that hold quotes."""


_TASKS: Mapping[str, _Task] = {
    "answer": _Task(AnswerReply, frozenset({"mark", "passages", "question"}), frozenset({"quote"})),
    "followup": _Task(FollowupReply, frozenset({"history", "mark", "question"})),
    "draft": _Task(
        DraftReply,
        frozenset({"mark", "window"}),
        frozenset({"passage", "context", "resource", "reasoning", "outcome"}),
    ),
    "link": _Task(LinkReply, frozenset({"configurations", "mark", "theory"})),
    "judge": _Task(JudgeReply, frozenset({"answer", "mark", "points", "question"}), frozenset({"quote"})),
    "repair": _Task(None, frozenset({"problems"})),
}
_SAME = "same"


@dataclass(frozen=True, slots=True)
class Prompts:
    """One prompt a task."""

    answer: Prompt
    followup: Prompt
    draft: Prompt
    link: Prompt
    judge: Prompt
    repair: Prompt

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Self:
        """The prompts, each from the first of ``folders`` that has it.

        Raises:
            PromptError: If one breaks the rules of its format, or does not fit its task.
        """
        return cls(**{task: _fitting(task, load_prompt(task, folders)) for task in _TASKS})


def request_for(item: str, prompt: Prompt, reply: type[Closed], values: Mapping[str, str]) -> ModelRequest:
    """A request made with ``prompt``.

    Args:
        item: Names the piece of work.
        prompt: The task's.
        reply: Form of what is to come back.
        values: For every variable but the mark, which is made from them; what is no variable bears on the mark alone.
    """
    return ModelRequest(item, prompt.record, tuple(_messages(prompt, values)), schema_of(reply))


def repair_of(request: ModelRequest, said: str, prompt: Prompt, problems: str) -> ModelRequest:
    """The request that asks once more for what could not be used.

    Args:
        request: The first one.
        said: What came back.
        prompt: The repair prompt.
        problems: What could not be used, and why.
    """
    turns = (Message("assistant", said or "(nothing)"), Message("user", prompt.filled({"problems": problems})))
    return ModelRequest(f"{request.item}/repair", prompt.record, (*request.messages, *turns), request.schema)


def _messages(prompt: Prompt, values: Mapping[str, str]) -> list[Message]:
    messages = [Message("system", prompt.system)]
    for example in prompt.examples:
        messages.append(Message("user", _marked(prompt, example.given)))
        messages.append(Message("assistant", json.dumps(example.reply, ensure_ascii=False)))
    return [*messages, Message("user", _marked(prompt, values))]


def _marked(prompt: Prompt, values: Mapping[str, str]) -> str:
    return prompt.filled({**values, "mark": mark_for(*values.values())})


def _fitting(task: str, prompt: Prompt) -> Prompt:
    """``prompt``, if it is one for ``task``."""
    wanted = _TASKS[task]
    title = wanted.reply.model_config["title"] if wanted.reply else _SAME
    if prompt.schema != title:
        raise _unfit(task, f"its schema must be called {title}")
    if prompt.variables != wanted.variables:
        raise _unfit(task, f"its variables must be {', '.join(sorted(wanted.variables))}")
    if missing := wanted.verbatim - prompt.verbatim:
        raise _unfit(task, f"verbatim must name {', '.join(sorted(missing))}, so that its examples' quotes are checked")
    for number, example in enumerate(prompt.examples, 1):
        if missing := wanted.variables - {"mark"} - set(example.given):
            raise _unfit(task, f"example {number} gives no {', '.join(sorted(missing))}")
        _check_reply(task, number, wanted.reply, example.reply)
    return prompt


def _check_reply(task: str, number: int, reply: type[Closed] | None, given: Mapping[str, Any]) -> None:
    try:
        if reply:
            reply.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _unfit(task, f"the reply of example {number} does not fit: {where}: {first['msg']}") from error


def _unfit(task: str, why: str) -> PromptError:
    return PromptError(f"the prompt {task} does not fit its task: {why}", remedy="Mend it, or delete your own copy.")
