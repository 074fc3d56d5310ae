"""Half of the tool's retrieval each: BM25 alone, and the encoder alone, over the tool's own passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain.answers import Question
from assistant.domain.passages import Passage
from assistant.embedding.protocol import Embedder, embed_long
from assistant.retrieval.stored import StoredIndex
from assistant.text.chunking import embedding_text
from evals.baselines.ranking import RankedPlace


class Lexical:
    """BM25 over stemmed words of each passage, its headings and its study's author, year and title.

    Args:
        passages: What is searched.
        titles: Of each study, by id.

    Source: Robertson and Zaragoza 2009, doi:10.1561/1500000019; as bm25s has it (Lù 2024, arXiv:2407.03618).
    """

    def __init__(self, passages: Sequence[Passage], titles: Mapping[str, str]) -> None:
        import bm25s

        self._passages = passages
        self.most = len(passages)
        self._index = bm25s.BM25()
        texts = [f"{titles.get(one.study, '')}\n{embedding_text(one)}" for one in passages]
        self._index.index(self._tokens(texts), show_progress=False)

    def retrieve(self, question: str, limit: int) -> list[RankedPlace]:
        """The ``limit`` passages that fit best; those that share no word with the question are left out."""
        ids, scores = self._index.retrieve(self._tokens([question]), k=min(limit, self.most), show_progress=False)
        found = zip(ids[0], scores[0], strict=True)
        return [_place(self._passages[int(at)], float(score)) for at, score in found if score > 0]

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        import bm25s
        import Stemmer

        tokens: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False, show_progress=False
        )
        return tokens


class Dense:
    """The passages nearest to the question by cosine, as the store has their vectors."""

    def __init__(self, index: StoredIndex, encoder: Embedder, most: int) -> None:
        self._index = index
        self._encoder = encoder
        self.most = most

    def retrieve(self, question: str, limit: int) -> list[RankedPlace]:
        """The ``limit`` nearest passages."""
        found = self._index.dense(embed_long(self._encoder, question), limit, Question(question))
        passages = self._index.passages(found.ids)
        return [_place(passage, score) for passage, score in zip(passages, found.scores, strict=True)]


def _place(passage: Passage, score: float) -> RankedPlace:
    return RankedPlace(passage.study, passage.span, score)
