"""Reads RIS, BibTeX and CSV reference libraries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from assistant.domain.study import Bibliography
from assistant.errors import ReadingError
from assistant.readers.decoding import decode
from assistant.readers.libraries.matching import Library, LibraryEntry

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_MOST_BYTES = 64 * 1024 * 1024
"""Size of the largest library; ten thousand references take some megabytes."""
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_RIS = re.compile(r"^\s*TY {1,2}- ", re.MULTILINE)
_BIBTEX = re.compile(r"^\s*@\s*\w+\s*[{(]", re.MULTILINE)
_DELIMITERS = ",;\t"
_COLUMNS: Mapping[str, Sequence[str]] = {
    "title": ("title", "article title", "document title"),
    "authors": ("authors", "author", "author names"),
    "year": ("year", "publication year", "date", "publication date"),
    "journal": ("journal", "publication title", "source title", "journal title", "publisher"),
    "doi": ("doi",),
    "licence": ("licence", "license", "rights"),
    "key": ("key", "id", "citation key"),
    "files": ("file", "files", "file name", "filename", "pdf", "file attachments"),
}
"""Column headings, the likeliest first, by what they hold."""


def load_library(path: Path) -> Library:
    """The library in the file at ``path``, whose content tells its kind.

    Raises:
        ReadingError: If it can't be read, or holds no references that are understood.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, f"it is larger than {_MOST_BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    text = decode(data).text.lstrip("\ufeff")
    library = _reader(text)(text)
    if not library.entries:
        reason = library.notes[0] if library.notes else "no reference was found in it"
        raise _unreadable(path, reason)
    return library


def _unreadable(path: Path, reason: str) -> ReadingError:
    return ReadingError(
        f"{path} can't be read as a reference library ({reason})",
        remedy="Export the library as RIS, BibTeX, or CSV with a column 'title', 'doi' or 'file'.",
        path=path,
    )


def _reader(text: str) -> Callable[[str], Library]:
    if _RIS.search(text):
        return _from_ris
    return _from_bibtex if _BIBTEX.search(text) else _from_csv


def _from_ris(text: str) -> Library:
    import rispy

    try:
        references = rispy.loads(text)
    except (OSError, ValueError, KeyError, IndexError) as error:
        return Library((), (f"the RIS is damaged: {error}",))
    return Library([_ris_entry(reference) for reference in references])


def _ris_entry(reference: Mapping[str, Any]) -> LibraryEntry:
    def first(*names: str) -> str:
        values = (reference.get(name) for name in names)
        return next((_line(value) for value in values if isinstance(value, str) and value.strip()), "")

    authors = reference.get("authors") or reference.get("first_authors") or ()
    attached = [reference.get(name) for name in ("file_attachments1", "file_attachments2", "figure")]
    return LibraryEntry(
        Bibliography(
            title=first("title", "primary_title"),
            authors=tuple(_line(author).rstrip(",") for author in authors if _line(author)),
            year=_year(first("year", "publication_year", "date")),
            journal=first("journal_name", "secondary_title", "alternate_title3", "alternate_title1", "publisher"),
            doi=_doi(first("doi")),
        ),
        key=first("id"),
        files=_file_names(part for value in attached for part in ([value] if isinstance(value, str) else value or ())),
    )


def _from_bibtex(text: str) -> Library:
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    steps = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts(), middlewares.LatexDecodingMiddleware()]
    found = parse_string(text, append_middleware=steps)
    failed = len(found.failed_blocks)
    notes = (f"{failed} of its entries could not be read",) if failed else ()
    return Library([_bibtex_entry(entry) for entry in found.entries], notes)


def _bibtex_entry(entry: Entry) -> LibraryEntry:
    values = {key.lower(): field.value for key, field in entry.fields_dict.items()}

    def first(*names: str) -> str:
        return next((_line(values[name]) for name in names if isinstance(values.get(name), str)), "")

    people = values.get("author") or ()
    return LibraryEntry(
        Bibliography(
            title=first("title").replace("{", "").replace("}", ""),
            authors=tuple(filter(None, (_person(person) for person in people))) if not isinstance(people, str) else (),
            year=_year(first("year", "date")),
            journal=first("journal", "journaltitle", "publisher"),
            doi=_doi(first("doi")),
        ),
        key=entry.key,
        files=_file_names(_bibtex_files(first("file"))),
    )


def _person(parts: Any) -> str:
    """``Family, Given`` of a name that bibtexparser has split."""
    from pylatexenc.latex2text import LatexNodes2Text

    family = " ".join((*parts.von, *parts.last))
    given = " ".join((*parts.first, *parts.jr))
    return _line(LatexNodes2Text().latex_to_text(", ".join(filter(None, (family, given)))))


def _bibtex_files(value: str) -> list[str]:
    """Paths in a ``file`` field: plain, or ``description:path:type`` as JabRef, Mendeley and Zotero write it."""
    paths: list[str] = []
    for part in re.split(r"(?<!\\);", value):
        pieces = [piece.replace("\\:", ":") for piece in re.split(r"(?<!\\):", part)]
        paths.append(pieces[1] if len(pieces) >= 3 and len(pieces[0]) != 1 else part)
    return paths


def _from_csv(text: str) -> Library:
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [" ".join(name.lower().replace("_", " ").split()) for name in next(rows, [])]
        columns = {field: [names.index(name) for name in wanted if name in names] for field, wanted in _COLUMNS.items()}
        if not any(columns[field] for field in ("title", "doi", "files")):
            return Library((), ("it is neither RIS nor BibTeX, and its first line names no column that is known",))
        return Library([_csv_entry(row, columns) for row in rows if any(cell.strip() for cell in row)])
    except csv.Error as error:
        return Library((), (f"the CSV is damaged: {error}",))


def _csv_entry(row: Sequence[str], columns: Mapping[str, Sequence[int]]) -> LibraryEntry:
    def first(field: str) -> str:
        return next((_line(row[at]) for at in columns[field] if at < len(row) and row[at].strip()), "")

    return LibraryEntry(
        Bibliography(
            title=first("title"),
            authors=tuple(name.strip() for name in first("authors").split(";") if name.strip()),
            year=_year(first("year")),
            journal=first("journal"),
            doi=_doi(first("doi")),
            licence=first("licence"),
        ),
        key=first("key"),
        files=_file_names(first("files").split(";")),
    )


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _year(text: str) -> int | None:
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def _doi(text: str) -> str:
    match = _DOI.search(_RESOLVER.sub("", text))
    return match[0].rstrip(".,;").lower() if match else ""


def _file_names(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for path in paths if (name := PureWindowsPath(path.strip()).name))
