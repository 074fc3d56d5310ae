"""Codings in brat standoff: ``NAME.ann`` beside the ``NAME.txt`` that was annotated.

Text-bound annotations are marks; events, relations and equivalences say which belong together. Attributes called
level and polarity, and notes, are taken over.

Source: https://brat.nlplab.org/standoff.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from evals.extraction.importing.marks import ClaimKey, CodingError, ReadClaim, ReadCoding, ReadMark, anchored
from evals.extraction.importing.vocabulary import Special, Vocabulary, normal

_BOUND = re.compile(r"(?P<type>\S+) (?P<spans>\d+ \d+(?:;\d+ \d+)*)$")
_ARGUMENT = re.compile(r"[^\s:]+:(?P<target>[TE]\d+)")
_WELL_FORMED = {
    "T": re.compile(r"T\d+\t\S+ \d+ \d+(;\d+ \d+)*\t.*$"),
    "E": re.compile(r"E\d+\t[^\s:]+:T\d+( [^\s:]+:[TE]\d+)*\s*$"),
    "R": re.compile(r"R\d+\t\S+ [^\s:]+:[TE]\d+ [^\s:]+:[TE]\d+\s*$"),
    "*": re.compile(r"\*\t\S+( [TE]\d+)+\s*$"),
    "A": re.compile(r"A\d+\t\S+ [TER]\d+( .+)?$"),
    "M": re.compile(r"M\d+\t\S+ [TER]\d+( .+)?$"),
    "#": re.compile(r"#\d*\t\S+ \S+(\t.*)?$"),
    "N": re.compile(r"N\d+\t.*$"),
}
"""By the first letter of a line."""
_REMEDY = "Export the annotations from brat again, or mend the line."


class _Stance(TypedDict):
    level: Level | None
    polarity: Polarity | None


@dataclass
class _Document:
    """An annotation file while it is read."""

    name: str
    text: str
    bounds: dict[str, tuple[int, str, tuple[Span, ...]]] = field(default_factory=dict)
    """Text-bound annotations: line, type and spans."""
    events: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Events: type, and the annotations that take part, the trigger first."""
    ties: list[tuple[str, ...]] = field(default_factory=list)
    """Annotations that a relation or equivalence ties to each other."""
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    """By annotation and lower-case name."""
    notes: dict[str, str] = field(default_factory=dict)
    """By annotation."""


def read_brat(file: Path, vocabulary: Vocabulary) -> ReadCoding:
    """The coding in an annotation file.

    Raises:
        CodingError: If the text is not beside it, a line is not as brat writes it, or the two do not fit.
    """
    document = _read(file)
    groups = _groups(document)
    ignored: Counter[str] = Counter()
    marks: list[ReadMark] = []
    for key, (line, kind, spans) in document.bounds.items():
        meaning = vocabulary.meaning([kind])
        if not isinstance(meaning, Role) and meaning is not Special.CONFIGURATION:
            if all(key != parts[0] for _, parts in document.events.values()):
                ignored[f"type {kind}"] += 1
            continue
        marks += (
            ReadMark(
                origin=f"{file.name}, line {line}",
                study=file.stem,
                coder="",
                role=meaning if isinstance(meaning, Role) else None,
                quote=quote,
                groups=tuple(groups.get(key, ())),
                **_stance(document.attributes.get(key, {})),
            )
            for span in spans
            if (quote := anchored(document.text, span))
        )
    return ReadCoding(file.name, "brat", tuple(marks), dict(_claims(document, groups, file.stem)), dict(ignored))


def _read(file: Path) -> _Document:
    beside = file.with_suffix(".txt")
    if not beside.is_file():
        raise CodingError(
            f"{file.name} has no {beside.name} beside it", remedy="Put the text that was annotated into its folder."
        )
    document = _Document(file.name, _decoded(beside))
    for number, line in enumerate(_decoded(file).split("\n"), 1):
        if line.strip():
            _take(document, number, line.rstrip("\r"))
    return document


