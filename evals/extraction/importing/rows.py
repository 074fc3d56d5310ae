"""Rows of a table and objects of JSON lines: the same fields, told by the same names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from assistant.domain.cmo import Level, Polarity, Role
from evals.extraction.importing.marks import ClaimKey, CodingError, ReadClaim, ReadMark, ReadQuote

_GAP = re.compile(r"\s*(?:\|\||\[\s*(?:\.\.\.|…)\s*\])\s*")
"""Parts two quotes in one cell, or leaves words out of one."""
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """One row or object."""

    origin: str
    """File and line."""
    fields: Mapping[str, str]
    """Stripped texts by field, see `vocabulary.FIELDS`."""
    quotes: tuple[tuple[Role, ReadQuote], ...]
    """What is marked, with its role."""
    passages: tuple[ReadQuote, ...] = ()
    """What carries the claim."""
    is_claim: bool = True
    """Whether the row is a configuration by itself, even without a name for it."""

    @property
    def group(self) -> str:
        """Name of its configuration; empty where none is given and the row is not one by itself."""
        return self.fields.get("configuration") or (self.origin.rpartition(", ")[2] if self.is_claim else "")

    @property
    def key(self) -> ClaimKey:
        """Names its configuration."""
        return ClaimKey(self.fields.get("study", ""), self.fields.get("coder", ""), self.group)

    def marks(self) -> Iterator[ReadMark]:
        """Its quotes and passages as marks.

        Raises:
            CodingError: If a level or polarity is none.
        """
        level, polarity = self._choice("level", Level), self._choice("polarity", Polarity)
        groups = (self.group,) if self.group else ()
        for role, quote in [*self.quotes, *((None, passage) for passage in self.passages)]:
            yield ReadMark(self.origin, self.key.study, self.key.coder, role, quote, groups, level, polarity)

    def claim(self) -> ReadClaim:
        """What it says about its configuration.

        Raises:
            CodingError: If a level or polarity is none.
        """
        return ReadClaim(
            self._choice("level", Level),
            self._choice("polarity", Polarity),
            *(self.fields.get(name, "") for name in ("proposition", "same_as", "note")),
        )

    def _choice(self, name: str, kind: type[_Choice]) -> _Choice | None:
        value = self.fields.get(name, "").casefold()
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise CodingError(f"{self.origin}: {value!r} is no {name}", remedy=f"Use one of: {known}.") from None


def quotes_in(text: str, start: int | None = None) -> Iterator[ReadQuote]:
    """The quotes of a cell, parted by ``||``; ``[...]`` inside a quote leaves words out and parts it too."""
    for part in _GAP.split(text):
        if part.strip():
            yield ReadQuote(part.strip(), start)
            start = None


def offset(origin: str, value: str) -> int | None:
    """An offset as it was written; None where it was left empty.

    Raises:
        CodingError: If it is none.
    """
    if not value:
        return None
    if not value.isascii() or not value.isdigit():
        raise CodingError(f"{origin}: {value!r} is no offset", remedy="Write a whole number, or leave start empty.")
    return int(value)


def merged_claims(rows: list[Row]) -> dict[ClaimKey, ReadClaim]:
    """What the rows of one configuration say together; the first that says something about a field counts."""
    found: dict[ClaimKey, ReadClaim] = {}
    for row in rows:
        if not row.group:
            continue
        old, new = found.get(row.key, ReadClaim()), row.claim()
        found[row.key] = ReadClaim(
            old.level or new.level,
            old.polarity or new.polarity,
            old.proposition or new.proposition,
            old.same_as or new.same_as,
            old.note or new.note,
        )
    return found
