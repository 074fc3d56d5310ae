"""From a coding made elsewhere to the project's own: one coding a study and coder, and what became of each quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import QuoteStatus
from assistant.domain.study import Study
from assistant.tagging.places import codable_sentences
from evals.extraction.coding.files import CodedConfiguration, Coding, Header
from evals.extraction.coding.selectors import select
from evals.extraction.importing.grouping import Group, counts_by_rule, grouped, passage_of, sentences_in
from evals.extraction.importing.marks import ClaimKey, ReadClaim, ReadCoding, ReadMark
from evals.extraction.importing.placing import PlacedMark, placed_marks
from evals.extraction.importing.studies import StudyTexts

CODEBOOK = "own"
"""Stands in the header where a coding followed rules of its own."""


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded, for the header."""

    name: str
    """Where the file does not say."""
    kind: str
    """What kind of coder, plainly."""


@dataclass
class Account:
    """What became of everything that a file holds."""

    quotes: Counter[QuoteStatus] = field(default_factory=Counter)
    """Quotes by how they stand in their study."""
    lost: list[PlacedMark] = field(default_factory=list)
    """Quotes that do not."""
    unknown_studies: Counter[str] = field(default_factory=Counter)
    """Quotes by study that there is not."""
    ignored: Counter[str] = field(default_factory=Counter)
    """Codes, columns and the like without a role."""
    grouped: Counter[str] = field(default_factory=Counter)
    """Configurations by the rule that they came about by."""
    without_role: int = 0
    """Passages that hold no role; left out."""
    without_claim: int = 0
    """Configurations without an outcome, or with nothing but one; kept."""
    outside: int = 0
    """Quotes in methods, references, tables and the like, which no system is asked to code."""
    notes: list[str] = field(default_factory=list)
    """What the researcher should know."""
    failed: list[str] = field(default_factory=list)
    """Files of a folder that can't be read, each with the reason and the remedy."""

    def add(self, other: Account) -> None:
        """Takes up what became of another file."""
        for name in ("quotes", "unknown_studies", "ignored", "grouped"):
            getattr(self, name).update(getattr(other, name))
        self.lost += other.lost
        self.notes += other.notes
        self.failed += other.failed
        self.without_role += other.without_role
        self.without_claim += other.without_claim
        self.outside += other.outside

    @property
    def set_apart(self) -> int:
        """Files that were not read, and quotes that were not found or whose study was not."""
        return len(self.failed) + len(self.lost) + self.unknown_studies.total()


def converted(read: ReadCoding, texts: StudyTexts, coder: Coder) -> tuple[tuple[Coding, ...], Account]:
    """The codings in a file, one a study and coder, and the account of what was left out."""
    account = Account(ignored=Counter(read.ignored), notes=list(read.notes))
    by_coding: dict[tuple[str, str], list[ReadMark]] = {}
    studies: dict[str, Study] = {}
    for mark in read.marks:
        study = texts.study(mark.study)
        if study is None:
            account.unknown_studies[mark.study] += 1
            continue
        studies[study.id] = study
        by_coding.setdefault((study.id, mark.coder or coder.name), []).append(mark)
    codings = [
        _coding(studies[study], marks, read, Coder(name, coder.kind), account)
        for (study, name), marks in by_coding.items()
    ]
    return tuple(one for one in codings if one.configurations), account


def _coding(study: Study, marks: Sequence[ReadMark], read: ReadCoding, coder: Coder, account: Account) -> Coding:
    placed = placed_marks(marks, study)
    _count(placed, study, account)
    sentences = sentences_in(study)
    groups = grouped(placed, sentences)
    account.without_role += sum(not group.marks for group in groups)
    groups = [group for group in groups if group.marks]
    account.grouped.update(counts_by_rule(groups))
    account.without_claim += sum(not _is_claim(group) for group in groups)
    claims = [_claim(group, read.claims) for group in groups]
    names = _names(groups)
    known = {group.name: name for group, name in zip(groups, names, strict=True) if group.name}
    configurations = tuple(
        CodedConfiguration(
            id=name,
            passage=select(study.text, passage_of(group, sentences)),
            **{role.value: tuple(select(study.text, span) for span in group.role(role)) for role in Role},
            level=claim.level or Level.FINDING,
            polarity=claim.polarity or Polarity.ENABLING,
            proposition=claim.proposition,
            same_as=known.get(claim.same_as),
            note=claim.note,
        )
        for group, name, claim in zip(groups, names, claims, strict=True)
    )
    return Coding(_header(study, coder, _uncoded(claims)), configurations)


def _count(placed: Sequence[PlacedMark], study: Study, account: Account) -> None:
    coded = [one.span for one in codable_sentences(study)]
    for one in placed:
        account.quotes[one.quote.status] += 1
        if not one.quote.found:
            account.lost.append(one)
        elif not any(span.overlaps(one.span) for span in coded):
            account.outside += 1


def _is_claim(group: Group) -> bool:
    return bool(group.role(Role.OUTCOME)) and any(one.mark.role is not Role.OUTCOME for one in group.marks)


def _claim(group: Group, claims: Mapping[ClaimKey, ReadClaim]) -> ReadClaim:
    """What is said of a configuration: by the file, else beside its passages, else beside its marks."""
    beside = [one.mark for one in [*group.passages, *group.marks]]
    said = claims.get(ClaimKey(beside[0].study, beside[0].coder, group.name), ReadClaim())
    return ReadClaim(
        level=said.level or next((one.level for one in beside if one.level), None),
        polarity=said.polarity or next((one.polarity for one in beside if one.polarity), None),
        proposition=said.proposition,
        same_as=said.same_as,
        note=said.note,
    )


def _names(groups: Sequence[Group]) -> list[str]:
    """An id for each configuration: the file's, else the next free one of ``c1``, ``c2`` and so on."""
    taken = {group.name for group in groups if group.name}
    free: Iterator[str] = (name for name in (f"c{number}" for number in count(1)) if name not in taken)
    return [group.name or next(free) for group in groups]


def _uncoded(claims: Sequence[ReadClaim]) -> tuple[str, ...]:
    """The fields that the coder said nothing about in the whole study."""
    said = {"level": any(one.level for one in claims), "polarity": any(one.polarity for one in claims)}
    return tuple(name for name, coded in said.items() if not coded)


def _header(study: Study, coder: Coder, uncoded: tuple[str, ...]) -> Header:
    return Header(
        study=study.id,
        source_sha256=study.source.sha256,
        text_sha256=study.sha256,
        coder=coder.name,
        kind=coder.kind,
        date=datetime.now(UTC).date().isoformat(),
        codebook=CODEBOOK,
        uncoded=uncoded,
    )
