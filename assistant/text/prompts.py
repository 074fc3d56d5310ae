"""Prompt files: one a task, read, checked and filled in; no chat model is known here.

A file opens with front matter in YAML between two lines ``---``. Below it stand what the model is told of its task,
after a line ``[system]`` (none where a prompt goes on with another's conversation), and what it is given each time,
after a line ``[user]``. A variable is written ``$name``
(a dollar sign ``$$``). Loading checks that the variables named and used are the same, and that each quote of an
example stands in that example's own text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.engine import PromptRecord
from assistant.errors import PromptError
from assistant.text.quotes import locate

_SHAPE = re.compile(
    r"\A---\n(?P<front>.*?\n)---\n\s*(?:\[system\]\n(?P<system>.*?)\n)?\[user\]\n(?P<user>.*)\Z", re.DOTALL
)
_CLOSED = ConfigDict(extra="forbid", frozen=True)


class Example(BaseModel):
    """A worked example, shown to the model as an earlier exchange."""

    model_config = _CLOSED

    given: dict[str, str]
    """A value for each variable that holds something; marks are made, not given."""
    reply: dict[str, Any]
    """What a good reply to that is."""


class _Front(BaseModel):
    """The front matter."""

    model_config = _CLOSED

    id: str = Field(pattern=r"^[a-z]+$")
    version: int = Field(ge=1)
    purpose: str = Field(min_length=1)
    variables: list[str]
    schema_name: str = Field(alias="schema")
    verbatim: list[str] = []
    sources: list[str]
    examples: list[Example] = []


@dataclass(frozen=True, slots=True)
class Prompt:
    """A task for a chat model, in words."""

    record: PromptRecord
    """Its id, and the hash of the whole file."""
    version: int
    """Counted up by its author."""
    purpose: str
    """What it is for, in a sentence."""
    schema: str
    """Name of the reply's schema."""
    variables: frozenset[str]
    """What is filled in."""
    verbatim: frozenset[str]
    """Keys of a reply under which quotes stand; those of the examples were looked up."""
    system: str
    """What the model is told of its task; holds no variable, so that it is the same in every request. May be empty."""
    user: str
    """What it is given, a template."""
    sources: tuple[str, ...]
    """What its rules come from."""
    examples: tuple[Example, ...]
    """In the order shown."""

    def filled(self, values: Mapping[str, str]) -> str:
        """What the model is given, with ``values`` filled in; a ``$`` inside a value stays as it is.

        Raises:
            KeyError: If a variable has no value.
        """
        return Template(self.user).substitute(values)


def load_prompt(id: str, folders: Sequence[Path]) -> Prompt:
    """The prompt called ``id``, from the first folder that holds ``<id>.md``.

    Raises:
        PromptError: If there is none, or it breaks a rule of the format.
    """
    for folder in folders:
        file = folder / f"{id}.md"
        if file.is_file():
            return _parsed(file)
    raise PromptError(f"there is no prompt called {id}", remedy="Install realist-assistant again.")


def _parsed(file: Path) -> Prompt:
    try:
        content = file.read_bytes()
        shape = _SHAPE.match(content.decode("utf-8").replace("\r\n", "\n"))
        if shape is None:
            raise _Broken("it lacks the front matter between two lines ---, or the line [user]")
        front = _Front.model_validate(yaml.safe_load(shape["front"]))
        _check(front, shape["user"], file.stem)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, _Broken) as error:
        raise PromptError(
            f"{file} can't be used as a prompt: {_in_a_line(error)}",
            remedy="Mend it, or delete it to use the one that ships.",
            path=file,
        ) from error
    return Prompt(
        record=PromptRecord(front.id, hashlib.sha256(content).hexdigest()),
        version=front.version,
        purpose=front.purpose,
        schema=front.schema_name,
        variables=frozenset(front.variables),
        verbatim=frozenset(front.verbatim),
        system=(shape["system"] or "").strip(),
        user=shape["user"].strip(),
        sources=tuple(front.sources),
        examples=tuple(front.examples),
    )


class _Broken(ValueError):
    """A rule of the format is broken."""


def _check(front: _Front, user: str, stem: str) -> None:
    if front.id != stem:
        raise _Broken(f"its id is {front.id}, but the file is called {stem}")
    template = Template(user)
    if not template.is_valid():
        raise _Broken("a $ stands where no variable follows; write $$ for the sign")
    used = set(template.get_identifiers())
    if used != set(front.variables):
        raise _Broken(f"it names the variables {_listed(front.variables)} and uses {_listed(used)}")
    keys = frozenset(front.verbatim)
    quotes = [list(_verbatim(example.reply, keys)) for example in front.examples]
    for number, (example, own) in enumerate(zip(front.examples, quotes, strict=True), 1):
        if strange := set(example.given) - used:
            raise _Broken(f"example {number} gives {_listed(strange)}, which is no variable")
        for quote in own:
            if not any(locate(quote, text).found for text in example.given.values()):
                raise _Broken(f"example {number} quotes “{quote}”, which does not stand in its text")
    if keys and quotes and not any(quotes):
        raise _Broken(f"no example shows a quote under {_listed(front.verbatim)}")


def _verbatim(value: Any, keys: frozenset[str], inside: bool = False) -> Iterator[str]:
    """The strings anywhere under ``keys``."""
    if isinstance(value, str) and inside:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _verbatim(one, keys, inside)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _verbatim(one, keys, inside or key in keys)


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _in_a_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return " ".join(str(error).split())
