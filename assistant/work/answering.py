"""A question answered: passages found, an engine's draft, and every quote of it checked against the stored text.

The three steps are also one LangChain runnable, so that each may be exchanged or watched as in any other chain. Where
an engine brings LangChain anyway, the answer comes from that runnable; the default engine, which has no other use for
it, goes through the same steps without the import. Tracing to LangSmith is off whatever the environment says: nothing
leaves unless a model endpoint was set up.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from assistant.domain.answers import AbstentionReason, Answer, Claim, DraftAnswer, Question
from assistant.domain.passages import RetrievedPassage
from assistant.embedding.protocol import Embedder
from assistant.engines.extractive import ExtractiveEngine
from assistant.engines.protocol import Engine
from assistant.engines.waiting import result_of
from assistant.errors import UsageError
from assistant.retrieval.retriever import DEFAULT_PASSAGES, Retriever
from assistant.retrieval.stored import StoredIndex
from assistant.store.store import Store
from assistant.work.checking import Checker

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.runnables import Runnable

    from assistant.domain.cmo import CmoConfiguration

LONGEST_QUESTION = 2_000
"""Code points; longer input is a document, not a question, and is refused."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_WHY_NOT = {
    AbstentionReason.NO_EVIDENCE: "The studies touch on this, but no passage was found that answers it.",
    AbstentionReason.NOT_RETRIEVED: "Nothing near this question was found in the studies that were searched.",
    AbstentionReason.OUT_OF_SCOPE: "This is not a question about what the studies report.",
}


