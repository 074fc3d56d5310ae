"""Altered quotes, and the counts that become the grounding metrics, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.spans import QuoteStatus, Span
from assistant.text.quotes import locate
from evals.grounding.alterations import ALTERATIONS, RESPELLINGS, altered
from evals.grounding.task import ALTERED, ANSWER, RESPELLED, TASK, Lookup, score_quotes
from evals.suite.parts import Item, Sample, Score, Unscored

SENTENCE = "Nurses on two wards liked the new rota because it left them time to rest in 2019."
TEXT = f"Before this, nothing. {SENTENCE} After it, they also traded shifts."


class Study:
    text = TEXT


class TextsOf:
    def study(self, name: str) -> Any:
        return Study()


TEXTS: Any = TextsOf()


def quote(text: str, start: int | None, status: str = "exact") -> dict[str, Any]:
    end = None if start is None else start + len(text)
    return {"study": "a", "quote": text, "start": start, "end": end, "status": status}


def sample(kind: str, gold: Any = None) -> Sample:
    return Sample("digests/x", "digests", "a", Lookup("a", ()), gold, kind)


def metric(name: str, *pairs: tuple[Sample, list[dict[str, Any]]]) -> float:
    items = [
        Item(str(at), "digests", "a", one.kind, "test", score_quotes(one, {"quotes": quotes}, TEXTS))
        for at, (one, quotes) in enumerate(pairs)
    ]
    return next(one for one in TASK.metrics if one.name == name).value(items)


def test_a_span_resolves_where_its_characters_are_the_quote() -> None:
    right, off_by_one = quote("Before", 0), quote("Before", 1)
    nowhere = quote("Never", None, "not_found")
    shown = (sample(ANSWER), [right, right, off_by_one, nowhere])
    # of three found ones two resolve; of four shown three are found
    assert metric("spans that resolve", shown) == pytest.approx(2 / 3)
    assert metric("quotes shown that are found", shown) == 0.75


def test_an_altered_quote_is_to_be_turned_away() -> None:
    pair = (sample(ALTERED), [quote("Befoer", None, "not_found"), quote("Before", 0)])
    assert metric("altered quotes turned away", pair) == 0.5


def test_a_respelled_quote_is_to_be_found_where_it_stands() -> None:
    gold = (Span(0, 6), Span(8, 12))
    pair = (sample(RESPELLED, gold), [quote("Before", 0, "normalised"), quote("this", 7)])
    assert metric("respelled quotes found", pair) == 0.5


def test_a_question_without_an_answer_quotes_nothing() -> None:
    assert isinstance(score_quotes(sample(ANSWER), {"quotes": []}, TEXTS), Unscored)
    assert isinstance(score_quotes(sample(ANSWER), {"quotes": [quote("Before", 0)]}, TEXTS), Score)


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_makes_a_quote_that_does_not_stand_there(name: str) -> None:
    (made,) = altered([SENTENCE], TEXT, name)
    assert made != SENTENCE and made not in TEXT
    assert locate(made, TEXT).status is QuoteStatus.NOT_FOUND


@pytest.mark.parametrize("name", RESPELLINGS)
def test_every_respelling_is_found_where_the_sentence_stands(name: str) -> None:
    found = locate(RESPELLINGS[name](SENTENCE.replace("rota", "'rota-fi'")), TEXT.replace("rota", "'rota-fi'"))
    assert found.span == Span(22, 22 + len(SENTENCE) + 5)


def test_what_can_not_be_altered_is_left_out() -> None:
    assert list(altered(["No figures here at all, none."], TEXT, "another figure")) == []
    assert list(altered(["Short."], TEXT, "a word less")) == []


@given(st.text(max_size=80), st.integers(0, 2**32), st.sampled_from(sorted(ALTERATIONS)))
def test_any_sentence_is_altered_or_left(sentence: str, choice: int, name: str) -> None:
    assert isinstance(ALTERATIONS[name](sentence, choice), str)
