from __future__ import annotations

from typing import Any

import pytest
from langchain_core.documents import Document

from assistant.domain.answers import Question
from assistant.retrieval.langchain import as_langchain, from_document
from assistant.retrieval.retriever import Retriever


def test_documents_carry_passages_in_order(memory_index: Any, stem_encoder: Any) -> None:
    retriever = Retriever(memory_index, stem_encoder)
    documents = as_langchain(retriever, limit=3).invoke("why was the garden door locked")
    assert [from_document(one) for one in documents] == retriever.retrieve(
        Question("why was the garden door locked"), 3
    )
    first = documents[0]
    assert first.id and first.id.startswith("garden:")
    assert first.metadata["section"] == "Findings"
    assert first.metadata["end"] - first.metadata["start"] == len(first.page_content)


def test_keeps_to_the_question_s_studies(memory_index: Any, stem_encoder: Any) -> None:
    chain = as_langchain(Retriever(memory_index, stem_encoder), question=Question("", studies=("choir",)))
    assert {one.metadata["study"] for one in chain.invoke("nurses rota")} <= {"choir"}


def test_a_document_of_another_make_is_refused() -> None:
    with pytest.raises(TypeError, match="retrieved passage"):
        from_document(Document(page_content="x", metadata={"retrieved": None}))
