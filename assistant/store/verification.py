"""Reading all that is stored, to see whether it is as it was stored."""

from __future__ import annotations

from assistant.store import codec
from assistant.store.catalogue import Catalogue
from assistant.store.chroma import ChromaFailure
from assistant.store.entries import StudyEntry, Verification
from assistant.store.vectors import Discrepancy, VectorIndex


def verify(catalogue: Catalogue, vectors: VectorIndex) -> Verification:
    """What a check of every study, passage and vector finds.

    A Chroma that can't be read lacks all that it should hold; one on a read-only disk is not examined.
    """
    entries = catalogue.entries()
    examined = not vectors.is_read_only
    try:
        missing, orphans = vectors.discrepancy() if examined else Discrepancy((), ())
    except ChromaFailure:
        held = (passage_id for _, passage_id, indexed in catalogue.vector_ids() if indexed)
        missing, orphans = Discrepancy(tuple(held), ())
    return Verification(
        studies=len(entries),
        passages=catalogue.size(),
        pending=catalogue.pending(),
        examined=examined,
        missing=missing,
        orphans=len(orphans),
        damaged=tuple(entry.id for entry in entries if not _is_whole(catalogue, vectors, entry)),
    )


def _is_whole(catalogue: Catalogue, vectors: VectorIndex, entry: StudyEntry) -> bool:
    """Whether a study's text has its hash, its passages stand in it, and each has a unit vector."""
    stored = catalogue.document(entry.id)
    if stored is None:
        return False
    try:
        study = codec.study_from_bytes(*stored)
        passages = catalogue.passages(entry.id)
    except ValueError:
        return False
    standing = all(passage.span.of(study.text) == passage.text for passage in passages)
    return (
        study.sha256 == entry.sha256 and standing and len(passages) == entry.passages == vectors.unit_vectors(entry.id)
    )
