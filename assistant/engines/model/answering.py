"""Answers from a chat model: claims with quotes, each looked up in the passage named for it before it counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from assistant.domain.answers import AbstentionReason, Claim, DraftAnswer, Question
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.engines.model.parsing import read_items
from assistant.engines.model.prompting import Prompts, request_for
from assistant.engines.model.replies import CLAIMS, AnswerReply, StatedClaim, Support, label_of
from assistant.engines.model.requests import Caller, ModelReply, ModelRequest
from assistant.engines.model.settling import Settled, Settling
from assistant.engines.protocol import ShowClaim
from assistant.errors import ModelError
from assistant.text.quotes import locate

SHORTEST_QUOTE = 3
"""Words of a quote at least: one or two stand nearly everywhere and carry nothing."""


@dataclass(frozen=True)
class ModelAnswering:
    """Answers questions from passages."""

    caller: Caller
    """Who asks the chat model."""
    prompts: Prompts
    """In what words."""

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        """Answers from ``passages`` alone, or abstains with the reason.

        Args:
            question: What is asked.
            passages: Best first.
            show: The reply is streamed if given; every claim shown is in the answer, in the order shown and first.

        Raises:
            ModelError: If no reply came, or none that could be read.
            BudgetSpent: If the limit of calls or cost would be passed.
        """
        if not passages:
            return DraftAnswer((), AbstentionReason.NOT_RETRIEVED)
        labelled = Labelled(passages)
        request = self._request(question, labelled)
        shown: list[Claim] = []
        reply = await (self._streamed(request, labelled, shown, show) if show else self.caller.call(request))
        settling = Settling(self.caller, self.prompts.repair, CLAIMS, labelled.fault)
        return _answer(await settling.settle(request, reply), labelled, shown)

    def _request(self, question: Question, labelled: Labelled) -> ModelRequest:
        values = {"passages": labelled.text, "question": question.search_text}
        name = hashlib.sha256("\0".join(values.values()).encode()).hexdigest()[:16]
        return request_for(f"answer/{name}", self.prompts.answer, AnswerReply, values)

    async def _streamed(
        self, request: ModelRequest, labelled: Labelled, shown: list[Claim], show: ShowClaim
    ) -> ModelReply:
        """The whole reply, after its claims were shown as they came; asked for again where the stream broke off."""
        text = ""

        def take(piece: str) -> None:
            nonlocal text
            text += piece
            if "}" in piece:
                _show_new(text, labelled, shown, show)

        reply = await self.caller.stream(request, take)
        if not reply.problem:
            return reply
        again = await self.caller.call(request)
        return replace(again, usage=reply.usage + again.usage)


def _show_new(text: str, labelled: Labelled, shown: list[Claim], show: ShowClaim) -> None:
    """Shows the claims of an unfinished reply that are complete, without fault, and not shown yet."""
    for stated in read_items(text, CLAIMS).items:
        if not labelled.fault(stated) and (claim := labelled.claim(stated)) not in shown:
            shown.append(claim)
            show(claim)


@dataclass(frozen=True)
class Labelled:
    """Passages under the labels that the model knows them by."""

    passages: Sequence[RetrievedPassage]
    """Best first."""

    @cached_property
    def text(self) -> str:
        """What the model is given of them."""
        return "\n\n".join(f"{label} | {_source(passage)}\n{passage.text}" for label, passage in self._by_label.items())

    def fault(self, stated: StatedClaim) -> str:
        """Why a claim can't be shown as checked, for the model to read; empty if it can."""
        if not stated.text.strip():
            return "It says nothing."
        if not stated.support:
            return "It has no quote."
        return "; ".join(filter(None, map(self._fault, stated.support)))

    def claim(self, stated: StatedClaim) -> Claim:
        """A claim as the rest of the tool knows it, without quotes from nowhere or too short to carry anything."""
        support = [(one.quote, *self._place(one)) for one in stated.support if not _short(one.quote)]
        kept = [(passage.study, quote, at) for quote, passage, at in support if passage is not None]
        text = " ".join(stated.text.split())
        return Claim(text, tuple((study, quote) for study, quote, _ in kept), tuple(at for _, _, at in kept))

    @cached_property
    def _by_label(self) -> Mapping[str, Passage]:
        return {f"P{number}": found.passage for number, found in enumerate(self.passages, 1)}

    def _named(self, label: str) -> Passage | None:
        return self._by_label.get(label_of(label))

    def _fault(self, support: Support) -> str:
        passage, at = self._place(support)
        if passage is None:
            return f"There is no passage {support.passage}"
        if _short(support.quote):
            return f"“{support.quote}” is shorter than {SHORTEST_QUOTE} words"
        return "" if at is not None else f"Not found in {support.passage}: “{support.quote}”"

    def _place(self, support: Support) -> tuple[Passage | None, int | None]:
        """The passage named and the offset in its study at which the quote stands, in it or another of that study."""
        named = self._named(support.passage)
        if named is None:
            return None, None
        same = [one for one in self._by_label.values() if one.study == named.study and one is not named]
        for passage in (named, *same):
            span = locate(support.quote, passage.text).span
            if span is not None:
                return passage, passage.span.start + span.start
        return named, None


def _answer(settled: Settled[StatedClaim], labelled: Labelled, shown: Sequence[Claim]) -> DraftAnswer:
    usage = asdict(settled.usage)
    checked = tuple(dict.fromkeys((*shown, *map(labelled.claim, settled.items))))
    apart = tuple(map(labelled.claim, settled.apart))
    if not checked and settled.problem:
        raise ModelError(
            f"the question was not answered: {settled.problem}",
            remedy="Ask again with --no-cache, or try another model.",
        )
    if not checked and not apart:
        return DraftAnswer((), _reason(settled.rest.get("abstain")), usage)
    return DraftAnswer((*checked, *apart), None, usage, settled.problem)


def _reason(value: object) -> AbstentionReason:
    """The reason that the model gives; that there is no evidence where it gives none."""
    name = "_".join(str(value).lower().replace("-", " ").split())
    known = {reason.value: reason for reason in AbstentionReason}
    return known.get(name, AbstentionReason.NO_EVIDENCE)


def _source(passage: Passage) -> str:
    path = " > ".join(" ".join(part.split()) for part in passage.path) or passage.section.value
    return f"study {passage.study} | {path}"


def _short(quote: str) -> bool:
    return sum(any(char.isalnum() for char in word) for word in quote.split()) < SHORTEST_QUOTE
