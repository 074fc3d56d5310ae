"""Codings from files of any format, the project's own among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evals.extraction.coding.files import Coding, place, read_coding
from evals.extraction.importing.codings import Account, Coder, converted
from evals.extraction.importing.formats import coding_files, read_file
from evals.extraction.importing.marks import CodingError
from evals.extraction.importing.studies import StudyTexts
from evals.extraction.importing.vocabulary import Vocabulary


@dataclass(frozen=True)
class FoundCoding:
    """A coding and the file that it came from."""

    file: Path
    coding: Coding


@dataclass(frozen=True)
class Intake:
    """How files are to be taken."""

    texts: StudyTexts
    """The studies that were coded."""
    vocabulary: Vocabulary
    """What codes mean."""
    coder: str = ""
    """Name of the coder where a file does not say; by default the file's stem."""
    kind: str = "imported"
    """What kind of coder, plainly."""
    format: str | None = None
    """Of every file; by default each file's own."""


def codings_of(path: Path, intake: Intake) -> tuple[list[FoundCoding], Account]:
    """Every coding in a file or folder whose study there is, and the account of what was left out.

    Raises:
        CodingError: If the file, or every file of the folder, can't be read, or a study was coded twice by one coder.
    """
    account = Account()
    found: list[FoundCoding] = []
    files = coding_files(path)
    for file in files:
        try:
            codings = _own(file, intake.texts, account) if is_own(file) else _foreign(file, intake, account)
        except CodingError as error:
            account.failed.append(str(error))
            if len(account.failed) == len(files):
                raise
            continue
        found += [FoundCoding(file, coding) for coding in codings]
    _refuse_twice(found)
    return found, account


def is_own(file: Path) -> bool:
    """Whether a file is a coding in the project's own format."""
    if file.suffix.lower() != ".jsonl":
        return False
    with file.open("rb") as lines:
        return b'"text_sha256"' in lines.readline(1_000_000)


def _own(file: Path, texts: StudyTexts, account: Account) -> tuple[Coding, ...]:
    try:
        coding = read_coding(file)
    except ValueError as error:
        raise CodingError(str(error), remedy="Import the coding again.", path=file) from error
    study = texts.study(coding.header.study)
    if study is None:
        account.unknown_studies[coding.header.study] += len(coding.configurations)
        return ()
    _, lost = place(coding, study)
    if lost:
        account.notes.append(
            f"{file.name}: {len(lost)} configurations do not stand in {study.id} as it reads now and are left out"
        )
    return (coding,)


def _foreign(file: Path, intake: Intake, account: Account) -> tuple[Coding, ...]:
    read = read_file(file, intake.vocabulary, intake.format)
    codings, own = converted(read, intake.texts, Coder(intake.coder or _stem(file, read.format), intake.kind))
    account.add(own)
    return codings


def _stem(file: Path, format: str) -> str:
    """A name for the coder: the file's; the folder's for brat, whose files are named for the studies."""
    return file.resolve().parent.name if format == "brat" else file.stem


def _refuse_twice(found: list[FoundCoding]) -> None:
    seen: dict[tuple[str, str], Path] = {}
    for one in found:
        key = (one.coding.header.study, one.coding.header.coder)
        if key in seen:
            raise CodingError(
                f"{key[0]} is coded by {key[1]} in {seen[key].name} and again in {one.file.name}",
                remedy="Import the files one by one, with --coder NAME for each.",
            )
        seen[key] = one.file
