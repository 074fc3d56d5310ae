"""Which format a coding has, and its reader."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.errors import ReadingError, UsageError
from evals.extraction.importing.brat import read_brat
from evals.extraction.importing.marks import CodingError, ReadCoding
from evals.extraction.importing.objects import read_objects
from evals.extraction.importing.qdpx import read_qdpx
from evals.extraction.importing.tables import read_table
from evals.extraction.importing.vocabulary import Vocabulary

Reader = Callable[[Path, Vocabulary], ReadCoding]

READERS: dict[str, Reader] = {"csv": read_table, "jsonl": read_objects, "brat": read_brat, "qdpx": read_qdpx}
"""By name of the format."""
_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".ann": "brat",
    ".qdpx": "qdpx",
}


def format_of(file: Path) -> str:
    """The format that a file's ending promises, or its content where the ending says nothing.

    Raises:
        CodingError: If it is none that is read.
    """
    found = _ENDINGS.get(file.suffix.lower())
    if found is None and zipfile.is_zipfile(file):
        found = "qdpx"
    if found is None:
        raise CodingError(
            f"{file.name} is no coding that can be read",
            remedy="Export it as CSV, JSON lines, brat standoff or QDPX, or name its format with --format.",
            path=file,
        )
    return found


_IN_FOLDERS = frozenset(_ENDINGS) - {".tsv"}
"""Endings that are taken for codings unasked; tables with tabs are often something else."""


def coding_files(path: Path) -> list[Path]:
    """The file itself; of a folder the codings in it, or where it has none, those below it.

    Raises:
        CodingError: If a folder holds none.
        UsageError: If the path is not there.
    """
    if path.is_dir():
        found = _codings(path.iterdir()) or _codings(path.rglob("*"))
        if not found:
            raise CodingError(f"{path} holds no coding", remedy="Name the folder of .csv, .jsonl, .ann or .qdpx files.")
        return found
    if not path.is_file():
        raise UsageError(f"{path} is not there", remedy="Check the path.", path=path)
    return [path]


def _codings(files: Iterable[Path]) -> list[Path]:
    return sorted(file for file in files if file.suffix.lower() in _IN_FOLDERS and file.is_file())


def read_file(file: Path, vocabulary: Vocabulary, format: str | None = None) -> ReadCoding:
    """The coding in a file.

    Args:
        file: The file.
        vocabulary: What its codes mean.
        format: A name of `READERS`; by default the one that the file has.

    Raises:
        CodingError: If it can't be read.
    """
    try:
        return READERS[format or format_of(file)](file, vocabulary)
    except OSError as error:
        raise CodingError(f"{file} can't be read ({error.strerror})", remedy="Check the file.", path=file) from error
    except ReadingError as error:
        raise CodingError(f"{file.name}: {error.message}", remedy=error.remedy, path=file) from error
