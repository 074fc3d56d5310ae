"""Codings in a QDPX project (REFI-QDA), as NVivo, MAXQDA, ATLAS.ti, QualCoder and others export them.

The project is unpacked and parsed as files from strangers are: bounded, without entities. Selections of plain text
are read; regions of pictures, of audio and of PDF pages without their text are counted and left out.

Source: REFI-QDA Project Exchange 1.5, https://www.qdasoftware.org/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.errors import ReadingError
from assistant.readers.archive import Archive, open_archive
from assistant.readers.xml_safety import parse_xml
from evals.extraction.importing.marks import CodingError, ReadCoding, ReadMark, anchored
from evals.extraction.importing.positions import spans_of_positions
from evals.extraction.importing.vocabulary import Meaning, Special, Vocabulary, names_one

if TYPE_CHECKING:
    from lxml.etree import _Element

CodePath = tuple[str, ...]
"""Name of a code, then the names of those above it."""
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_OTHERS = frozenset({"PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection", "TranscriptSelection"})
_REMEDY = "Export the project as QDPX again."
_Kind = TypeVar("_Kind", Level, Polarity)


@dataclass(frozen=True)
class _Project:
    """What the codings of a project refer to."""

    file: str
    """Its name."""
    archive: Archive
    codes: Mapping[str, CodePath]
    """By guid: the code's name, then those above it."""
    users: Mapping[str, str]
    """By guid."""
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class _Coded:
    """A selection with what one user coded it as."""

    span: Span
    user: str
    codes: tuple[CodePath, ...]


def read_qdpx(file: Path, vocabulary: Vocabulary) -> ReadCoding:
    """The codings of every user in a project.

    Raises:
        CodingError: If it is no QDPX project, or something in it contradicts the standard.
    """
    try:
        archive = open_archive(file.read_bytes())
        root = parse_xml(archive.read(_project_part(file, archive)))
    except ReadingError as error:
        raise CodingError(f"{file.name}: {error.message}", remedy=_REMEDY) from error
    users = {_guid(one): one.get("name", "") for one in root.iterfind("Users/User")}
    codes = {guid: path for one in root.iterfind("CodeBook/Codes/Code") for guid, path in _codes(one, ())}
    project = _Project(file.name, archive, codes, users, vocabulary)
    marks: list[ReadMark] = []
    ignored: Counter[str] = Counter()
    notes: list[str] = []
    for source in root.iterfind("Sources/*"):
        if source.tag in _SOURCES:
            marks += _source_marks(project, source, ignored, notes)
    return ReadCoding(file.name, "qdpx", tuple(marks), {}, dict(ignored), tuple(notes))


def _project_part(file: Path, archive: Archive) -> str:
    parts = [name for name in archive.names() if name.casefold().endswith(".qde")]
    if not parts:
        raise CodingError(f"{file.name} holds no project (.qde)", remedy=_REMEDY)
    return parts[0]


def _guid(element: _Element, name: str = "guid") -> str:
    return (element.get(name) or "").strip("{}").casefold()


def _codes(code: _Element, above: CodePath) -> Iterator[tuple[str, CodePath]]:
    path = (code.get("name", ""), *above)
    yield _guid(code), path
    for below in code.iterfind("Code"):
        yield from _codes(below, path)


def _source_marks(project: _Project, source: _Element, ignored: Counter[str], notes: list[str]) -> Iterator[ReadMark]:
    name = source.get("name", "")
    if others := sum(one.tag in _OTHERS and one.find("Coding") is not None for one in source.iter()):
        notes.append(f"{name}: {others} coded regions that are no plain text were left out")
    text_part = source if source.tag == "TextSource" else source.find("Representation")
    selections = [] if text_part is None else [one for one in text_part.iterfind("PlainTextSelection")]
    if text_part is None or not selections:
        return
    text = _text(project, text_part, name)
    coded, counting = _coded(project, text, selections, name)
    if counting != "code points":
        notes.append(f"{name}: positions were read as {counting}")
    for number, one in enumerate(coded, 1):
        yield from _marks(project, one, f"{project.file}, {name}, selection {number}", name, text, ignored)


