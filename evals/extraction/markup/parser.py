"""Reads authored passages; whatever breaks the format is an error that names file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.domain.study import EVIDENCE_SECTIONS, SectionType
from assistant.errors import RealistError
from assistant.text.sentences import sentence_spans
from evals.extraction.markup.authored import (
    AuthoredConfiguration,
    AuthoredPassage,
    MarkedSpan,
    NegativeKind,
    Register,
)

ROLE_LETTERS: dict[str, Role | None] = {
    "C": Role.CONTEXT,
    "R": Role.RESOURCE,
    "M": Role.REASONING,
    "O": Role.OUTCOME,
    "P": None,
}
"""Letters of the tags; ``P`` draws its sentence into the configuration and plays no role."""

LONGEST = 4
"""Sentences that one configuration may span (codebook, Marking)."""

_FILE = re.compile(r"(?P<field>[a-z][a-z-]*[a-z])-\d+")
_TAGS = re.compile(r"\[((?:[CRMOP]\d+)(?:,[CRMOP]\d+)*)\s+")
_HEADER = re.compile(r"#(?P<number>\d*)(?:\s+(?P<pairs>.*))?$")
_PASSAGE_KEYS = frozenset({"level", "polarity", "section", "register", "negative", "continues"})
_OWN_KEYS = frozenset({"level", "polarity"})
_EDGES = ".,;: "

_Choice = TypeVar("_Choice", bound=StrEnum)


class MarkupError(RealistError):
    """A passage breaks the format; the message opens with ``file:line``."""


@dataclass(slots=True)
class _Block:
    """Lines of one passage."""

    source: str
    header: list[tuple[int, str]] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, message: str, line: int | None = None) -> MarkupError:
        return MarkupError(f"{self.source}:{line or self.line}: {message}", remedy="FORMAT.md says the rules.")

    @property
    def line(self) -> int:
        return (self.header or self.prose)[0][0]


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A mark as written: its tags and its words."""

    tags: tuple[tuple[Role | None, int], ...]
    span: Span
    line: int


def parse_folder(folder: Path) -> tuple[AuthoredPassage, ...]:
    """The passages of every ``.txt`` file in ``folder``, by file name.

    Raises:
        MarkupError: At the first passage that breaks the format, or if there is no file.
    """
    files = sorted(path for path in folder.glob("*.txt") if path.is_file())
    if not files:
        raise MarkupError(f"{folder}: no passages", remedy="Name a folder with <field>-<n>.txt files.", path=folder)
    return tuple(passage for path in files for passage in parse_file(path))


def parse_file(path: Path) -> tuple[AuthoredPassage, ...]:
    """The passages of ``path`` in order; as `parse`."""
    return parse(path.read_text("utf-8"), path.name)


def parse(text: str, source: str) -> tuple[AuthoredPassage, ...]:
    """The passages of a file's ``text``.

    Args:
        text: Passages between blank lines, as FORMAT.md has them.
        source: The file's name, ``<field>-<n>.txt``; the field is taken from it.

    Raises:
        MarkupError: At the first thing that breaks the format.
    """
    name = _FILE.fullmatch(source.removesuffix(".txt"))
    if name is None:
        raise MarkupError(f"{source}:1: the name is not <field>-<n>.txt", remedy="Rename the file.")
    passages: list[AuthoredPassage] = []
    for block in _blocks(text, source):
        passage = _passage(block, name["field"])
        if passage.continues and not (passages and passages[-1].section is passage.section):
            raise block.refuse("`continues=yes` stands below a passage of the same section only")
        passages.append(passage)
    return tuple(passages)


def _blocks(text: str, source: str) -> Iterator[_Block]:
    block = _Block(source)
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("##"):
            continue
        if line.startswith("#"):
            if block.prose:
                raise block.refuse("a header line below the prose", number)
            block.header.append((number, line))
        elif line.strip():
            block.prose.append((number, line))
        elif block.prose:
            yield block
            block = _Block(source)
        elif block.header:
            raise block.refuse("a header without a passage")


def _passage(block: _Block, field_name: str) -> AuthoredPassage:
    common, own = _headers(block)
    text, tagged = _plain(block)
    sentences = sentence_spans(text)
    numbers = sorted({number for mark in tagged for _, number in mark.tags})
    if numbers != list(range(1, len(numbers) + 1)):
        raise block.refuse(f"configurations are numbered {numbers}, not from 1 without a gap")
    if set(own) - set(numbers):
        raise block.refuse(f"a header for configuration {min(set(own) - set(numbers))}, which has no mark")
    if bool(numbers) == ("negative" in common):
        raise block.refuse("`negative=` stands exactly where nothing is marked")
    for mark in tagged:
        if not any(s.start <= mark.span.start and mark.span.end <= s.end for s in sentences):
            raise block.refuse(f"a mark crosses a sentence's end: {mark.span.of(text)!r}", mark.line)
    return AuthoredPassage(
        source=block.source,
        line=block.line,
        field=field_name,
        text=text,
        sentences=sentences,
        section=_section(block, common),
        configurations=tuple(
            _configuration(block, number, common | own.get(number, {}), tagged, sentences) for number in numbers
        ),
        negative=_choice(block, NegativeKind, common, "negative"),
        register=_choice(block, Register, common, "register"),
        continues=_continues(block, common),
    )


