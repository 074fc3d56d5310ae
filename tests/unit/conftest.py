"""A small world to ask questions of: three studies, an encoder that counts stems, and an index in memory."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain.answers import Question
from assistant.domain.passages import Passage
from assistant.domain.study import Bibliography, BlockKind, SourceFile, Study
from assistant.engines.extractive.reranking import Bearing
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.retrieval.index import Found
from assistant.text.chunking import ChunkSize, chunk
from assistant.text.words import content_stems

ROTA = (
    ("Methods", "We spoke with 44 nurses on six wards in Leeds. Talks were taped, typed up and sorted into themes."),
    (
        "Results",
        "Nurses liked the new rota because it left them time to rest. They also traded shifts more freely. "
        "Two wards went back to the old rota since managers found it hard to cover nights.",
    ),
    ("References", "Someone. Rota design for nurses. Imaginary Press."),
)
GARDEN = (
    ("Background", "Gardens are said to calm people who live in care homes."),
    (
        "Findings",
        "Residents walked more once the garden had benches. A daughter said that her mother slept better after "
        "an hour outside. Staff feared falls, which kept the garden door locked on wet days.",
    ),
)
CHOIR = (
    (
        "Results",
        "Singing together made lonely carers feel part of a group. Nobody was asked to sing alone, so that shy "
        "carers could stay in the background. The choir met on Tuesdays for 12 weeks.",
    ),
)


def made_study(study_id: str, sections: Sequence[tuple[str, str]], author: str = "", year: int | None = None) -> Study:
    """A study of headed paragraphs."""
    blocks = [
        RawBlock(kind, text, page=number)
        for number, (heading, paragraph) in enumerate(sections, start=1)
        for kind, text in ((BlockKind.HEADING, heading), (BlockKind.PARAGRAPH, paragraph))
    ]
    about = Bibliography(title=f"The {study_id} study", authors=(author,) if author else (), year=year)
    return build_study(study_id, SourceFile(f"{study_id}.md", "0" * 64, "markdown"), RawStudy(blocks, about))


class StemEncoder:
    """Texts are near when they share stems."""

    fingerprint = "stems/64"
    dimension = 64
    max_tokens = 256

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in content_stems(text):
                vectors[row, zlib.crc32(stem.encode()) % self.dimension] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(norms == 0, 1, norms), dtype=np.float32)

    precision = "fp32"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def embed_question(self, question: str) -> NDArray[np.float32]:
        return np.asarray(self.embed([question])[0], dtype=np.float32)


@dataclass
class MemoryIndex:
    """Passages in a list."""

    studies: dict[str, Study]
    encoder: StemEncoder
    all: dict[str, Passage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for study in self.studies.values():
            for passage in chunk(study, self.encoder.count_tokens, ChunkSize(30, 60)):
                self.all[passage.id] = passage

    def _within(self, question: Question) -> list[Passage]:
        return [
            passage
            for passage in self.all.values()
            if (not question.studies or passage.study in question.studies)
            and (not question.sections or passage.section in question.sections)
        ]

    def dense(self, vector: NDArray[np.float32], limit: int, question: Question) -> Found:
        return self._best({one.id: float(self.vectors([one.id])[0] @ vector) for one in self._within(question)}, limit)

    def lexical(self, query: str, limit: int, question: Question) -> Found:
        wanted = set(content_stems(query))
        shared = {one.id: float(len(wanted & set(content_stems(one.text)))) for one in self._within(question)}
        return self._best({name: score for name, score in shared.items() if score}, limit)

    def _best(self, scores: Mapping[str, float], limit: int) -> Found:
        ids = sorted(scores, key=lambda name: (-scores[name], name))[:limit]
        return Found(tuple(ids), tuple(scores[name] for name in ids))

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self.all[name] for name in ids]

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder.embed([self.all[name].text for name in ids])

    def rarity(self, stems: Sequence[str]) -> Mapping[str, float]:
        holding = {stem: sum(stem in content_stems(one.text) for one in self.all.values()) for stem in stems}
        return {stem: math.log(1 + (len(self.all) + 0.5) / (held + 0.5)) for stem, held in holding.items()}

    def title(self, study: str) -> str:
        return self.studies[study].bibliography.title


@pytest.fixture(scope="session")
def stem_encoder() -> StemEncoder:
    return StemEncoder()


class WordReranker:
    """Bears on a question as far as its words are there: from -3 for none of them to 3 for all."""

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        return [
            Bearing(
                _bearing(question, one.text),
                tuple(_bearing(question, span.shifted(-one.span.start).of(one.text)) for span in one.sentences),
            )
            for one in passages
        ]


def _bearing(question: str, text: str) -> float:
    asked = set(content_stems(question))
    return 6 * len(asked.intersection(content_stems(text))) / (len(asked) or 1) - 3


@pytest.fixture(scope="session")
def word_reranker() -> WordReranker:
    return WordReranker()


class RecordingReranker(WordReranker):
    """Remembers what it was given to read."""

    def __init__(self) -> None:
        self.read: list[Passage] = []

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        self.read.extend(passages)
        return super().bearings(question, passages)


@pytest.fixture
def recording_reranker() -> RecordingReranker:
    return RecordingReranker()


@pytest.fixture(scope="session")
def small_world() -> dict[str, Study]:
    return {
        "rota": made_study("rota", ROTA, "Reed, Ann", 2019),
        "garden": made_study("garden", GARDEN),
        "choir": made_study("choir", CHOIR, "Bell, Tom", 2021),
    }


@pytest.fixture(scope="session")
def memory_index(small_world: dict[str, Study], stem_encoder: StemEncoder) -> MemoryIndex:
    return MemoryIndex(small_world, stem_encoder)
