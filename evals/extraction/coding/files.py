"""Coding files: JSON lines, a header and then a configuration a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from assistant.domain.cmo import Level, Polarity
from assistant.domain.spans import Span
from assistant.domain.study import Study
from evals.extraction.coding.selectors import Selector, resolve


@dataclass(frozen=True, slots=True)
class Header:
    """What was coded, and by whom."""

    study: str
    """Id of the study."""
    source_sha256: str
    """Of the file that was read."""
    text_sha256: str
    """Of the stored text that the offsets refer to."""
    coder: str
    """Names the coder: ``a``, ``b``, ``adjudicated``, …"""
    kind: str
    """What kind of coder, plainly: a person, or a language model and which instructions it had."""
    date: str
    """ISO date of the coding."""
    codebook: str
    """Version of the codebook."""
    uncoded: tuple[str, ...] = ()
    """Of ``level`` and ``polarity``, what the coder did not code; it then stands at its default and says nothing."""


@dataclass(frozen=True, slots=True)
class CodedConfiguration:
    """One configuration as a coder marked it."""

    id: str
    """Unique in its file."""
    passage: Selector
    """One to four sentences that carry the claim."""
    context: tuple[Selector, ...]
    resource: tuple[Selector, ...]
    reasoning: tuple[Selector, ...]
    outcome: tuple[Selector, ...]
    level: Level
    polarity: Polarity
    proposition: str
    """The coder's own paraphrase; never a study's sentence."""
    same_as: str | None = None
    """Id of the first statement of the same claim."""
    note: str = ""
    """Why it was coded so, where that is not plain."""


@dataclass(frozen=True, slots=True)
class CodedSpans:
    """A configuration with its places in a stored text."""

    id: str
    passage: Span
    context: tuple[Span, ...]
    resource: tuple[Span, ...]
    reasoning: tuple[Span, ...]
    outcome: tuple[Span, ...]
    level: Level
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Coding:
    """All configurations that one coder marked in one study."""

    header: Header
    configurations: tuple[CodedConfiguration, ...]


_HEADER = TypeAdapter(Header)
_CONFIGURATION = TypeAdapter(CodedConfiguration)


def write_coding(file: Path, coding: Coding) -> None:
    """Writes a coding, a configuration a line."""
    lines = [asdict(coding.header), *(asdict(one) for one in coding.configurations)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def read_coding(file: Path) -> Coding:
    """Reads a coding.

    Raises:
        ValueError: If a line is not as it should be; names the file and line.
    """
    lines = file.read_text("utf-8").splitlines()
    try:
        header = _HEADER.validate_json(lines[0])
        return Coding(header, tuple(_CONFIGURATION.validate_json(line) for line in lines[1:] if line.strip()))
    except (IndexError, ValueError) as error:
        raise ValueError(f"{file} is no coding: {error}") from error


def place(coding: Coding, study: Study) -> tuple[tuple[CodedSpans, ...], tuple[str, ...]]:
    """Where a coding's configurations stand in a study as it is read now.

    Returns:
        The configurations of which every span was found, and the ids of those of which one was not.
    """
    placed: list[CodedSpans] = []
    lost: list[str] = []
    for one in coding.configurations:
        passage = resolve(one.passage, study.text)
        roles = {role: [resolve(selector, study.text) for selector in getattr(one, role)] for role in _ROLES}
        if passage is None or any(None in spans for spans in roles.values()):
            lost.append(one.id)
            continue
        found = {role: tuple(span for span in spans if span) for role, spans in roles.items()}
        placed.append(CodedSpans(one.id, passage, **found, level=one.level, polarity=one.polarity))
    return tuple(placed), tuple(lost)


_ROLES = ("context", "resource", "reasoning", "outcome")
