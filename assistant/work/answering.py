"""A question answered: passages found, an engine's draft, and every quote of it checked against the stored text.

The three steps are one LangChain runnable, so that each may be exchanged or watched as in any other chain. Tracing
to LangSmith is off whatever the environment says: nothing leaves unless a model endpoint was set up.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from assistant.domain.answers import AbstentionReason, Answer, Citation, Claim, DraftAnswer, Question
from assistant.domain.cmo import CmoConfiguration
from assistant.domain.passages import RetrievedPassage
from assistant.domain.spans import Quote
from assistant.domain.study import Study
from assistant.embedding.protocol import Embedder
from assistant.engines.extractive import ExtractiveEngine
from assistant.engines.protocol import Engine
from assistant.engines.waiting import result_of
from assistant.errors import UsageError
from assistant.retrieval.retriever import DEFAULT_PASSAGES, Retriever
from assistant.retrieval.stored import StoredIndex
from assistant.store.store import Store
from assistant.text.quotes import locate
from assistant.work.extracting import extract_study

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.runnables import Runnable

LONGEST_QUESTION = 2_000
"""Code points; longer input is a document, not a question, and is refused."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_WHY_NOT = {
    AbstentionReason.NO_EVIDENCE: "The studies touch on this, but no passage was found that answers it.",
    AbstentionReason.NOT_RETRIEVED: "Nothing near this question was found in the studies that were searched.",
    AbstentionReason.OUT_OF_SCOPE: "This is not a question about what the studies report.",
}
_SET_APART = "Set apart, because these words do not stand in the source that was named for them (no evidence):"


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

    @classmethod
    def over(
        cls,
        store: Store,
        embedder: Embedder,
        engine: Engine | None = None,
        *,
        studies: Sequence[str] = (),
        limit: int = DEFAULT_PASSAGES,
    ) -> Self:
        """An asker over ``store``.

        Args:
            store: Open to read, and left open.
            embedder: The one that the store was built with.
            engine: Who answers; the extractive engine if None. That engine weighs words by how rare they are in
                ``store``.
            studies: Ids to keep to; empty for all.
            limit: Passages given to the engine.

        Raises:
            UnknownStudy: If the store does not hold one of ``studies``.
        """
        index = StoredIndex(store)
        chosen = engine or ExtractiveEngine(embedder)
        if isinstance(chosen, ExtractiveEngine):
            chosen = replace(chosen, rarity=index.rarity)
        asker = cls(store, Retriever(index, embedder), chosen, limit=limit)
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
        """Candidate configurations of a study, in the order of its text."""
        return result_of(extract_study(self.store.study(study), self.engine)).candidates

    def ask(self, text: str) -> Answer:
        """The checked answer to what was typed, from the asker's studies; see `answer`."""
        return self.answer(Question(text, self.studies))

    def answer(self, question: Question) -> Answer:
        """The checked answer to ``question``, for ordinary code; see `answered`."""
        return result_of(self.answered(question))

    async def answered(self, question: Question) -> Answer:
        """The checked answer to ``question``, or the reason why there is none.

        Raises:
            UsageError: If the question is empty, or longer than `LONGEST_QUESTION`.
            UnknownStudy: If it is restricted to a study that the store does not hold.
        """
        from langsmith import tracing_context

        begun = time.perf_counter()
        asked = readable(question)
        with tracing_context(enabled=False):
            answer: Answer = await self.chain(asked).ainvoke(asked.search_text)
        return replace(answer, seconds=round(time.perf_counter() - begun, 4))

    def chain(self, question: Question) -> Runnable[str, Answer]:
        """Retriever, engine and check as one runnable from a question's text to its answer.

        Args:
            question: Whose studies and sections to keep to.
        """
        from langchain_core.runnables import RunnableLambda

        from assistant.retrieval.langchain import as_langchain, from_document

        retriever = as_langchain(self.retriever, question=question, limit=self.limit)

        async def draft(documents: list[Document]) -> _Drafted:
            passages = tuple(map(from_document, documents))
            return _Drafted(question, passages, await self.engine.answer(question, passages))

        async def check(drafted: _Drafted) -> Answer:
            return self._check(drafted)

        return retriever | RunnableLambda(draft, name="engine") | RunnableLambda(check, name="check")

    def _check(self, drafted: _Drafted) -> Answer:
        draft = drafted.draft
        reason = draft.reason or (None if draft.claims else AbstentionReason.NO_EVIDENCE)
        checked = _Checker(self.store.study).check(draft.claims) if reason is None else _Checked("", ())
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


@dataclass(frozen=True, slots=True)
class _Checked:
    """Claims with their quotes looked up."""

    text: str
    citations: tuple[Citation, ...]


class _Checker:
    """Looks quotes up in their studies and numbers those that stand there."""

    def __init__(self, study: Callable[[str], Study]) -> None:
        self._study = study
        self._known: dict[str, Study] = {}

    def check(self, claims: Sequence[Claim]) -> _Checked:
        """The text with its markers, and the citations: those found first, then those set apart."""
        looked_up = [(claim, self._quotes(claim)) for claim in claims]
        found: dict[tuple[str, Quote], int] = {}
        for _, quotes in looked_up:
            for study, quote in quotes:
                if quote.found:
                    found.setdefault((study, quote), len(found) + 1)
        apart = list(dict.fromkeys(pair for _, quotes in looked_up for pair in quotes if not pair[1].found))
        citations = [self._citation(marker, *pair) for pair, marker in found.items()]
        citations += [self._citation(len(found) + number, *pair) for number, pair in enumerate(apart, start=1)]
        return _Checked(self._text(looked_up, found), tuple(citations))

    def _quotes(self, claim: Claim) -> list[tuple[str, Quote]]:
        places = claim.at or (None,) * len(claim.support)
        return [
            (study, locate(words, self._of(study).text, near=near))
            for (study, words), near in zip(claim.support, places, strict=True)
        ]

    def _of(self, study: str) -> Study:
        if study not in self._known:
            self._known[study] = self._study(study)
        return self._known[study]

    def _text(
        self, looked_up: Sequence[tuple[Claim, list[tuple[str, Quote]]]], markers: dict[tuple[str, Quote], int]
    ) -> str:
        """One paragraph a study, headed by its name; statements without a quote that was found come last, apart."""
        paragraphs: list[tuple[str, list[str]]] = []
        apart: list[str] = []
        for claim, quotes in looked_up:
            numbers = [markers[pair] for pair in quotes if pair in markers]
            if not numbers:
                apart.append(claim.text)
                continue
            study = next(study for study, quote in quotes if quote.found)
            if not paragraphs or paragraphs[-1][0] != study:
                paragraphs.append((study, []))
            paragraphs[-1][1].append(" ".join([claim.text, *(f"[{number}]" for number in dict.fromkeys(numbers))]))
        shown = [f"{self._heading(study)}\n{' '.join(statements)}" for study, statements in paragraphs]
        return "\n\n".join([*shown, *(["\n".join([_SET_APART, *apart])] if apart else [])])

    def _heading(self, study: str) -> str:
        label = self._of(study).bibliography.label
        return f"{label} ({study}):" if label else f"{study}:"

    def _citation(self, marker: int, study: str, quote: Quote) -> Citation:
        block = self._of(study).block_at(quote.span.start) if quote.span else None
        section = self._of(study).section_of(block) if block else None
        return Citation(
            marker=marker,
            study=study,
            quote=quote,
            section=(section.title or section.type.value) if section else "",
            page=block.page if block else None,
        )
