"""What has to be timed inside a process of its own; each command prints one JSON object.

``python -m evals.bench.children questions PROJECT FILE``: opens a project, answers the questions of a file, one a line,
twice, and times the first answer and the later ones, whole and by their parts.

``python -m evals.bench.children grow FOLDER TEXTS``: a project of the texts, with vectors that are made up, so that
what is measured is everything but the encoder.

``python -m evals.bench.children drift TEXTS``: vectors of passages in bf16 beside those in fp32.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from assistant.domain.answers import Question
from assistant.domain.study import SectionType
from assistant.settings.environment import cache_folder, forbid_network_libraries
from evals.bench.projects import asking, ingested

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.retrieval.stored import StoredIndex

NEAREST = 8
"""Neighbours of a passage that are compared."""
_LIMIT = 40
"""Results asked of each kind of search alone."""
_BODY = (SectionType.RESULTS, SectionType.DISCUSSION, SectionType.METHODS)
"""A filter that lets most pass, so that filtering itself is what costs."""


class MadeUp:
    """An embedder whose vectors are drawn by the text's hash: right in shape and cost to store, without meaning."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.dimension = 384
        self.max_tokens = 256
        self.precision = "fp32"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, (n_texts, 384)."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
            vectors[row] = np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About 1.35 a word, as in academic prose."""
        return [2 + round(1.35 * len(text.split())) for text in texts]

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector, (384,)."""
        vector: NDArray[np.float32] = self.embed([question])[0]
        return vector


def grow(folder: Path, texts: Path) -> dict[str, Any]:
    """Seconds and passages of an ingest of ``texts`` into a new project."""
    from assistant.embedding.minilm import MiniLM

    began = time.perf_counter()
    report = ingested(folder, texts, MadeUp(MiniLM.fingerprint))
    seconds = time.perf_counter() - began
    disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    passages = sum(file.passages for file in report.files)
    return {"seconds": seconds, "passages": passages, "disk": disk / 1e6}


def questions(folder: Path, file: Path) -> dict[str, Any]:
    """Seconds to open, of the first answer, and medians of the later ones, everywhere and filtered, and by part."""
    asked = file.read_text("utf-8").splitlines()
    began = time.perf_counter()
    with asking(folder) as asker:
        asker.labels  # noqa: B018  what the prompt of a chat waits for
        opened = time.perf_counter() - began
        asker.warm()  # as a chat does while the first question is typed
        first = _seconds(lambda: asker.ask(asked[0]))
        for question in asked:  # the store goes from comparing to searching in the course of these
            asker.ask(question)
        some = tuple(asker.labels)[::2]
        index: StoredIndex = asker.retriever.index  # type: ignore[assignment]
        vectors = [asker.retriever.encoder.embed_question(question) for question in asked]
        return {
            "opened": opened,
            "first": first,
            "warm": _each(asked, asker.ask),
            "processor": _each(asked, asker.ask, time.process_time),
            "filtered": _each(asked, lambda text: asker.answer(Question(text, some))),
            "sections": _each(asked, lambda text: asker.answer(Question(text, sections=_BODY))),
            "encoding": _each(asked, asker.retriever.encoder.embed_question),
            "lexical": _each(asked, lambda text: index.lexical(text, _LIMIT, Question(text))),
            "lexical filtered": _each(asked, lambda text: index.lexical(text, _LIMIT, Question(text, some))),
            "dense": _each(vectors, lambda vector: index.dense(vector, _LIMIT, Question("x"))),
            "dense filtered": _each(vectors, lambda vector: index.dense(vector, _LIMIT, Question("x", some))),
        }


def _each(items: Sequence[Any], work: Callable[[Any], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Median seconds over items."""
    return median(_seconds(partial(work, item), clock) for item in items)


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def drift(texts: Path) -> dict[str, Any]:
    """Mean and least cosine between the two precisions, and how many of the nearest eight each passage keeps."""
    import numpy as np

    from assistant.embedding.minilm import MiniLM
    from assistant.embedding.runtime import EXACT, choose_runtime
    from assistant.readers.registry import read_study
    from assistant.text.chunking import chunk, embedding_text

    exact = MiniLM(cache=cache_folder(), runtime=EXACT)
    fast = MiniLM(cache=cache_folder(), runtime=choose_runtime("openvino", "auto"))
    studies = [read_study(file) for file in sorted(texts.iterdir())]
    passages = [embedding_text(passage) for study in studies for passage in chunk(study, exact.count_tokens)]
    one, other = exact.embed(passages), fast.embed(passages)
    cosines = np.sum(one * other, axis=1)
    kept = [len(set(a) & set(b)) / len(a) for a, b in zip(_nearest(one), _nearest(other), strict=True)]
    return {
        "precision": fast.precision,
        "passages": len(passages),
        "mean": float(cosines.mean()),
        "least": float(cosines.min()),
        "overlap": float(np.mean(kept)),
    }


def _nearest(vectors: NDArray[np.float32]) -> list[list[int]]:
    """For each vector the rows of those nearest to it, itself left out; of two vectors at least."""
    import numpy as np

    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -1.0)
    return [[int(row) for row in rows] for rows in np.argsort(-similar, axis=1)[:, : min(NEAREST, len(vectors) - 1)]]


def main(arguments: Sequence[str]) -> int:
    """Runs one command and prints what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    works: dict[str, tuple[Callable[..., dict[str, Any]], tuple[str, ...]]] = {
        "questions": (questions, ("project", "file")),
        "grow": (grow, ("folder", "texts")),
        "drift": (drift, ("texts",)),
    }
    for name, (_, words) in works.items():
        command = commands.add_parser(name)
        for word in words:
            command.add_argument(word, type=Path)
    given = parser.parse_args(arguments)
    forbid_network_libraries()
    work, words = works[given.command]
    print(json.dumps(work(*(getattr(given, word) for word in words))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
