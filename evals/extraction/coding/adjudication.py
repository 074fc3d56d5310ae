"""An adjudicator's draft: what is taken from either coder, what is dropped, and why.

Pairs that `Pairing.is_agreed` holds to be the same need no line: the one with fewer marked characters is taken,
unless a line names either. Every other configuration must be named by a line, or the draft is at fault. A line::

    take a:c12 over b:c10 | reason
    take a:c12 C=b:c10 O=a:c12+b:c10.M M=- polarity=mixed level=finding S=14-15 P=b:c10 over b:c10 | reason
    drop a:c3 b:c4 | reason

``C``, ``R``, ``M`` and ``O`` replace a role by the spans of other entries (``.M`` names another of their roles), by
``"a phrase"`` of the passage, or by nothing (``-``); ``S`` is the passage, as sentence numbers or another entry's;
``P`` the proposition, another entry's or ``"in own words"``; ``same`` the first statement of the claim, or ``-``.
A new entry stands in the draft format of `evals.extraction.coding.draft`, its reason under ``N``, the entries
that it stands for under ``F a:c3 b:c4``. The draft may hold a study's words and stays with the adjudicator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from assistant.domain.cmo import Level, Polarity
from assistant.domain.spans import Span
from assistant.domain.study import Study
from assistant.text.quotes import locate
from evals.extraction.coding.comparing import LETTERS, Pairing, paired, placed
from evals.extraction.coding.draft import build, numbered
from evals.extraction.coding.files import CodedConfiguration, Coding
from evals.extraction.coding.selectors import Selector, resolve, select

_REFERENCE = re.compile(r"[ab]:c\d+")
_PART = r'(?:"[^"]*"|[^\s+"]+)'
_CHANGE = re.compile(rf"(?P<key>[CRMOSP]|level|polarity|same)=(?P<value>{_PART}(?:\+{_PART})*)")
_MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of the adjudicated coding before it is numbered."""

    entry: CodedConfiguration
    """As adjudicated; `same_as` is not yet set."""
    sources: tuple[str, ...]
    """The coders' entries that it stands for, the one that was taken first."""
    same: str | None = None
    """The first statement as the adjudicator names it; ``-`` for none, None where the coders' own stands."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry that was not taken."""

    entry: str
    """Coder and id: ``a:c3``."""
    reason: str
    """Why."""


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Two codings brought together."""

    configurations: tuple[CodedConfiguration, ...]
    """In reading order, numbered anew."""
    dropped: tuple[Dropped, ...]
    """What either coder had and nothing stands for."""
    agreed: int
    """How many pairs needed no line."""
    changed: int
    """How many entries are neither coder's as they stood."""
    faults: tuple[str, ...]
    """What is wrong with the draft, a line each."""


class _Sources:
    """The entries of both codings by ``coder:id``, and the study that they are of."""

    def __init__(self, study: Study, first: Coding, second: Coding) -> None:
        self.study = study
        self.sentences = {number: span for number, _, span in numbered(study)}
        self.entries = {
            f"{name}:{one.id}": one for name, coding in (("a", first), ("b", second)) for one in coding.configurations
        }

    def entry(self, reference: str) -> CodedConfiguration:
        if reference not in self.entries:
            raise ValueError(f"{reference} is neither coder's")
        return self.entries[reference]

    def spans(self, role: str, value: str, passage: Span) -> tuple[Selector, ...]:
        """The spans that a ``C=…`` names, in reading order."""
        found: list[Selector] = []
        for part in re.findall(_PART, value):
            if part.startswith('"'):
                place = locate(part.strip('"'), self.study.text, within=passage).span
                if place is None:
                    raise ValueError(f"not in the sentences: {part}")
                found.append(select(self.study.text, place))
            elif part != "-":
                reference, _, letter = part.partition(".")
                found += getattr(self.entry(reference), LETTERS[letter] if letter else role)
        return tuple(sorted(set(found), key=lambda one: one.start))

    def passage(self, value: str) -> Selector:
        if _REFERENCE.fullmatch(value):
            return self.entry(value).passage
        first, _, last = value.partition("-")
        numbers = int(first), int(last or first)
        if not (set(numbers) <= self.sentences.keys() and 0 <= numbers[1] - numbers[0] < _MOST_SENTENCES):
            raise ValueError(f"{value} are not one to four sentences of the study")
        return select(self.study.text, Span(self.sentences[numbers[0]].start, self.sentences[numbers[1]].end))


