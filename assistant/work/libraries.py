"""Applies a reference library to the studies of a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.readers.libraries import Library, LibraryEntry, Match

if TYPE_CHECKING:
    from assistant.store.edits import MetadataEdits
    from assistant.store.store import Store


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What became of a library's entries."""

    matched: tuple[tuple[str, Match], ...]
    """Ids of the studies that have an entry, and the match, in the order of the studies."""
    changed: tuple[str, ...]
    """Ids of the studies whose metadata it changed."""
    unmatched: tuple[LibraryEntry, ...]
    """Entries that no study is."""
    notes: tuple[str, ...]
    """What could not be read of the library."""


def apply_library(store: Store, edits: MetadataEdits, library: Library) -> LibraryReport:
    """Completes the metadata of every study that has an entry; a researcher's own edits stay above it.

    Studies that were stored before are completed too, so that a library can be given later. A file that changes is
    read anew, and needs the library again.

    Raises:
        StoreError: If the store can't be written.
    """
    matched: list[tuple[str, Match]] = []
    changed: list[str] = []
    for entry in store.studies():
        match = library.match(entry.bibliography, entry.source.name)
        if match is None:
            continue
        matched.append((entry.id, match))
        completed = edits.applied(entry.id, match.completed(entry.bibliography))
        if completed != entry.bibliography:
            store.update_bibliography(entry.id, completed)
            changed.append(entry.id)
    unmatched = library.unmatched(match for _, match in matched)
    return LibraryReport(tuple(matched), tuple(changed), unmatched, library.notes)