def _text(project: _Project, part: _Element, source: str) -> str:
    content = part.find("PlainTextContent")
    if content is not None:
        return content.text or ""
    path = part.get("plainTextPath", "")
    wanted = PurePosixPath(path.rpartition("://")[2].replace("\\", "/")).name.casefold()
    for name in project.archive.names():
        if wanted and PurePosixPath(name).name.casefold() == wanted:
            return _decoded(project, name)
    raise CodingError(
        f"{project.file}: the plain text of {source} ({path or 'no path'}) is not in the project",
        remedy="Export the project together with its sources.",
    )


def _decoded(project: _Project, name: str) -> str:
    try:
        data = project.archive.read(name)
        encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        return data.decode(encoding)
    except ReadingError as error:
        raise CodingError(f"{project.file}: {error.message}", remedy=_REMEDY) from error
    except UnicodeDecodeError as error:
        raise CodingError(f"{project.file}: {name} is not UTF-8, byte {error.start}", remedy=_REMEDY) from error


def _coded(project: _Project, text: str, selections: Sequence[_Element], source: str) -> tuple[list[_Coded], str]:
    """Selections by user with their places, and how their positions were counted."""
    positions = [
        (_position(project, one, "startPosition"), _position(project, one, "endPosition")) for one in selections
    ]
    spans, counting = spans_of_positions(text, positions)
    found: list[_Coded] = []
    for selection, ends, span in zip(selections, positions, spans, strict=True):
        codings = list(selection.iterfind("Coding"))
        if codings and span is None:
            raise CodingError(
                f"{project.file}: a selection at {ends[0]} to {ends[1]} is outside the text of {source}, "
                f"which has {len(text)} characters",
                remedy=_REMEDY,
            )
        by_user: dict[str, list[CodePath]] = {}
        for coding in codings:
            user = _guid(coding, "creatingUser") or _guid(selection, "creatingUser")
            by_user.setdefault(project.users.get(user, ""), []).append(_code(project, coding))
        if span is not None:
            found += [_Coded(span, user, tuple(codes)) for user, codes in by_user.items()]
    return found, counting


def _position(project: _Project, selection: _Element, name: str) -> int:
    value = selection.get(name, "")
    if not value.isascii() or not value.isdigit():
        raise CodingError(
            f"{project.file}, line {selection.sourceline}: {name} is {value!r}, no whole number", remedy=_REMEDY
        )
    return int(value)


def _code(project: _Project, coding: _Element) -> CodePath:
    reference = coding.find("CodeRef")
    guid = "" if reference is None else _guid(reference, "targetGUID")
    if guid not in project.codes:
        raise CodingError(
            f"{project.file}, line {coding.sourceline}: a coding refers to the code {guid or '(none)'}, "
            "which the codebook does not have",
            remedy=_REMEDY,
        )
    return project.codes[guid]


def _marks(
    project: _Project, coded: _Coded, origin: str, study: str, text: str, ignored: Counter[str]
) -> Iterator[ReadMark]:
    """A mark for each role and passage that the selection is coded as."""
    quote = anchored(text, coded.span)
    if quote is None:
        return
    meanings = [(path, project.vocabulary.meaning(path)) for path in coded.codes]
    groups = tuple(
        " / ".join(reversed(path)) for path, one in meanings if one is Special.CONFIGURATION and names_one(path)
    )
    roles: list[Role | None] = [one for _, one in meanings if isinstance(one, Role)]
    if not roles and any(one is Special.CONFIGURATION for _, one in meanings):
        roles = [None]
    ignored.update(f"code {path[0]}" for path, one in meanings if one is None or one is Special.IGNORE)
    stance = [one for _, one in meanings if one is not None]
    for role in roles:
        yield ReadMark(origin, study, coded.user, role, quote, groups, _first(stance, Level), _first(stance, Polarity))


def _first(meanings: Sequence[Meaning], kind: type[_Kind]) -> _Kind | None:
    return next((one for one in meanings if isinstance(one, kind)), None)
