"""What goes into the store and what comes out of it, beside studies and passages themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.domain.passages import Passage
from assistant.domain.study import Bibliography, SectionType, SourceFile, Study

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the passages and vectors of a store were made with; another one needs another store."""

    reader: str
    """Version of the readers."""
    chunking: str
    """Version and sizes of the chunking."""
    embedder: str
    """`Embedder.fingerprint`."""

    def differences(self, other: Fingerprint) -> tuple[str, ...]:
        """Names of the parts in which the two differ."""
        return tuple(part.name for part in fields(self) if getattr(self, part.name) != getattr(other, part.name))


@dataclass(frozen=True, slots=True)
class IndexedStudy:
    """A study with its passages and their vectors, ready to be stored."""

    study: Study
    """What was read."""
    passages: tuple[Passage, ...]
    """In order; ``passages[i].index == i``."""
    vectors: NDArray[np.float32]
    """Unit vectors, shape (n_passages, dimension)."""
    precision: str = ""
    """The number format that the vectors were computed in; empty where they come from the store itself."""

    def __post_init__(self) -> None:
        if [passage.index for passage in self.passages] != list(range(len(self.passages))):
            raise ValueError(f"{self.study.id}: passages are not numbered 0 to {len(self.passages) - 1}")
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.passages):
            raise ValueError(f"{self.study.id}: {len(self.passages)} passages, vectors of shape {self.vectors.shape}")


@dataclass(frozen=True, slots=True)
class StudyEntry:
    """What a listing shows of a stored study."""

    id: str
    """Names it in citations."""
    bibliography: Bibliography
    """What identifies it."""
    source: SourceFile
    """The file that it was read from."""
    sha256: str
    """Of the stored text."""
    passages: int
    """How many it has."""
    notes: int
    """Reading problems noted."""
    added: datetime
    """When it was stored, UTC."""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """What is known of a file that was ingested."""

    sha256: str
    """Of the file's bytes."""
    study: str
    """Id of the study read from it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Where to look."""

    studies: tuple[str, ...] = ()
    """Ids; empty for all."""
    sections: tuple[SectionType, ...] = ()
    """Section types; empty for all."""


EVERYWHERE = Filter()
"""No restriction."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found."""

    passage_id: str
    """``study:index``."""
    score: float
    """Dense: cosine, -1 to 1. Lexical: BM25, above 0, comparable within one query. Higher is better."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole store found; all is well when nothing is missing, orphaned or damaged."""

    studies: int
    """Studies in the catalogue."""
    passages: int
    """Passages in the catalogue."""
    pending: int
    """Passages whose vectors Chroma has yet to take; they are searched all the same."""
    examined: bool
    """Whether Chroma could be looked into; on a read-only disk it can't, and the catalogue answers alone."""
    missing: tuple[str, ...]
    """Ids of passages that Chroma should hold and does not."""
    orphans: int
    """Vectors in Chroma that belong to no passage; they are never shown."""
    damaged: tuple[str, ...]
    """Ids of studies whose text, passages or vectors are not as they were stored."""

    @property
    def sound(self) -> bool:
        """Whether nothing needs mending."""
        return not (self.missing or self.orphans or self.damaged)
