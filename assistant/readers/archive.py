"""Zipped formats (DOCX, EPUB, ODT) opened without trusting them: bounded number, size and expansion of parts."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from assistant.errors import MalformedStudy, StudyTooLarge, UnsupportedFormat
from assistant.readers.limits import ReadingLimits

_REMEDY = "Save it again from the program that made it, or as plain text."
_ENCRYPTED = 0x1
"""Bit of a part's flags that says that it is encrypted."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zipped file whose parts are within the limits."""

    parts: zipfile.ZipFile
    """Open for reading."""
    limits: ReadingLimits
    """Bounds on each part."""

    def names(self) -> list[str]:
        """Names of the parts, in the archive's order."""
        return self.parts.namelist()

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            MalformedStudy: If it is not there, damaged or encrypted.
            StudyTooLarge: If it unfolds to more than the limits allow.
        """
        data = self.find(name)
        if data is None:
            raise MalformedStudy(f"the archive has no part {name}", remedy=_REMEDY)
        return data

    def find(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of that name.

        Raises:
            MalformedStudy: If it is damaged or encrypted.
            StudyTooLarge: If it unfolds to more than the limits allow.
        """
        try:
            info = self.parts.getinfo(name)
        except KeyError:
            return None
        if info.flag_bits & _ENCRYPTED:
            raise _encrypted()
        most = self.limits.max_part_bytes
        try:
            with self.parts.open(info) as part:
                data = part.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise MalformedStudy(f"the part {name} is damaged ({error})", remedy=_REMEDY) from error
        if len(data) > most:
            raise _too_large(f"the part {name} unfolds to more than {most:,} bytes")
        return data


def open_archive(data: bytes, limits: ReadingLimits = ReadingLimits()) -> Archive:
    """The archive in ``data``, its parts counted and measured before any is unpacked.

    Raises:
        MalformedStudy: If it is no intact archive.
        StudyTooLarge: If it has more parts, or unfolds to more, than ``limits`` allow.
        UnsupportedFormat: If it is encrypted.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise MalformedStudy(f"the archive is damaged or cut off ({error})", remedy=_REMEDY) from error
    entries = parts.infolist()
    if len(entries) > limits.max_parts:
        raise _too_large(f"the archive has {len(entries):,} parts, over the limit of {limits.max_parts:,}")
    if (unpacked := sum(entry.file_size for entry in entries)) > limits.max_unpacked_bytes:
        raise _too_large(f"the archive unfolds to {unpacked:,} bytes, over the limit of {limits.max_unpacked_bytes:,}")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _encrypted()
    return Archive(parts, limits)


def part_beside(base: str, link: str) -> str:
    """Name of the part that ``link``, found in the part ``base``, leads to; without what follows ``#``."""
    path = unquote(link.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/") if path else base


def _too_large(what: str) -> StudyTooLarge:
    return StudyTooLarge(what, remedy="Save it without pictures and attachments, or as plain text.")


def _encrypted() -> UnsupportedFormat:
    return UnsupportedFormat("the file is encrypted", remedy="Open it with its password and save it without one.")
