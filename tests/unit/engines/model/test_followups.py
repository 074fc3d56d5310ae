from __future__ import annotations

import asyncio

import pytest

from assistant.engines.model.followups import ModelFollowups
from assistant.engines.model.requests import ModelReply, Usage

from .scripted import PROMPTS, Said, Scripted, given

TURNS = [(f"Question {number}?", f"Answer {number}. " + "It goes on. " * 100) for number in range(5)]


def condensed(said: Said) -> tuple[str, Scripted]:
    caller = Scripted([said])
    return asyncio.run(ModelFollowups(caller, PROMPTS).condensed("and then?", TURNS)), caller


def test_the_last_turns_are_given_and_the_question_comes_back() -> None:
    question, caller = condensed({"standalone": "What came\n after the rota? "})
    sent = given(caller.asked[0])
    assert question == "What came after the rota?"
    assert "Question 4?" in sent and "Question 2?" in sent and "Question 1?" not in sent and len(sent) < 3_000
    assert caller.asked[0].messages[-1].text.endswith("Next question: and then?")


@pytest.mark.parametrize(
    "said", ["Well.", {"standalone": ""}, {"standalone": "why " * 200}, ModelReply("", Usage(), 0.1, problem="gone")]
)
def test_what_is_no_question_is_left_to_the_rules(said: Said) -> None:
    assert condensed(said)[0] == ""
