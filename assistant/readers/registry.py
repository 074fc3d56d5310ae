"""From a file to a `Study`: the one way in, whatever the format.

A format is read once it has a line in `READERS`; everything else that `sniff` recognises is refused by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from assistant.domain.study import ReadingNote, SourceFile, Study, slug
from assistant.errors import EmptyStudy, MalformedStudy, ReadingError, StudyTooLarge, UnsupportedFormat
from assistant.readers import READER_VERSION
from assistant.readers.builder import RawStudy, build_study
from assistant.readers.limits import ReadingLimits
from assistant.readers.sniff import Format, sniff

__all__ = ["READERS", "READER_VERSION", "ReaderEntry", "ReadingLimits", "read_study", "source_sha256"]

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """Where the reader of a format is, imported only when a file needs it."""

    module: str
    """Module that holds it."""
    function: str
    """``(data: bytes) -> RawStudy``; with ``limits`` as a second argument if `limited`."""
    limited: bool = False
    """Whether it checks limits of its own."""
    plain: bool = False
    """Whether the stored text can be about as long as the file, so that a long file is refused unread."""

    def load(self) -> Callable[..., RawStudy]:
        """The function itself."""
        reader: Callable[..., RawStudy] = getattr(import_module(self.module), self.function)
        return reader


READERS: dict[Format, ReaderEntry] = {
    Format.TEXT: ReaderEntry("assistant.readers.text", "read_text", plain=True),
    Format.MARKDOWN: ReaderEntry("assistant.readers.markdown", "read_markdown", plain=True),
    Format.JATS: ReaderEntry("assistant.readers.jats", "read_jats", limited=True),
    Format.BMC_XML: ReaderEntry("assistant.readers.bmc", "read_bmc", limited=True),
    Format.DOCX: ReaderEntry("assistant.readers.docx", "read_docx", limited=True),
    Format.EPUB: ReaderEntry("assistant.readers.epub", "read_epub", limited=True),
    Format.ODT: ReaderEntry("assistant.readers.odt", "read_odt", limited=True),
    Format.RTF: ReaderEntry("assistant.readers.rtf", "read_rtf", plain=True),
    Format.HTML: ReaderEntry("assistant.readers.html", "read_html", limited=True),
    Format.PDF: ReaderEntry("assistant.readers.pdf", "read_pdf", limited=True),
}
"""The formats that are read."""

_ENDINGS = {
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".epub": Format.EPUB,
    ".rtf": Format.RTF,
    ".odt": Format.ODT,
}
"""What an ending promises, where it promises one format."""

_SAVE_AS = "Save it as plain text or Markdown, or get the article as JATS XML, and read that."
_REMEDIES = {
    Format.ZIP: "Unpack it and read the studies in it.",
    Format.COMPRESSED: "Unpack it and read the study in it.",
    Format.IMAGE: "Recognise its text with an OCR program and read the text.",
    Format.MEDIA: "Transcribe it and read the transcript as plain text.",
    Format.DATABASE: "Check that the file is the study you meant.",
    Format.BINARY: "Check that the file is the study you meant.",
}


def read_study(
    path: Path, *, study_id: str | None = None, name: str | None = None, limits: ReadingLimits = ReadingLimits()
) -> Study:
    """The study that the file at ``path`` holds.

    Args:
        path: The file; its content decides how it is read.
        study_id: Id of the study; by default the one that the file gives itself, else its stem as a slug.
        name: Name recorded as the source; by default the file's name.
        limits: Bounds beyond which the file is refused.

    Raises:
        ReadingError: If the file is missing, a folder, or may not be read; and one of its kinds:
        EmptyStudy: If it holds no text.
        UnsupportedFormat: If no reader takes its kind of content.
        MalformedStudy: If its content breaks the rules of its format.
        StudyTooLarge: If it is beyond ``limits``.
    """
    try:
        return _read(path, study_id, name or path.name, limits)
    except ReadingError as error:
        error.path = error.path or path
        raise


def source_sha256(path: Path, limits: ReadingLimits = ReadingLimits()) -> str:
    """SHA-256 of the file's bytes, as in `SourceFile.sha256`, without reading it as a study.

    Raises:
        ReadingError: If the file is missing, a folder, or may not be read.
        StudyTooLarge: If it is larger than ``limits`` allow.
    """
    _check_size(path, limits)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise _unreadable(path, error) from error
    return digest.hexdigest()


def _read(path: Path, study_id: str | None, name: str, limits: ReadingLimits) -> Study:
    data = _bytes_of(path, limits)
    found = sniff(data, path.name)
    raw = _raw_study(data, found, name, limits)
    _check_length(sum(len(block.text) for block in raw.blocks), name, limits)
    raw = replace(raw, notes=(*_mislabelled(path, found), *raw.notes))
    source = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), format=found.value)
    try:
        return build_study(slug(study_id or raw.id or path.stem), source, raw)
    except ValueError as error:
        raise _malformed(name, found, error) from error


def _raw_study(data: bytes, found: Format, name: str, limits: ReadingLimits) -> RawStudy:
    if found is Format.EMPTY:
        raise EmptyStudy(f"{name} is empty", remedy="Check that the file is the one you meant.")
    entry = READERS.get(found)
    if entry is None:
        raise UnsupportedFormat(f"{name} is {found.value}, which can't be read", remedy=_REMEDIES.get(found, _SAVE_AS))
    if entry.plain:
        _check_length(_characters(data), name, limits)
    reader = entry.load()
    try:
        return reader(data, limits) if entry.limited else reader(data)
    except ReadingError as error:
        error.message = f"{name}: {error.message}" if name not in error.message else error.message
        raise
    except MemoryError:
        raise
    except Exception as error:  # one file that trips a parser must not stop the others, whatever it raises
        raise _malformed(name, found, error) from error


def _mislabelled(path: Path, found: Format) -> tuple[ReadingNote, ...]:
    """A note where the file's name promises another format than its content is."""
    promised = _ENDINGS.get(path.suffix.lower(), found)
    if promised is found:
        return ()
    return (ReadingNote(f"The file is named {path.suffix}, but its content is {found.value}; it was read as that."),)