Show = Callable[[str], None]
"""Is given the next piece of an answer's text."""


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A draft with what it was made from."""

    question: Question
    passages: tuple[RetrievedPassage, ...]
    draft: DraftAnswer


@dataclass(frozen=True)
class Asker:
    """Answers questions about the studies of a store; the same question gives the same answer."""

    store: Store
    """Open to read."""
    retriever: Retriever
    """Finds passages in it."""
    engine: Engine
    """Drafts an answer from them."""
    studies: tuple[str, ...] = ()
    """Ids that `ask` keeps to; empty for all."""
    limit: int = DEFAULT_PASSAGES
    """Passages given to the engine."""
    drop: bool = False
    """Leave out statements without a quote that was found, instead of setting them apart; they are counted."""

    @classmethod
    def over(
        cls,
        store: Store,
        embedder: Embedder,
        engine: Engine,
        *,
        studies: Sequence[str] = (),
        limit: int = DEFAULT_PASSAGES,
        drop: bool = False,
    ) -> Self:
        """An asker over ``store``.

        Args:
            store: Open to read, and left open.
            embedder: The one that the store was built with.
            engine: Who answers; the extractive engine weighs words by how rare they are in ``store``.
            studies: Ids to keep to; empty for all.
            limit: Passages given to the engine.
            drop: Leave out statements without a quote that was found.

        Raises:
            UnknownStudy: If the store does not hold one of ``studies``.
        """
        index = StoredIndex(store)
        if isinstance(engine, ExtractiveEngine):
            engine = replace(engine, rarity=index.rarity)
        asker = cls(store, Retriever(index, embedder), engine, limit=limit, drop=drop)
        return replace(asker, studies=asker.checked(studies))

    @cached_property
    def labels(self) -> dict[str, str]:
        """Studies as researchers cite them, or their ids where author and year are not known; by id."""
        return {entry.id: entry.bibliography.label or entry.id for entry in self.store.studies()}

    def checked(self, studies: Sequence[str]) -> tuple[str, ...]:
        """``studies`` as they are.

        Raises:
            UnknownStudy: If the store does not hold one of them.
        """
        for study in studies:
            if study not in self.labels:
                self.store.study(study)
        return tuple(studies)

    def candidates(self, study: str) -> tuple[CmoConfiguration, ...]:
        """Candidate configurations of a study, repeats of a claim gathered, in the order of its text."""
        from assistant.work.candidates import merge
        from assistant.work.extracting import extract_study

        return merge(result_of(extract_study(self.store.study(study), self.engine)).candidates)

    def warm(self) -> None:
        """Loads what the first question would wait for; the store is left alone, so that any thread may do it."""
        self.retriever.encoder.embed_question("word")
        if isinstance(self.engine, ExtractiveEngine):
            self.engine.warm()

    def ask(self, text: str) -> Answer:
        """The checked answer to what was typed, from the asker's studies; see `answer`."""
        return self.answer(Question(text, self.studies))

    def answer(self, question: Question, show: Show | None = None) -> Answer:
        """The checked answer to ``question``, for ordinary code; see `answered`."""
        return result_of(self.answered(question, show))

    async def answered(self, question: Question, show: Show | None = None) -> Answer:
        """The checked answer to ``question``, or the reason why there is none.

        Args:
            question: What is asked.
            show: Is given the beginning of the answer's text piece by piece, each statement checked, while an engine
                that streams is still at work on the rest.

        Raises:
            UsageError: If the question is empty, or longer than `LONGEST_QUESTION`.
            UnknownStudy: If it is restricted to a study that the store does not hold.
            ModelError: If the engine asks a chat model and no reply came, or none that could be read.
        """
        begun = time.perf_counter()
        asked = readable(question)
        answer = await (self._direct if isinstance(self.engine, ExtractiveEngine) else self._chained)(asked, show)
        return replace(answer, seconds=round(time.perf_counter() - begun, 4))

    def chain(self, question: Question, show: Show | None = None) -> Runnable[str, Answer]:
        """Retriever, engine and check as one runnable from a question's text to its answer.

        Args:
            question: Whose studies and sections to keep to.
            show: As in `answered`.
        """
        from langchain_core.runnables import RunnableLambda

        from assistant.retrieval.langchain import as_langchain, from_document

        async def draft(documents: list[Document]) -> _Drafted:
            return await self._draft(question, tuple(map(from_document, documents)), show)

        async def check(drafted: _Drafted) -> Answer:
            return self._check(drafted)

        retriever = as_langchain(self.retriever, question=question, limit=self.limit)
        return retriever | RunnableLambda(draft, name="engine") | RunnableLambda(check, name="check")

    async def _chained(self, question: Question, show: Show | None) -> Answer:
        from langsmith import tracing_context

        with tracing_context(enabled=False):
            answer: Answer = await self.chain(question, show).ainvoke(question.search_text)
        return answer

    async def _direct(self, question: Question, show: Show | None) -> Answer:
        """What `chain` gives, by the same steps, without LangChain."""
        passages = tuple(self.retriever.retrieve(question, self.limit))
        return self._check(await self._draft(question, passages, show))

    async def _draft(self, question: Question, passages: tuple[RetrievedPassage, ...], show: Show | None) -> _Drafted:
        shown = self._checker()

        def show_claim(claim: Claim) -> None:
            if show is not None and (piece := shown.add(claim)):
                show(piece)

        drafted = await self.engine.answer(question, passages, show_claim if show else None)
        return _Drafted(question, passages, drafted)

    def _checker(self) -> Checker:
        return Checker(self.store.study, drop=self.drop)

    def _check(self, drafted: _Drafted) -> Answer:
        draft, checker = drafted.draft, self._checker()
        for claim in draft.claims if draft.reason is None else ():
            checker.add(claim)
        checked = checker.checked()
        reason = draft.reason
        if reason is None and not any(citation.quote.found for citation in checked.citations):
            reason = AbstentionReason.NO_EVIDENCE
        text = checked.text if reason is None else "\n\n".join(filter(None, (_WHY_NOT[reason], checked.text)))
        return Answer(
            question=drafted.question,
            text=text,
            citations=checked.citations,
            passages=drafted.passages,
            engine=self.engine.record,
            seconds=0.0,
            reason=reason,
            usage=draft.usage,
            unsupported=checked.unsupported,
            problem=draft.problem,
        )


def readable(question: Question) -> Question:
    """``question`` without control characters and spare white space.

    Raises:
        UsageError: If nothing is left of it, or too much.
    """
    if max(len(question.text), len(question.standalone)) > LONGEST_QUESTION:
        raise UsageError(
            f"The question is {len(question.text):,} characters long; at most {LONGEST_QUESTION:,} are read",
            remedy="Ask one thing at a time, in a sentence or two.",
        )
    text, standalone = _tidied(question.text), _tidied(question.standalone)
    if not any(char.isalnum() for char in text):
        raise UsageError("The question holds no words", remedy='Ask something, such as: realist ask "why did ...?"')
    return replace(question, text=text, standalone=standalone)


def _tidied(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())
