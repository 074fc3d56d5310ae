"""Reading, embedding and storing side by side: what belongs together stays together, whatever happens between."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.readers import registry
from assistant.store.edits import MetadataEdits
from assistant.store.store import Store
from assistant.text.chunking import ChunkSize, embedding_text
from assistant.work import ingesting
from assistant.work.discovery import discover
from assistant.work.ingesting import FileStatus, Ingest, IngestOptions, IngestReport

from .store_makers import DIMENSION, FINGERPRINT, count, vector_of

SLICE = 4
SIZES = (1, 4, 0, 9, 2, 23, 3)
"""Paragraphs of each file, a passage each: shorter than a slice, one, nothing, several, and much longer."""


class MadeEmbedder:
    """Vectors that follow from the text alone; texts that hold ``fatal`` can't be embedded."""

    fingerprint, dimension, precision, max_tokens = FINGERPRINT.embedder, DIMENSION, "fp32", 60

    def __init__(self, fatal: str = "\0") -> None:
        self.fatal = fatal
        self.sizes: list[int] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.sizes.append(len(texts))
        if any(self.fatal in text for text in texts):
            raise ValueError(self.fatal)
        return np.array([vector_of(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSION)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return count(texts)


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ingesting, "SLICE", SLICE)
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, size in enumerate(SIZES):
        parts = [f"Team {number} came to trust its plan, as part {part} of the report says." for part in range(size)]
        (folder / f"study-{number}.md").write_text("# Results\n\n" + "\n\n".join(parts), "utf-8")
    return folder


def ingest(texts: Path, embedder: MadeEmbedder) -> IngestReport:
    folder = texts.parent / ".realist"
    options = IngestOptions(texts.parent, ChunkSize(target=10, limit=60))
    with Store.open(folder, FINGERPRINT, write=True) as store:
        return Ingest(store, MetadataEdits(folder), embedder, options).run(discover([texts]))


def check_whole(texts: Path, ids: Sequence[str]) -> None:
    """Exactly these studies are stored, each with its own passages and their vectors, in Chroma too."""
    with Store.open(texts.parent / ".realist") as store:
        assert [entry.id for entry in store.studies()] == list(ids)
        for study_id in ids:
            passages = store.passages_of(study_id)
            assert len(passages) == SIZES[int(study_id[-1])]
            expected = [vector_of(embedding_text(passage)) for passage in passages]
            found = store.vectors([passage.id for passage in passages])
            assert np.array_equal(found, np.array(expected, np.float32).reshape(-1, DIMENSION))
        checked = store.verify()
        assert checked.sound and not checked.pending


def test_each_study_gets_its_own_vectors(texts: Path) -> None:
    embedder = MadeEmbedder()
    report = ingest(texts, embedder)
    assert [Path(file.name).stem for file in report.files] == [f"study-{number}" for number in range(len(SIZES))]
    assert [file.passages for file in report.files] == list(SIZES)
    check_whole(texts, [f"study-{number}" for number in range(len(SIZES))])
    total = sum(SIZES)
    assert embedder.sizes == [*[SLICE] * (total // SLICE), *([total % SLICE] if total % SLICE else [])]


def test_nothing_is_asked_of_the_embedder_for_what_is_unchanged(texts: Path) -> None:
    ingest(texts, MadeEmbedder())
    embedder = MadeEmbedder()
    assert ingest(texts, embedder).count(FileStatus.UNCHANGED) == len(SIZES)
    assert embedder.sizes == []


def test_a_file_that_fails_in_between_keeps_its_place(texts: Path) -> None:
    (texts / "study-2a.md").write_bytes(b"%PDF-1.4 broken")
    (texts / "study-3.md").rename(texts / "study-3.txt")
    report = ingest(texts, MadeEmbedder())
    assert [Path(file.name).stem for file in report.files] == sorted(Path(file.name).stem for file in report.files)
    assert report.count(FileStatus.FAILED) == 1


def test_what_was_complete_before_the_encoder_failed_is_stored(texts: Path) -> None:
    with pytest.raises(ValueError, match="Team 5"):
        ingest(texts, MadeEmbedder("Team 5 came to trust its plan, as part 9"))
    check_whole(texts, [f"study-{number}" for number in range(5)])
    ingest(texts, MadeEmbedder())
    check_whole(texts, [f"study-{number}" for number in range(len(SIZES))])


def test_an_interrupted_ingest_leaves_whole_studies_and_goes_on(texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_study: Callable[..., object] = registry.read_study

    def interrupted(path: Path, **named: object) -> object:
        if path.stem == "study-6":
            raise KeyboardInterrupt
        return read_study(path, **named)

    monkeypatch.setattr(ingesting, "read_study", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ingest(texts, MadeEmbedder())
    with Store.open(texts.parent / ".realist") as store:
        stored = [entry.id for entry in store.studies()]
    assert stored and len(stored) < len(SIZES)
    check_whole(texts, stored)
    monkeypatch.setattr(ingesting, "read_study", read_study)
    report = ingest(texts, MadeEmbedder())
    assert report.count(FileStatus.UNCHANGED) == len(stored)
    check_whole(texts, [f"study-{number}" for number in range(len(SIZES))])
