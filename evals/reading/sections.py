"""Sections found against those really there, listed by hash in ``gold/``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import resources

from assistant.domain.study import SectionType, Study
from assistant.text.words import words


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as listed or found."""

    hash: str
    """Of its heading, see `heading_hash`; of nothing where it has none."""
    type: SectionType
    """What it is for."""
    level: int
    """Depth of its heading, from 1."""


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Agreement of the sections of one text, or of several, with the list."""

    listed: int
    """Sections that are really there."""
    found: int
    """Sections that the reader made."""
    matched: int
    """Those in both, in the same order."""
    typed: int
    """Matched ones of the same type."""
    levelled: int
    """Matched ones of the same level."""

    @property
    def recall(self) -> float:
        """Share of the listed sections that were found, 0 to 1; NaN if none is listed."""
        return _share(self.matched, self.listed)

    @property
    def precision(self) -> float:
        """Share of the found sections that are listed, 0 to 1; NaN if none was found."""
        return _share(self.matched, self.found)

    @property
    def type_accuracy(self) -> float:
        """Share of the matched sections with the listed type, 0 to 1; NaN if none matched."""
        return _share(self.typed, self.matched)

    @property
    def level_accuracy(self) -> float:
        """Share of the matched sections with the listed level, 0 to 1; NaN if none matched."""
        return _share(self.levelled, self.matched)

    def __add__(self, other: SectionScore) -> SectionScore:
        return SectionScore(
            self.listed + other.listed,
            self.found + other.found,
            self.matched + other.matched,
            self.typed + other.typed,
            self.levelled + other.levelled,
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def heading_hash(heading: str) -> str:
    """sha256 of the heading's words, folded, one space between, hexadecimal."""
    return hashlib.sha256(" ".join(words(heading)).encode()).hexdigest()


def gold_sections(name: str = "sections") -> dict[str, tuple[SectionRow, ...]]:
    """The sections really there, by study id: of the five study texts, or with ``digests`` of their digests."""
    raw = json.loads(resources.files("evals.reading").joinpath(f"gold/{name}.json").read_text("utf-8"))
    return {
        study: tuple(SectionRow(row["hash"], SectionType(row["type"]), row["level"]) for row in rows)
        for study, rows in raw.items()
    }


def found_sections(study: Study) -> tuple[SectionRow, ...]:
    """The sections that the reader made."""
    return tuple(
        SectionRow(heading_hash(section.title), section.type, max(1, len(section.path))) for section in study.sections
    )


def score_sections(found: tuple[SectionRow, ...], listed: tuple[SectionRow, ...]) -> SectionScore:
    """How ``found`` agrees with ``listed``; both in reading order."""
    matcher = SequenceMatcher(None, [row.hash for row in found], [row.hash for row in listed], autojunk=False)
    pairs = [
        (found[block.a + step], listed[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
    return SectionScore(
        listed=len(listed),
        found=len(found),
        matched=len(pairs),
        typed=sum(mine.type is theirs.type for mine, theirs in pairs),
        levelled=sum(mine.level == theirs.level for mine, theirs in pairs),
    )
