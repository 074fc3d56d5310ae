"""The studies that a coding refers to, by whatever name it has for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from assistant.domain.study import Study, slug
from assistant.errors import UsageError
from assistant.readers.registry import read_study

if TYPE_CHECKING:
    from assistant.store.store import Store

_UNREAD = frozenset({".ann", ".json", ".jsonl", ".csv", ".qdpx", ".tsv", ".yaml", ".toml"})
"""Endings of files that are no studies."""


@dataclass(frozen=True)
class StudyTexts:
    """Studies by name, each read when it is first asked for."""

    loaders: Mapping[str, Callable[[], Study]]
    """By slug of every name that a study is known by."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """The names that a coding has for studies, where they are others; from ``--study NAME=ID``."""
    _read: dict[str, Study] = field(default_factory=dict)

    def study(self, name: str) -> Study | None:
        """The study that a coding calls ``name``; None if there is none, or ``name`` is empty and there are several.

        Names agree if they do as slugs, with or without a file ending: ``Reed 2019.pdf`` is ``reed-2019``.
        """
        if not name and len(self._loads) == 1:
            return self._load(next(iter(self.loaders)))
        wanted = self._aliases.get(slug(name), name)
        for key in (slug(wanted), slug(PurePath(wanted.replace("\\", "/")).stem)):
            if key in self.loaders:
                return self._load(key)
        return None

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {slug(name): target for name, target in self.aliases.items()}

    @cached_property
    def _loads(self) -> frozenset[int]:
        return frozenset(map(id, self.loaders.values()))

    def _load(self, key: str) -> Study:
        if key not in self._read:
            self._read[key] = self.loaders[key]()
        return self._read[key]


def studies_of_store(store: Store, aliases: Mapping[str, str]) -> StudyTexts:
    """The studies of a project, by id and by the stem of the file that each was read from."""
    loaders: dict[str, Callable[[], Study]] = {}
    for entry in store.studies():
        load = _StoreLoader(store, entry.id)
        loaders.setdefault(slug(PurePath(entry.source.name).stem), load)
        loaders[entry.id] = load
    return _checked(StudyTexts(loaders, aliases))


def studies_in(folder: Path, aliases: Mapping[str, str]) -> StudyTexts:
    """The studies whose files lie in ``folder``, by the stems of the files.

    Raises:
        UsageError: If it is no folder, or holds no file.
    """
    files = _files(folder)
    loaders: dict[str, Callable[[], Study]] = {slug(file.stem): _FileLoader(file) for file in files}
    if not loaders:
        raise UsageError(f"{folder} holds no studies", remedy="Name the folder of the files that were coded.")
    return _checked(StudyTexts(loaders, aliases))


def _files(folder: Path) -> Iterable[Path]:
    if folder.is_file():
        return [folder]
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix.lower() not in _UNREAD)


def _checked(texts: StudyTexts) -> StudyTexts:
    for name, target in texts.aliases.items():
        if slug(target) not in texts.loaders:
            known = ", ".join(sorted(texts.loaders)[:12])
            raise UsageError(f"--study {name}={target}: there is no such study", remedy=f"There are {known}.")
    return texts


@dataclass(frozen=True)
class _StoreLoader:
    store: Store
    id: str

    def __call__(self) -> Study:
        return self.store.study(self.id)


@dataclass(frozen=True)
class _FileLoader:
    file: Path

    def __call__(self) -> Study:
        return read_study(self.file)