def _headers(block: _Block) -> tuple[dict[str, str], dict[int, dict[str, str]]]:
    """Pairs of the passage, and those of single configurations by number."""
    common: dict[str, str] = {}
    own: dict[int, dict[str, str]] = {}
    for line, words in block.header:
        match = _HEADER.match(words)
        if match is None:
            raise block.refuse("a header is `# key=value` or `#1 key=value`", line)
        known = _OWN_KEYS if match["number"] else _PASSAGE_KEYS
        pairs = own.setdefault(int(match["number"]), {}) if match["number"] else common
        for pair in (match["pairs"] or "").split():
            key, equals, value = pair.partition("=")
            if not equals or key not in known or key in pairs:
                raise block.refuse(f"{pair!r} is no pair of a known key, or says it again", line)
            pairs[key] = value
    return common, own


def _plain(block: _Block) -> tuple[str, list[_Tagged]]:
    """The prose without its marks, and the marks on it, innermost first."""
    out: list[str] = []
    tagged: list[_Tagged] = []
    opened: list[tuple[str, int, int]] = []
    for line, words in block.prose:
        at = 0
        while at < len(words):
            char = words[at]
            at += 1
            if char == "\\":
                if words[at : at + 1] not in ("[", "]", "\\"):
                    raise block.refuse("a backslash stands before a bracket or a backslash only", line)
                out.append(words[at])
                at += 1
            elif char == "[":
                match = _TAGS.match(words, at - 1)
                if match is None:
                    raise block.refuse(f"no tag at {words[at - 1 : at + 20]!r}; a plain bracket is written \\[", line)
                opened.append((match[1], len(out), line))
                at = match.end()
            elif char == "]":
                if not opened:
                    raise block.refuse("a bracket closes what none opened; a plain one is written \\]", line)
                tagged.append(_close(block, opened.pop(), out, line))
            elif not char.isspace():
                out.append(char)
            elif out and out[-1] != " ":
                out.append(" ")
        if out and out[-1] != " ":
            out.append(" ")
    if opened:
        raise block.refuse(f"the mark {opened[-1][0]} is not closed", opened[-1][2])
    return "".join(out).rstrip(), tagged


def _close(block: _Block, opened: tuple[str, int, int], out: list[str], line: int) -> _Tagged:
    tags, start, _ = opened
    words = "".join(out[start:])
    if not words or words.strip(_EDGES) != words:
        raise block.refuse(f"a mark is empty, or has a space or a stop at an end: {words!r}", line)
    pairs = tuple((ROLE_LETTERS[tag[0]], int(tag[1:])) for tag in tags.split(","))
    return _Tagged(pairs, Span(start, len(out)), line)


def _configuration(
    block: _Block, number: int, pairs: dict[str, str], tagged: list[_Tagged], sentences: tuple[Span, ...]
) -> AuthoredConfiguration:
    own = [(role, mark) for mark in tagged for role, of in mark.tags if of == number]
    first = min(mark.span.start for _, mark in own)
    last = max(mark.span.end for _, mark in own)
    carrying = [s for s in sentences if s.end > first and s.start < last]
    if len(carrying) > LONGEST:
        raise block.refuse(f"configuration {number} is spread over {len(carrying)} sentences, more than {LONGEST}")
    try:
        return AuthoredConfiguration(
            number=number,
            level=_choice(block, Level, pairs, "level") or Level.FINDING,
            polarity=_choice(block, Polarity, pairs, "polarity") or Polarity.ENABLING,
            marks=tuple(sorted(MarkedSpan(mark.span, role) for role, mark in own if role)),
            extent=Span(carrying[0].start, carrying[-1].end),
        )
    except ValueError as error:
        raise block.refuse(str(error)) from error


def _section(block: _Block, pairs: dict[str, str]) -> SectionType:
    section = _choice(block, SectionType, pairs, "section") or SectionType.RESULTS
    if section not in EVIDENCE_SECTIONS:
        raise block.refuse(f"section={section} is never evidence")
    return section


def _continues(block: _Block, pairs: dict[str, str]) -> bool:
    if pairs.get("continues", "yes") != "yes":
        raise block.refuse("`continues` is `yes` or left out")
    return "continues" in pairs


def _choice(block: _Block, kind: type[_Choice], pairs: dict[str, str], key: str) -> _Choice | None:
    if key not in pairs:
        return None
    if pairs[key] not in set(kind):
        raise block.refuse(f"{key}={pairs[key]} is none of {', '.join(kind)}")
    return kind(pairs[key])