def adjudicate(study: Study, first: Coding, second: Coding, draft: str) -> Adjudicated:
    """The coding that two codings and an adjudicator's draft make."""
    sources = _Sources(study, first, second)
    faults: list[str] = []
    kept, dropped = _decided(sources, draft, faults)
    named = {source for one in kept for source in one.sources} | {one.entry for one in dropped}
    pairings = paired(placed(first, study), placed(second, study), study.text)
    agreed = [one for one in pairings if one.is_agreed and not named & set(_references(one))]
    kept += [_shorter(sources, one) for one in agreed]
    named |= {reference for one in agreed for reference in _references(one)}
    faults += [f"{reference} is not decided" for reference in sources.entries if reference not in named]
    wrong = {at: fault for at, one in enumerate(kept) if (fault := _fault(sources, one))}
    faults += wrong.values()
    kept = [one for at, one in enumerate(kept) if at not in wrong]
    changed = sum(replace(one.entry, note="", same_as=None) not in _plain(sources) for one in kept)
    return Adjudicated(_numbered(kept, sources), tuple(dropped), len(agreed), changed, tuple(faults))


def _plain(sources: _Sources) -> list[CodedConfiguration]:
    return [replace(one, note="", same_as=None) for one in sources.entries.values()]


def _references(pairing: Pairing) -> tuple[str, ...]:
    return tuple(f"{name}:{one.id}" for name, one in (("a", pairing.first), ("b", pairing.second)) if one)


def _shorter(sources: _Sources, pairing: Pairing) -> Kept:
    """Of an agreed pair, the one with fewer marked characters; the first coder's where they are equal."""
    ordered = sorted(_references(pairing), key=lambda one: (_marked(sources.entry(one)), one))
    return Kept(replace(sources.entry(ordered[0]), note=""), tuple(ordered))


def _marked(entry: CodedConfiguration) -> int:
    return sum(span.end - span.start for role in LETTERS.values() for span in getattr(entry, role))


def _decided(sources: _Sources, draft: str, faults: list[str]) -> tuple[list[Kept], list[Dropped]]:
    kept: list[Kept] = []
    dropped: list[Dropped] = []
    new: list[str] = []
    for number, line in _statements(draft):
        try:
            if line[0].isdigit():
                new.append(line)
            elif line.startswith("drop "):
                references, _, reason = line.removeprefix("drop ").partition(" | ")
                dropped += [Dropped(_known(sources, one), reason.strip()) for one in references.split()]
            else:
                kept.append(_taken(sources, line))
        except (ValueError, KeyError) as error:
            faults.append(f"line {number}: {error}")
    return kept + _new(sources, new, faults), dropped


def _statements(draft: str) -> Iterator[tuple[int, str]]:
    """Line number and text of each decision; an entry in the draft format is one, its lines together."""
    entry: list[str] = []
    for number, line in enumerate([*draft.splitlines(), ""], 1):
        line = line.strip()
        if line and (entry or line[0].isdigit()):
            entry.append(line)
            continue
        if entry:
            yield number - len(entry), "\n".join(entry)
            entry = []
        if line and not line.startswith("#"):
            yield number, line


def _known(sources: _Sources, reference: str) -> str:
    sources.entry(reference)
    return reference


