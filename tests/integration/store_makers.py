"""Studies with passages and vectors, made quickly and without an embedder: a vector follows from its text alone."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.study import Bibliography, BlockKind, SourceFile
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.store.entries import Fingerprint, IndexedStudy
from assistant.store.store import Store
from assistant.text.chunking import ChunkSize, chunk, embedding_text

FINGERPRINT = Fingerprint(reader="1", chunking="1:20:60", embedder="made/8")
DIMENSION = 8


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def vector_of(text: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def make(study_id: str, paragraphs: Sequence[str] = (), *, version: int = 1, year: int = 2020) -> IndexedStudy:
    paragraphs = paragraphs or [
        f"Team {study_id} met weekly in year {version}, until its members came to trust part {number} of the plan."
        for number in range(6)
    ]
    half = len(paragraphs) // 2
    blocks = [
        RawBlock(BlockKind.HEADING, "Results", level=1),
        *(RawBlock(BlockKind.PARAGRAPH, text) for text in paragraphs[:half]),
        RawBlock(BlockKind.HEADING, "Discussion", level=1),
        *(RawBlock(BlockKind.PARAGRAPH, text) for text in paragraphs[half:]),
    ]
    digest = hashlib.sha256(f"{study_id} {version}".encode()).hexdigest()
    bibliography = Bibliography(title=f"On {study_id}", authors=("Okafor, N",), year=year)
    study = build_study(study_id, SourceFile(f"{study_id}.txt", digest, "text"), RawStudy(blocks, bibliography))
    passages = chunk(study, count, ChunkSize(target=10, limit=60))
    vectors = np.array([vector_of(embedding_text(passage)) for passage in passages], dtype=np.float32)
    return IndexedStudy(study, passages, vectors.reshape(-1, DIMENSION))


def fill(folder: Path, *ids: str) -> list[IndexedStudy]:
    made = [make(study_id) for study_id in ids]
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace_many(made)
    return made