def _decoded(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodingError(f"{file.name} is not UTF-8, byte {error.start}", remedy="Save it as UTF-8.") from error


def _take(document: _Document, number: int, line: str) -> None:
    shape = _WELL_FORMED.get(line[0])
    if shape is None or not shape.match(line):
        raise CodingError(f"{document.name}, line {number}: no brat annotation", remedy=_REMEDY)
    key, _, rest = line.partition("\t")
    body, _, words = rest.partition("\t")
    if line[0] == "T":
        kind, spans = _bound(document, number, body, words)
        document.bounds[key] = (number, kind, spans)
    elif line[0] == "E":
        document.events[key] = (body.partition(":")[0], tuple(match["target"] for match in _ARGUMENT.finditer(body)))
    elif line[0] == "R":
        document.ties.append(tuple(match["target"] for match in _ARGUMENT.finditer(body)))
    elif line[0] == "*":
        document.ties.append(tuple(body.split()[1:]))
    elif line[0] in "AM":
        name, target, *value = body.split(" ", 2)
        document.attributes.setdefault(target, {})[normal(name)] = value[0] if value else name
    elif line[0] == "#":
        document.notes[body.split()[1]] = words.strip()


def _bound(document: _Document, number: int, body: str, words: str) -> tuple[str, tuple[Span, ...]]:
    match = _BOUND.match(body)
    assert match is not None
    ends = [tuple(map(int, part.split())) for part in match["spans"].split(";")]
    if any(not start < end <= len(document.text) for start, end in ends):
        raise CodingError(
            f"{document.name}, line {number}: an offset outside the text's {len(document.text)} characters",
            remedy="Put the very text that was annotated beside it, byte for byte.",
        )
    spans = tuple(Span(start, end) for start, end in ends)
    if " ".join(words.split()) != " ".join(" ".join(span.of(document.text) for span in spans).split()):
        raise CodingError(
            f"{document.name}, line {number}: the text has other words at {match['spans']}",
            remedy="Put the very text that was annotated beside it, byte for byte, line ends included.",
        )
    return match["type"], spans


def _groups(document: _Document) -> dict[str, list[str]]:
    """The configurations that each text-bound annotation belongs to: its events, else whatever it is tied to."""
    groups: dict[str, list[str]] = {}
    for event, (_, parts) in document.events.items():
        for part in _bounds_of(document, parts):
            groups.setdefault(part, []).append(event)
    home: dict[str, str] = {}
    for tie in document.ties:
        tied = list(_bounds_of(document, tie))
        old = {home.get(part, part) for part in tied}
        first = min(old, key=lambda key: (len(key), key), default="")
        home |= {part: first for part in [*home, *tied] if home.get(part, part) in old}
    for part, name in home.items():
        if part not in groups:
            groups[part] = [f"with {name}"]
    return groups


def _bounds_of(document: _Document, parts: tuple[str, ...]) -> Iterator[str]:
    """The text-bound annotations among ``parts``; an event stands for its trigger."""
    for part in parts:
        if part in document.bounds:
            yield part
        elif part in document.events:
            yield document.events[part][1][0]


def _claims(document: _Document, groups: Mapping[str, list[str]], study: str) -> Iterator[tuple[ClaimKey, ReadClaim]]:
    """What attributes and notes say about an event or about the members of a group."""
    names = dict.fromkeys(name for found in groups.values() for name in found)
    for name in names:
        members = [name, *(part for part, found in groups.items() if name in found)]
        attributes: dict[str, str] = {}
        for member in reversed(members):
            attributes |= document.attributes.get(member, {})
        notes = [document.notes[member] for member in members if document.notes.get(member)]
        yield ClaimKey(study, "", name), ReadClaim(**_stance(attributes), note="; ".join(notes))


def _stance(attributes: Mapping[str, str]) -> _Stance:
    level, polarity = attributes.get("level", "").casefold(), attributes.get("polarity", "").casefold()
    return {
        "level": Level(level) if level in set(Level) else None,
        "polarity": Polarity(polarity) if polarity in set(Polarity) else None,
    }
