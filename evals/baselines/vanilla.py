"""The usual LangChain pipeline: a recursive character splitter of 1,000 with 200 of overlap, Chroma, the nearest k."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.domain.spans import Span
from assistant.domain.study import Study
from assistant.embedding.protocol import Embedder
from evals.baselines.ranking import RankedPlace

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

SIZE = 1_000
OVERLAP = 200


class Vanilla:
    """Character chunks of whole stored texts, references and all, in a Chroma in memory.

    Args:
        studies: What is searched.
        encoder: Embeds chunks and questions; a chunk that is too long for it is cut off, as sentence-transformers
            does unasked.
    """

    def __init__(self, studies: Sequence[Study], encoder: Embedder) -> None:
        from langchain_chroma import Chroma

        chunks = [chunk for study in studies for chunk in split(study)]
        self.most = len(chunks)
        # A name of its own: Chroma's clients in memory share their collections within a process.
        self._store = Chroma.from_documents(
            chunks, as_embeddings(encoder), collection_name=f"vanilla-{uuid.uuid4().hex}"
        )

    def retrieve(self, question: str, limit: int) -> list[RankedPlace]:
        """The ``limit`` chunks nearest to a question."""
        found = self._store.similarity_search_with_score(question, k=limit)
        return [_place(chunk, -float(distance)) for chunk, distance in found]


def split(study: Study) -> list[Document]:
    """The chunks of a study's stored text, each with its study and where it starts."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True)
    return splitter.create_documents([study.text], [{"study": study.id}])


def _place(chunk: Document, score: float) -> RankedPlace:
    start = int(chunk.metadata["start_index"])
    return RankedPlace(str(chunk.metadata["study"]), Span(start, start + len(chunk.page_content)), score)


def as_embeddings(encoder: Embedder) -> Embeddings:
    """An encoder as LangChain's embeddings."""
    from langchain_core.embeddings import Embeddings

    class Truncating(Embeddings):
        """Texts cut off at the encoder's limit."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(value) for value in vector] for vector in encoder.embed([fitted(one) for one in texts])]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    def fitted(text: str) -> str:
        while encoder.count_tokens([text])[0] > encoder.max_tokens:
            text = text[: int(len(text) * 0.98)]
        return text

    return Truncating()
