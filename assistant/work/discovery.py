"""Which files are meant: folders, globs and single files, and the manifest that may lie beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import ReadingError

MANIFEST = "manifest.yaml"
STUDY_SUFFIXES = frozenset(
    ".txt .text .md .markdown .xml .nxml .jats .pdf .docx .doc .html .htm .xhtml .epub .rtf .odt".split()
)
"""Endings that are taken from a folder; a file that is named itself is tried whatever its ending."""

_PATTERN = frozenset("*?[")


class ManifestEntry(BaseModel):
    """One study of a manifest."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    file: str
    """Path relative to the manifest."""
    id: str | None = None
    """Id to use instead of the file's stem."""


class Manifest(BaseModel):
    """``manifest.yaml``: what a folder of studies says of its files."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    studies: tuple[ManifestEntry, ...] = ()
    """The studies that it names; others in the folder are read too."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read."""

    path: Path
    """Absolute."""
    id: str | None = None
    """Id that a manifest gives it."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found under the paths given."""

    files: tuple[Found, ...]
    """To be read, each once, in the order given and then by name."""
    missing: tuple[Path, ...]
    """Paths that are not there, and patterns that match nothing."""
    passed_over: tuple[Path, ...]
    """Files of a folder whose ending is not a study's."""


def discover(paths: Sequence[Path]) -> Discovery:
    """Unfolds ``paths``: files as they are, folders with all below them, patterns.

    Hidden files and folders are left out. A folder is never followed through a symbolic link.

    Raises:
        ReadingError: If a manifest can't be read.
    """
    found: dict[Path, Found] = {}
    missing: list[Path] = []
    passed_over: list[Path] = []
    for path in paths:
        matches = list(_unfold(path))
        if not matches:
            missing.append(path)
        for match in matches:
            if match.is_dir():
                ids = _manifest_ids(match)
                for file in _walk(match):
                    if file.suffix.lower() in STUDY_SUFFIXES:
                        found.setdefault(file, Found(file, ids.get(file)))
                    elif file.name != MANIFEST:
                        passed_over.append(file)
            else:
                found.setdefault(match, Found(match, _manifest_ids(match.parent).get(match)))
    return Discovery(tuple(found.values()), tuple(missing), tuple(dict.fromkeys(passed_over)))


def _unfold(path: Path) -> Iterator[Path]:
    path = Path(os.path.normpath(path.absolute()))
    if path.exists():
        yield path
    elif _PATTERN & set(str(path)):
        matches = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        yield from (match for match in matches if not match.name.startswith("."))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk(entry)
        else:
            yield entry


def _manifest_ids(folder: Path) -> dict[Path, str]:
    """Ids that the folder's manifest gives, by absolute path."""
    file = folder / MANIFEST
    if not file.is_file():
        return {}
    import yaml

    try:
        manifest = Manifest.model_validate(yaml.safe_load(file.read_text("utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise ReadingError(
            f"{file} can't be read: {reason}", remedy="Mend it, or move it away to have ids from file names.", path=file
        ) from error
    return {folder / entry.file: entry.id for entry in manifest.studies if entry.id}
