"""A coder's working draft: sentence numbers and quoted phrases, turned into a standoff coding.

The draft holds a study's words and stays with the coder; only the standoff coding is kept. An entry a
configuration, entries parted by blank lines::

    12-13 finding enabling
    C the phrase that is context, verbatim
    R what is offered
    M what people think or feel
    O what follows
    P If ..., then ..., because ... (the coder's own words)
    = 4          (the number of the entry that says the same first; optional)
    N a note     (optional)

A role may have several lines, or none. Numbers are those that ``python -m evals.extraction.coding number FILE``
prints. A phrase is looked for inside the numbered sentences; ``phrase @2`` takes its second place there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.domain.cmo import Level, Polarity
from assistant.domain.spans import Span
from assistant.domain.study import Study
from assistant.tagging.places import codable_sentences
from assistant.text.quotes import locate
from evals.extraction.coding.files import CodedConfiguration
from evals.extraction.coding.selectors import Selector, select

_HEAD = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?\s+(?P<level>\w+)\s+(?P<polarity>\w+)$")
_ROLES = {"C": "context", "R": "resource", "M": "reasoning", "O": "outcome"}


@dataclass(slots=True)
class _Entry:
    """One entry of a draft while it is read."""

    line: int
    first: int
    last: int
    level: Level
    polarity: Polarity
    roles: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _ROLES.values()})
    proposition: str = ""
    same_as: str | None = None
    note: str = ""


def numbered(study: Study) -> Iterator[tuple[int, str, Span]]:
    """Number, section and span of every sentence that may be coded, numbers from 1."""
    for number, sentence in enumerate(codable_sentences(study), 1):
        block = study.block_at(sentence.span.start)
        assert block is not None
        section = study.section_of(block)
        yield number, f"{section.type.value}: {' > '.join(section.path)} [{block.kind.value}]", sentence.span


def build(study: Study, draft: str) -> tuple[tuple[CodedConfiguration, ...], tuple[str, ...]]:
    """The configurations of a draft, and what is wrong with it, a line each.

    Entries with a fault are left out, so that a coder can mend them one by one.
    """
    spans = {number: span for number, _, span in numbered(study)}
    coded: list[CodedConfiguration] = []
    faults: list[str] = []
    entries = list(_entries(draft, faults))
    for number, entry in enumerate(entries, 1):
        try:
            coded.append(_configuration(study, spans, entry, number, len(entries)))
        except ValueError as error:
            faults.append(f"line {entry.line}: {error}")
    return tuple(coded), tuple(faults)


def _entries(draft: str, faults: list[str]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, line in enumerate(draft.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            if entry is not None and not line:
                yield entry
                entry = None
            continue
        try:
            if entry is None:
                entry = _opened(line, number)
            else:
                _take(entry, line)
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if entry is not None:
        yield entry


def _opened(line: str, number: int) -> _Entry:
    head = _HEAD.match(line)
    if head is None:
        raise ValueError(f"{line!r} is no 'first-last level polarity'")
    first = int(head["first"])
    return _Entry(number, first, int(head["last"] or first), Level(head["level"]), Polarity(head["polarity"]))


def _take(entry: _Entry, line: str) -> None:
    key, _, value = line.partition(" ")
    if key in _ROLES:
        entry.roles[_ROLES[key]].append(value.strip())
    elif key == "P":
        entry.proposition = value.strip()
    elif key == "=":
        entry.same_as = value.strip()
    elif key == "N":
        entry.note = value.strip()
    else:
        raise ValueError(f"{line!r} begins with none of C R M O P = N")


def _configuration(
    study: Study, spans: dict[int, Span], entry: _Entry, number: int, entries: int
) -> CodedConfiguration:
    if entry.first not in spans or entry.last not in spans or not 0 <= entry.last - entry.first < 4:
        raise ValueError(f"{entry.first}-{entry.last} are not one to four sentences of the study")
    if not entry.proposition:
        raise ValueError("there is no proposition (P)")
    if not entry.roles["outcome"] or not any(entry.roles[role] for role in ("context", "resource", "reasoning")):
        raise ValueError("an outcome and at least one of context and mechanism are needed")
    if entry.same_as is not None and not (entry.same_as.isdigit() and 1 <= int(entry.same_as) <= entries):
        raise ValueError(f"= {entry.same_as} names no entry")
    passage = Span(spans[entry.first].start, spans[entry.last].end)
    taken: list[Span] = []
    roles = {role: tuple(_mark(study, passage, phrase, taken) for phrase in entry.roles[role]) for role in entry.roles}
    return CodedConfiguration(
        id=f"c{number}",
        passage=select(study.text, passage),
        **roles,
        level=entry.level,
        polarity=entry.polarity,
        proposition=entry.proposition,
        same_as=f"c{entry.same_as}" if entry.same_as else None,
        note=entry.note,
    )


def _mark(study: Study, passage: Span, phrase: str, taken: list[Span]) -> Selector:
    numbered_phrase = re.fullmatch(r"(.*) @(\d+)", phrase)
    wanted, times = (numbered_phrase[1], int(numbered_phrase[2])) if numbered_phrase else (phrase, 1)
    span = _nth(study.text, passage, wanted, times)
    if any(other.overlaps(span) for other in taken):
        raise ValueError(f"carries two roles: {wanted!r}")
    taken.append(span)
    return select(study.text, span)


def _nth(text: str, passage: Span, phrase: str, times: int) -> Span:
    """The ``times``-th place of ``phrase`` inside ``passage``."""
    within = passage
    while True:
        found = locate(phrase, text, within=within).span
        if found is None:
            raise ValueError(f"not in the sentences: {phrase!r}")
        if times == 1:
            return found
        if found.end >= passage.end:
            raise ValueError(f"not so often in the sentences: {phrase!r}")
        times, within = times - 1, Span(found.end, passage.end)
