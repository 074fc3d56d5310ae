"""How much text an engine is given: so many code points for each passage asked for, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span

CHARACTERS = 800
"""Code points for each passage that is asked for; eight have 6,400."""


def within(found: Sequence[RetrievedPassage], characters: int) -> list[RetrievedPassage]:
    """The first passages that together have at most ``characters`` code points, the last one cut to fit.

    What is cut off are sentences at its end, so that it is still a run of whole sentences of the stored text. The
    best passage keeps its first sentence, whatever the budget.
    """
    kept: list[RetrievedPassage] = []
    for one in found:
        passage = _opening(one.passage, characters) or (None if kept else _first_sentences(one.passage, 1))
        if passage is None:
            break
        kept.append(replace(one, passage=passage))
        characters -= len(passage.span)
        if passage.span != one.passage.span:
            break
    return kept


def _opening(passage: Passage, characters: int) -> Passage | None:
    """As many sentences of ``passage`` from its first as fit; None where not even the first does."""
    fitting = sum(sentence.end - passage.span.start <= characters for sentence in passage.sentences)
    return _first_sentences(passage, fitting) if fitting else None


def _first_sentences(passage: Passage, number: int) -> Passage:
    if number == len(passage.sentences):
        return passage
    sentences = passage.sentences[:number]
    span = Span(passage.span.start, sentences[-1].end)
    return replace(passage, span=span, text=span.shifted(-passage.span.start).of(passage.text), sentences=sentences)
