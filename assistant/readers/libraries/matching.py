"""Which entry of a reference library describes a study: by DOI, by file name or by title, never by likeness.

A library is kept by a person, so what an entry states goes before what a reader found in the file; what it does not
state stays as the reader found it. A researcher's own edits go before both (`assistant.store.edits`).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath

from assistant.domain.study import Bibliography

_TITLE_WORDS = 3
"""Words from which a title is telling enough to match by; ``Editorial`` is not."""

_KEY_CHARACTERS = 4
"""Characters from which a citation key is telling enough to be a file's name."""


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One reference of a library."""

    bibliography: Bibliography
    """What it states."""
    key: str = ""
    """Its citation key or id in the library; empty where it has none."""
    files: tuple[str, ...] = ()
    """Names of the files attached to it, without folders."""

    @property
    def label(self) -> str:
        """How messages name it."""
        return self.bibliography.title or self.bibliography.doi or self.key or "an entry without a title"


class MatchedBy(StrEnum):
    """What an entry and a study have in common."""

    DOI = "doi"
    FILE = "file name"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that describes a study."""

    entry: LibraryEntry
    """The entry."""
    by: MatchedBy
    """What told so."""

    def completed(self, known: Bibliography) -> Bibliography:
        """``known`` with what the entry states in place of what the reader found."""
        stated = {
            field.name: value
            for field in dataclasses.fields(Bibliography)
            if (value := getattr(self.entry.bibliography, field.name))
        }
        return dataclasses.replace(known, **stated)


class Library:
    """The entries of a library, found by what identifies them. A mark that two entries share identifies neither."""

    def __init__(self, entries: Sequence[LibraryEntry], notes: Sequence[str] = ()) -> None:
        self.entries = tuple(entries)
        """In the library's order."""
        self.notes = tuple(notes)
        """What could not be read of it."""
        numbered = list(enumerate(self.entries))
        self._by_doi = _unique((entry.bibliography.doi, number) for number, entry in numbered)
        self._by_file = _unique((_file_key(name), number) for number, entry in numbered for name in entry.files)
        self._by_stem = _unique((stem, number) for number, entry in numbered for stem in _stems(entry))
        self._by_title = _unique((_title_key(entry.bibliography.title), number) for number, entry in numbered)

    def match(self, known: Bibliography, source: str) -> Match | None:
        """The entry of a study; None where none is its own.

        Args:
            known: What the reader found in the file.
            source: Name of the file, with or without folders.
        """
        if (number := self._by_doi.get(known.doi)) is not None:
            return Match(self.entries[number], MatchedBy.DOI)
        number = self._by_file.get(_file_key(source))
        number = self._by_stem.get(_stem(source)) if number is None else number
        if number is not None:
            return Match(self.entries[number], MatchedBy.FILE)
        number = self._by_title.get(_title_key(known.title))
        if number is None or _are_different(known.doi, self.entries[number].bibliography.doi):
            return None
        return Match(self.entries[number], MatchedBy.TITLE)

    def unmatched(self, matches: Iterable[Match]) -> tuple[LibraryEntry, ...]:
        """The entries that none of ``matches`` took."""
        taken = {id(match.entry) for match in matches}
        return tuple(entry for entry in self.entries if id(entry) not in taken)


def _are_different(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _unique(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """By mark, the one entry that has it; the empty mark counts for nothing."""
    found: dict[str, set[int]] = defaultdict(set)
    for mark, number in pairs:
        if mark:
            found[mark].add(number)
    return {mark: next(iter(numbers)) for mark, numbers in found.items() if len(numbers) == 1}


def _file_key(name: str) -> str:
    """The file's name without folders of any system, in lower case."""
    return unicodedata.normalize("NFC", PureWindowsPath(name).name).casefold()


def _stem(name: str) -> str:
    return PurePosixPath(_file_key(name)).stem


def _stems(entry: LibraryEntry) -> set[str]:
    """Stems of its files, and its key where it is a name and not a mere number."""
    named = [entry.key] if len(entry.key) >= _KEY_CHARACTERS and any(char.isalpha() for char in entry.key) else []
    return {_stem(name) for name in entry.files} | {_file_key(key) for key in named}


def _title_key(title: str) -> str:
    """The title's letters and digits in lower case, without accents; empty where it is too short to tell."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    words = "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.combining(char) and char not in "'’"
    ).split()
    return " ".join(words) if len(words) >= _TITLE_WORDS else ""
