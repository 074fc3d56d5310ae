from __future__ import annotations

import pytest

from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.retrieval.budget import within

TEXT = "One two. Three four. Five."
SENTENCES = (Span(0, 8), Span(9, 20), Span(21, 26))


def found(index: int) -> RetrievedPassage:
    """A passage of 26 code points whose sentences end at 8, 20 and 26."""
    start = 100 * index
    spans = tuple(span.shifted(start) for span in SENTENCES)
    whole = Span(start, start + len(TEXT))
    return RetrievedPassage(Passage("rota", index, whole, TEXT, spans, SectionType.RESULTS, ()), 0.5, 0.5)


@pytest.mark.parametrize(
    ("characters", "texts"),
    [
        (52, [TEXT, TEXT]),
        (51, [TEXT, "One two. Three four."]),
        (34, [TEXT, "One two."]),
        (33, [TEXT]),
        (19, ["One two."]),
        (3, ["One two."]),
    ],
)
def test_the_last_passage_is_cut_after_a_sentence_that_fits(characters: int, texts: list[str]) -> None:
    assert [one.passage.text for one in within([found(0), found(1)], characters)] == texts


def test_what_is_cut_stands_in_the_stored_text_as_it_says() -> None:
    _, cut = within([found(0), found(1)], 46)
    assert cut.passage.span == Span(100, 120)
    assert cut.passage.sentences == (Span(100, 108), Span(109, 120))
    assert len(cut.passage.text) == len(cut.passage.span)


def test_nothing_follows_a_passage_that_was_cut() -> None:
    assert len(within([found(0), found(1), found(2)], 60)) == 2


def test_nothing_found_stays_nothing() -> None:
    assert within([], 100) == []
