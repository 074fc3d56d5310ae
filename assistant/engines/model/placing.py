"""Where the quotes of a drafted configuration stand, and what is wrong with one that can't be used as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.cmo import DraftConfiguration, Role
from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.engines.model.replies import Certainty, StatedConfiguration
from assistant.engines.model.windows import Window
from assistant.text.quotes import locate

CONFIDENCE = {Certainty.HIGH: 0.75, Certainty.MEDIUM: 0.5, Certainty.LOW: 0.25}
"""What the model's own word counts for. An order, not a probability: nothing here was fitted to coded studies."""
_MOST_SENTENCES = 4
"""Longest passage, by the codebook."""
_ORDER = (Role.OUTCOME, Role.REASONING, Role.RESOURCE, Role.CONTEXT)
"""Where two roles claim the same words, the earlier keeps them."""


@dataclass(frozen=True)
class Placing:
    """Places configurations of one window in its study."""

    text: str
    """The stored text."""
    window: Window
    """What was sent."""

    def fault(self, stated: StatedConfiguration) -> str:
        """Why ``stated`` can't be used as it is, for the model to read; empty if it can."""
        marks = self._marks(stated)
        lost = [quote.text for _, quote in marks if not quote.found]
        evidence = self._evidence(stated, self._kept(marks))
        if not lost and not evidence.found:
            lost = [stated.passage]
        if lost:
            return "Not found in the text, or not near the rest: " + "; ".join(f"“{words}”" for words in lost)
        return "" if _whole(self._kept(marks)) else "It needs an outcome, and a context or a mechanism."

    def drafted(self, stated: StatedConfiguration) -> DraftConfiguration | None:
        """``stated`` with the offsets of its quotes; None if it lacks an outcome, or a context and a mechanism."""
        marks = self._kept(self._marks(stated))
        if not _whole(marks):
            return None
        evidence = self._evidence(stated, marks)
        return DraftConfiguration(
            marks=tuple((role, quote.text, _start(quote)) for role, quote in marks),
            passages=((evidence.text, _start(evidence)),),
            level=stated.level,
            polarity=stated.polarity,
            confidence=CONFIDENCE[stated.certainty],
            statement=" ".join(stated.proposition.split()),
        )

    def _passage(self, stated: StatedConfiguration) -> Quote:
        return self._sent(stated.passage)

    def _marks(self, stated: StatedConfiguration) -> list[tuple[Role, Quote]]:
        """Every phrase with its role, looked for in the passage, then near it in the window."""
        phrases = {
            Role.CONTEXT: stated.context,
            Role.RESOURCE: stated.resource,
            Role.REASONING: stated.reasoning,
            Role.OUTCOME: stated.outcome,
        }
        passage = self._passage(stated).span
        return [(role, self._place(words, passage)) for role in Role for words in phrases[role]]

    def _place(self, words: str, passage: Span | None) -> Quote:
        inside = locate(words, self.text, within=passage) if passage else None
        if inside is not None and inside.found:
            return inside
        return self._sent(words, passage.start if passage else 0)

    def _sent(self, words: str, near: int = 0) -> Quote:
        """Where ``words`` stand in what was sent: exactly before normalised, then closest to ``near``."""
        quotes = [locate(words, self.text, near=near, within=span) for span in self.window.spans]
        places = [
            (quote.status is not QuoteStatus.EXACT, abs(quote.span.start - near), quote)
            for quote in quotes
            if quote.span
        ]
        return min(places, key=lambda place: place[:2])[2] if places else Quote(words, None, QuoteStatus.NOT_FOUND)

    def _kept(self, marks: Sequence[tuple[Role, Quote]]) -> list[tuple[Role, Quote]]:
        """``marks`` without words that another role of the same configuration has already."""
        kept: list[tuple[Role, Quote]] = []
        for role, quote in sorted(marks, key=lambda mark: _ORDER.index(mark[0])):
            span = quote.span
            if span is None or not any(other.span and other.span.overlaps(span) for _, other in kept):
                kept.append((role, quote))
        return [mark for role in Role for mark in kept if mark[0] is role]

    def _evidence(self, stated: StatedConfiguration, marks: Sequence[tuple[Role, Quote]]) -> Quote:
        """The passage where it holds every phrase; else the few sentences that do; else all of it, not found.

        What is put together from places that do not stand together is evidence for nothing, though each part be
        verbatim: it is given in one piece, which the study does not hold.
        """
        passage = self._passage(stated)
        spans = [quote.span for _, quote in marks if quote.span is not None]
        if len(spans) == len(marks):
            if passage.span and all(passage.span.covers(span) for span in spans):
                return passage
            carrying = self._carrying([*spans, *([passage.span] if passage.span else [])])
            if carrying is not None:
                return Quote.at(self.text, carrying)
        parts = [words for words in (stated.passage, *(quote.text for _, quote in marks)) if words]
        return Quote(" … ".join(parts), None, QuoteStatus.NOT_FOUND)

    def _carrying(self, spans: Sequence[Span]) -> Span | None:
        """The neighbouring sentences of one section that hold all of ``spans``; None if there are none, or too many."""
        if not spans:
            return None
        extent = Span(min(span.start for span in spans), max(span.end for span in spans))
        held = [one for one in self.window.sentences if one.span.overlaps(extent)]
        if not held or len(held) > _MOST_SENTENCES or len({one.section for one in held}) > 1:
            return None
        carrying = Span(held[0].span.start, held[-1].span.end)
        return carrying if carrying.covers(extent) else None


def _whole(marks: Sequence[tuple[Role, Quote]]) -> bool:
    roles = {role for role, _ in marks}
    return Role.OUTCOME in roles and len(roles) > 1


def _start(quote: Quote) -> int | None:
    return quote.span.start if quote.span else None
