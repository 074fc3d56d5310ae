"""Marks to places in a study's stored text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.domain.study import Study
from assistant.text.quotes import locate
from evals.extraction.importing.marks import ReadMark

_QUOTATION_MARKS = "\"'“”‘’«»„‚ "


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark and where its words stand."""

    mark: ReadMark
    quote: Quote
    """``not_found`` where they do not."""

    @property
    def span(self) -> Span:
        """Where the words stand.

        Raises:
            ValueError: If they were not found.
        """
        if self.quote.span is None:
            raise ValueError(f"{self.mark.origin}: a quote that was not found has no place")
        return self.quote.span


def placed_marks(marks: Sequence[ReadMark], study: Study) -> list[PlacedMark]:
    """The marks in their order, each with its place; a role is looked for inside its configuration's passage first."""
    passages = {
        position: PlacedMark(mark, _located(mark, study.text)) for position, mark in enumerate(marks) if not mark.role
    }
    within: dict[str, Span] = {}
    for passage in passages.values():
        if passage.quote.span:
            within |= {group: passage.quote.span for group in passage.mark.groups if group not in within}
    return [
        passages.get(position) or PlacedMark(mark, _located(mark, study.text, within))
        for position, mark in enumerate(marks)
    ]


def _located(mark: ReadMark, text: str, within: Mapping[str, Span] | None = None) -> Quote:
    """The words in the passage of a configuration of theirs, else anywhere; without quotation marks around them too."""
    near = mark.quote.near(text)
    passages = [within[group] for group in mark.groups if within and group in within]
    spellings = dict.fromkeys((mark.quote.text, mark.quote.text.strip(_QUOTATION_MARKS)))
    beside = near if near is not None or not passages else passages[0].start
    tries = [
        *(locate(words, text, near=near, within=passage) for passage in passages for words in spellings),
        *(locate(words, text, near=beside) for words in spellings),
    ]
    return next((quote for quote in tries if quote.found), Quote(mark.quote.text, None, QuoteStatus.NOT_FOUND))
