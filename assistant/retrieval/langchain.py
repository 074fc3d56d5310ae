"""The retriever as LangChain sees it; the only module of retrieval that knows LangChain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.domain.answers import Question
from assistant.domain.passages import RetrievedPassage
from assistant.retrieval.retriever import DEFAULT_PASSAGES, Retriever

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever


def as_langchain(
    retriever: Retriever, *, question: Question | None = None, limit: int = DEFAULT_PASSAGES
) -> BaseRetriever:
    """A LangChain retriever over ``retriever``, for any chain.

    Args:
        retriever: What does the work.
        question: Whose studies and sections to keep to; everywhere if None.
        limit: Passages to return at most.

    Returns:
        A retriever whose documents carry the passage's text, its id, and in their metadata ``retrieved``
        (the `RetrievedPassage`), ``study``, ``start``, ``end``, ``section``, ``page`` and ``score``.
    """
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
    from langchain_core.retrievers import BaseRetriever

    scope = question or Question("")

    class PassageRetriever(BaseRetriever):
        """Documents for a question, from the project's store."""

        def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
            asked = Question(text=query, studies=scope.studies, sections=scope.sections)
            return [to_document(found) for found in retriever.retrieve(asked, limit)]

        async def _aget_relevant_documents(
            self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
        ) -> list[Document]:
            # On the loop's own thread: a search computes, and the store's connection belongs to one thread at a time.
            return self._get_relevant_documents(query, run_manager=run_manager.get_sync())

    return PassageRetriever()


def to_document(found: RetrievedPassage) -> Document:
    """A retrieved passage as a LangChain document."""
    from langchain_core.documents import Document

    passage = found.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "retrieved": found,
            "study": passage.study,
            "start": passage.span.start,
            "end": passage.span.end,
            "section": passage.path[-1] if passage.path else passage.section.value,
            "page": passage.page,
            "score": found.score,
        },
    )


def from_document(document: Document) -> RetrievedPassage:
    """The retrieved passage that `to_document` put into a document."""
    found = document.metadata["retrieved"]
    if not isinstance(found, RetrievedPassage):
        raise TypeError(f"document {document.id} carries no retrieved passage")
    return found
