from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.followups import leans, standalone, study_focus
from assistant.domain.answers import Answer, Citation, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, QuoteStatus, Span


def answered(text: str, *studies: str, completed: str = "") -> Answer:
    citations = tuple(
        Citation(number, study, Quote("rota", Span(0, 4), QuoteStatus.EXACT), "Results", None)
        for number, study in enumerate(studies, start=1)
    )
    question = Question(text, standalone=completed)
    return Answer(question, "text", citations, (), EngineRecord("extractive/1"), 0.1)


ROTA = answered("How did the new rota change rest on wards?", "rota", "rota", "choir")


@pytest.mark.parametrize(
    "question",
    [
        "why?",
        "and in Leeds?",
        "What about the other site?",
        "tell me more",
        "why did they leave",
        "how many",
        "who else?",
    ],
)
def test_what_leans_is_completed_from_the_question_before(question: str) -> None:
    filled = standalone(question, [ROTA])
    assert filled != question
    assert {"rota", "rest", "wards"} <= set(filled.strip(")").replace("(", "").split())


def test_the_words_of_the_follow_up_stay() -> None:
    assert standalone("and in Leeds?", [ROTA]).startswith("in Leeds?")
    assert "other site" in standalone("What about the other site?", [ROTA])


@pytest.mark.parametrize(
    "question",
    [
        "How many nurses took part in the Leeds interviews?",
        "Why did staff lock the garden door on wet days?",
        "What does the choir study say about shy carers?",
    ],
)
def test_what_stands_alone_stays_as_it_is(question: str) -> None:
    assert standalone(question, [ROTA]) == question


def test_without_history_nothing_is_added() -> None:
    assert standalone("why?", []) == "why?"


def test_leans_on_what_an_earlier_follow_up_was_completed_with() -> None:
    earlier = answered("why?", "rota", completed="why? (garden door locked)")
    assert "garden" in standalone("and when?", [ROTA, earlier])


def test_looks_further_back_where_the_last_question_had_no_words() -> None:
    assert "rota" in standalone("why?", [ROTA, answered("and?")])
    assert standalone("why?", [answered("and?")]) == "why?"


def test_the_study_meant_is_the_one_most_cited() -> None:
    assert study_focus("what were the limits of that study?", [ROTA]) == ("rota",)
    assert study_focus("what about another study?", [ROTA]) == ()
    assert study_focus("why?", [ROTA]) == ()
    assert study_focus("what about that study?", []) == ()


@given(st.text(max_size=60))
def test_any_text_can_be_completed(text: str) -> None:
    assert standalone(text, [ROTA]) == text or leans(text)