def _taken(sources: _Sources, line: str) -> Kept:
    words, _, reason = line.partition(" | ")
    head = re.match(r"take (\S+)", words)
    if head is None or not reason.strip():
        raise ValueError(f"{line!r} is no 'take …', 'drop …' or entry with a reason")
    changes = {change["key"]: change["value"] for change in _CHANGE.finditer(words)}
    rest = _CHANGE.sub("", words[head.end() :]).split()
    if rest and rest[0] != "over":
        raise ValueError(f"{rest[0]!r} is no change")
    entry = _changed(sources, sources.entry(head[1]), changes)
    others = tuple(_known(sources, one) for one in rest[1:])
    return Kept(replace(entry, note=reason.strip()), (head[1], *others), changes.get("same"))


def _changed(sources: _Sources, entry: CodedConfiguration, changes: Mapping[str, str]) -> CodedConfiguration:
    if "S" in changes:
        entry = replace(entry, passage=sources.passage(changes["S"]))
    passage = resolve(entry.passage, sources.study.text)
    assert passage is not None
    said = changes.get("P", "")
    replaced: dict[str, Any] = {
        role: sources.spans(role, changes[letter], passage) for letter, role in LETTERS.items() if letter in changes
    }
    if said:
        replaced["proposition"] = said.strip('"') if said[0] == '"' else sources.entry(said).proposition
    if "level" in changes:
        replaced["level"] = Level(changes["level"])
    if "polarity" in changes:
        replaced["polarity"] = Polarity(changes["polarity"])
    return replace(entry, **replaced)


def _new(sources: _Sources, entries: Sequence[str], faults: list[str]) -> list[Kept]:
    kept: list[Kept] = []
    for entry in entries:
        standing = tuple(one for line in entry.splitlines() if line.startswith("F ") for one in line.split()[1:])
        coded, wrong = build(sources.study, "\n".join(line for line in entry.splitlines() if not line.startswith("F ")))
        faults += [f"{entry.splitlines()[0]!r}: {fault}" for fault in wrong]
        kept += [Kept(one, standing) for one in coded]
    return kept


def _fault(sources: _Sources, kept: Kept) -> str | None:
    """What keeps an entry from being a configuration; None if nothing does."""
    entry, text = kept.entry, sources.study.text
    places = [resolve(one, text) for role in LETTERS.values() for one in getattr(entry, role)]
    passage = resolve(entry.passage, text)
    spans = sorted(place for place in places if place)
    name = kept.sources[0] if kept.sources else f"a new entry at {entry.passage.start}"
    if passage is None or len(spans) < len(places) or not all(passage.covers(span) for span in spans):
        return f"{name}: a span stands outside the passage"
    if any(one.overlaps(other) for one, other in pairwise(spans)):
        return f"{name}: a character carries two roles"
    if not entry.outcome or len(places) == len(entry.outcome):
        return f"{name}: an outcome and at least one of context and mechanism are needed"
    return None


def _numbered(kept: Sequence[Kept], sources: _Sources) -> tuple[CodedConfiguration, ...]:
    """The entries in reading order with ids and first statements of their own."""
    ordered = sorted(kept, key=lambda one: (one.entry.passage.start, one.entry.passage.end, one.entry.outcome[0].start))
    ids = {source: f"c{at}" for at, one in enumerate(ordered, 1) for source in one.sources}
    firsts: dict[str, str | None] = {}
    numbered_entries = []
    for at, one in enumerate(ordered, 1):
        first = _first(one, ids, sources, firsts, at)
        firsts[f"c{at}"] = first
        numbered_entries.append(replace(one.entry, id=f"c{at}", same_as=first))
    return tuple(numbered_entries)


def _first(
    kept: Kept, ids: Mapping[str, str], sources: _Sources, firsts: Mapping[str, str | None], at: int
) -> str | None:
    """Id of the first statement of the claim: the adjudicator's, else that of the first coder who named one."""
    if kept.same == "-":
        return None
    named = [kept.same] if kept.same else [_first_of(sources, source) for source in kept.sources]
    for reference in named:
        found = ids.get(reference) if reference else None
        if found and int(found[1:]) < at:
            return firsts[found] or found
    return None


def _first_of(sources: _Sources, source: str) -> str | None:
    same = sources.entry(source).same_as
    return f"{source[0]}:{same}" if same else None
