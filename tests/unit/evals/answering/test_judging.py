"""A judge that says what it is told to: what is asked of it, and what becomes of its verdicts."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from assistant.domain.spans import Span
from assistant.engines.model.engine import ModelEngine
from assistant.engines.model.parsing import read_items
from assistant.engines.model.replies import VERDICTS, StatedVerdict
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage
from assistant.errors import BudgetSpent
from evals.answering import judging
from evals.answering.judging import Judge, fault, judged
from evals.answering.samples import QuestionGold
from evals.answering.task import TASK
from evals.suite.chat import Chat, Watched
from evals.suite.parts import Item, Sample, Score, Unscored
from evals.suite.records import Header, Record
from tests.unit.engines.model.scripted import PROMPTS, Scripted, given

ANSWER = "Marston (marston-2022):\nStaff who had rested made fewer slips [1] [2]. Four nurses left [3]."
POINTS = ("rest cuts errors", "nurses quit", "pay rose")


def verdict(point: Any, quote: str | None) -> dict[str, Any]:
    return {"point": point, "said": quote is not None, "quote": quote}


GOOD = {
    "verdicts": [
        verdict("P1", "Staff who had rested made fewer slips. Four"),
        verdict("P2", "Four nurses left"),
        verdict("P3", None),
    ]
}


def judge(replies: Any, repeats: int = 1) -> tuple[Judge, Scripted]:
    scripted = Scripted(replies)
    watched = Watched(scripted)
    engine = ModelEngine("test:judge", watched, PROMPTS)
    return Judge(Chat(engine, engine, watched, {"name": "test:judge"}), repeats), scripted


def readings(replies: Any, repeats: int = 1, answer: str = ANSWER) -> tuple[list[dict[str, Any]], list[ModelRequest]]:
    one, scripted = judge(replies, repeats)
    return asyncio.run(one.readings("Why?", POINTS, answer)), scripted.asked


def test_each_point_gets_the_words_that_make_it() -> None:
    (found,), (asked,) = readings([GOOD])
    assert found == {"said": ["Staff who had rested made fewer slips. Four", "Four nurses left", ""]}
    # Marks of citations are taken out, so that a quote may run across them.
    assert given(asked) == "Marston (marston-2022):\nStaff who had rested made fewer slips. Four nurses left."
    assert "P1 | rest cuts errors\nP2 | nurses quit\nP3 | pay rose" in asked.messages[-1].text
    assert asked.prompt == PROMPTS.judge.record


def test_readings_begin_with_another_point_each_and_are_never_one_request() -> None:
    found, asked = readings([GOOD], repeats=4)
    orders = [re.findall(r"^(P\d) \|", one.messages[-1].text, re.MULTILINE) for one in asked]
    assert orders == [["P1", "P2", "P3"], ["P2", "P3", "P1"], ["P3", "P1", "P2"], ["P1", "P2", "P3"]]
    assert len({one.messages for one in asked}) == len({one.item for one in asked}) == 4
    assert len(found) == 4 and all(one == found[0] for one in found)


def test_an_answer_that_says_nothing_is_not_sent() -> None:
    found, asked = readings([GOOD], repeats=2, answer=" \n")
    assert found == [{"said": ["", "", ""]}] * 2 and not asked


def test_a_quote_that_is_not_in_the_answer_is_asked_for_once_more() -> None:
    bad = {"verdicts": [verdict("P1", "Pay rose sharply"), verdict("P2", "Four nurses left"), verdict("P3", None)]}
    (mended,), asked = readings([bad, {"verdicts": [verdict("P1", "fewer slips")]}])
    assert mended == {"said": ["fewer slips", "Four nurses left", ""]} and len(asked) == 2
    assert "Not found in the answer: “Pay rose sharply”" in asked[1].messages[-1].text
    (lost,), _ = readings([bad])
    assert lost == {"problem": "no verdict, or more than one, on P1"}


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("I would say so.", "could not be read"),
        ({"verdicts": [verdict("P1", None), verdict("P2", None)]}, "on P3"),
        ({"verdicts": [*GOOD["verdicts"], verdict("P2", None)]}, "on P2"),
        ({"verdicts": [*GOOD["verdicts"][:2], {"point": "P3", "said": "maybe", "quote": None}]}, "items"),
        (ModelReply("", Usage(), 0.1, problem="gone"), "gone"),
    ],
)
def test_a_reading_without_one_verdict_on_every_point_is_a_problem(reply: Any, problem: str) -> None:
    (found,), _ = readings([reply])
    assert list(found) == ["problem"] and problem in found["problem"]


def test_a_limit_that_is_reached_is_a_problem_of_the_reading_and_is_remembered() -> None:
    def spent(request: ModelRequest) -> Any:
        raise BudgetSpent("stopped at the limit")

    one, _ = judge(spent)
    (found,) = asyncio.run(one.readings("Why?", POINTS, ANSWER))
    assert found == {"problem": "BudgetSpent: stopped at the limit"}
    assert isinstance(one.chat.caller.stopped, BudgetSpent)


def test_verdicts_are_taken_in_the_forms_that_models_stray_into() -> None:
    text = '{"verdicts": [{"Point": 1, "said": "true", "quote": "a b", "why": "!"}, {"point": "[p2]", "said": false}]}'
    first, second = read_items(text, VERDICTS).items
    assert first == StatedVerdict(point="1", said=True, quote="a b") and second.quote is None
    assert not fault(first, {"P1": "x", "P2": "y"}, "a b c") and not fault(second, {"P1": "x", "P2": "y"}, "a b c")
    assert "no point" in fault(second, {"P1": "x"}, "a b c")
    assert "no words" in fault(StatedVerdict(point="P1", said=True, quote=None), {"P1": "x"}, "a b c")


class Nowhere:
    """A world without texts."""

    texts: dict[str, Any] = {}  # noqa: RUF012


PIECES = ((("a", Span(0, 10)),),)
SAMPLES = {
    "q": QuestionGold(PIECES, POINTS, 0),
    "abstained": QuestionGold(PIECES, POINTS, 0),
    "silent": QuestionGold((), (), 0),
    "pointless": QuestionGold(PIECES, (), 0),
    "failed": QuestionGold(PIECES, POINTS, 0),
}


def item(name: str) -> Item:
    prediction = {"answer": ANSWER, "abstained": name == "abstained", "citations": []}
    if name == "failed":
        return Item(name, "digests", "a", "", "test", Unscored("gone"))
    return Item(name, "digests", "a", "", "test", Score({}, ""), prediction)


def test_only_answers_that_should_make_points_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [Sample(name, "digests", "a", "Why?", gold) for name, gold in SAMPLES.items()]
    task = type("Here", (), {"samples": lambda world: samples, "scorer": TASK.scorer})
    monkeypatch.setattr(judging, "load_task", lambda name: task)
    one, scripted = judge([GOOD], repeats=2)
    before = tuple(item(name) for name in (*SAMPLES, "unknown"))
    world: Any = Nowhere()

    record = judged(Record(Header(), {("answering", "model"): before}), world, one)

    after = dict(zip((*SAMPLES, "unknown"), record.of("answering", "model"), strict=True))
    assert [name for name, now in after.items() if now != item(name)] == ["q", "abstained"]
    # q: points 1 and 2 of 3, twice; an abstention makes no point, and nobody is asked
    for name, share in (("q", 2 / 3), ("abstained", 0.0)):
        score = after[name].score
        assert isinstance(score, Score) and score.values["judged"] == score.values["judged 2"] == share
    assert len(scripted.asked) == 2
    settings = record.header.tasks["answering"].judge
    assert settings["prompts"]["judge"] == PROMPTS.judge.record.hash
    assert (settings["name"], settings["repeats"]) == ("test:judge", 2)