def _malformed(name: str, found: Format, error: Exception) -> MalformedStudy:
    cause = str(error).partition("\n")[0][:200] or type(error).__name__
    return MalformedStudy(
        f"{name} can't be read as {found.value} ({type(error).__name__}: {cause})",
        remedy="Save it again from the program that made it, or as plain text.",
    )


def _characters(data: bytes) -> int:
    """About how many code points ``data`` holds, told without reading it as a study."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(data) // 2
    return len(data.decode("utf-8", errors="replace"))


def _check_length(characters: int, name: str, limits: ReadingLimits) -> None:
    if characters > limits.max_characters:
        raise StudyTooLarge(
            f"{name} holds {characters:,} characters, over the limit of {limits.max_characters:,}",
            remedy="Split it into the studies that it holds.",
        )


def _bytes_of(path: Path, limits: ReadingLimits) -> bytes:
    _check_size(path, limits)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _check_size(path: Path, limits: ReadingLimits) -> None:
    try:
        size = path.stat().st_size
        special = not path.is_file() and not path.is_dir()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if path.is_dir():
        raise ReadingError(f"{path} is a folder", remedy="Name the files in it, or ingest the folder.", path=path)
    if special:
        raise ReadingError(f"{path} is no ordinary file", remedy="Save its content as a file.", path=path)
    if size > limits.max_bytes:
        raise StudyTooLarge(
            f"{path.name} has {size:,} bytes, over the limit of {limits.max_bytes:,}",
            remedy="Split it into the studies that it holds.",
            path=path,
        )


def _unreadable(path: Path, error: Exception) -> ReadingError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ReadingError(f"{path} is not there", remedy="Check the path.", path=path)
    if isinstance(error, PermissionError):
        return ReadingError(f"{path} may not be read", remedy="Give yourself permission to read it.", path=path)
    reason = getattr(error, "strerror", None) or error
    return ReadingError(f"{path} can't be read ({reason})", remedy="Check the path and the disk.", path=path)
