from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import MissingExtra, ModelFailed, UsageError
from evals.suite import results, runs
from evals.suite.corpora import World
from evals.suite.gates import Gate, Kind
from evals.suite.parts import Json, Sample, Score, Unscored
from evals.suite.records import Record
from evals.suite.results import compared, summed_up
from evals.suite.runs import Choice, chosen_systems, load_task, rescore, run, run_system, samples_of

from .making import TASK


class Nowhere:
    """A world without texts."""

    texts: dict[str, Any] = {}  # noqa: RUF012


WORLD: Any = Nowhere()


@pytest.fixture(autouse=True)
def _doubling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "load_task", lambda name: TASK)
    monkeypatch.setattr(results, "load_task", lambda name: TASK)


def ran(*systems: str, **choice: Any) -> Record:
    return run(Choice(("safety",), systems, **choice), WORLD)


def test_the_system_that_ships_runs_unless_another_is_named() -> None:
    assert ran().systems("safety") == ("doubling",)
    assert ran("constant").systems("safety") == ("constant",)
    assert ran("all").systems("safety") == ("doubling", "constant")
    with pytest.raises(UsageError, match="no system called 'tripling'"):
        ran("tripling")


class Model:
    """Takes its time, more for what comes first; can't read 13."""

    settings: Json = {}  # noqa: RUF012
    in_hand = 2
    most = under_way = 0

    def predict(self, sample: Sample) -> Json:
        raise AssertionError("it is awaited")

    async def predicted(self, sample: Sample) -> Json:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.02 / sample.input)
        self.under_way -= 1
        if sample.input == 13:
            raise ModelFailed("no reply")
        return {"said": 2 * sample.input}


def test_a_system_that_waits_has_several_samples_in_hand_and_keeps_their_order() -> None:
    system, done = Model(), list[int]()
    found = run_system(samples_of(TASK, WORLD, "test", None), system, TASK.scorer(WORLD), done.append)
    assert [item.id for item in found] == ["digests/1", "digests/2", "digests/13"] and done == [1, 2, 3]
    assert system.most == 2 and [item.prediction for item in found] == [{"said": 2}, {"said": 4}, None]
    assert found[2].score == Unscored("ModelFailed: no reply")


def test_what_asks_a_chat_model_runs_only_where_it_is_named() -> None:
    task = replace(TASK, systems={**TASK.systems, "model": lambda world: Model()})
    assert chosen_systems(task, ()) == ("doubling",)
    assert chosen_systems(task, ("all",)) == ("doubling", "constant")
    assert chosen_systems(task, ("all", "model")) == ("doubling", "constant", "model")
    assert chosen_systems(task, ("model",)) == ("model",)


def test_a_run_without_a_chat_model_asks_none() -> None:
    nothing: Any = None
    with pytest.raises(UsageError, match="no chat model"):
        World({}, nothing, Path()).asked()


def test_the_record_says_which_chat_model_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Chatting(Nowhere):
        def asked(self) -> Any:
            return SimpleNamespace(settings={"name": "test:model"})

    world: Any = Chatting()
    task = replace(TASK, systems={**TASK.systems, "model": lambda world: Model()})
    monkeypatch.setattr(runs, "load_task", lambda name: task)
    assert run(Choice(("safety",), ("model",)), world).header.chat == {"name": "test:model"}
    assert run(Choice(("safety",)), world).header.chat == {}


def test_what_fails_is_unscored_and_the_rest_goes_on() -> None:
    one, two, thirteen = ran().of("safety", "doubling")
    assert isinstance(one.score, Score) and one.score.values["right"] == 1.0
    assert isinstance(two.score, Score) and two.prediction == {"said": 4}
    assert isinstance(thirteen.score, Unscored) and "thirteen can't be read" in thirteen.score.reason


def test_splits_and_limits_choose_samples() -> None:
    assert [item.id for item in ran(split="dev").of("safety", "doubling")] == ["digests/9"]
    # of three samples the first two of three equal parts: 0 * 3 // 2 and 1 * 3 // 2
    assert [item.id for item in ran(limit=2).of("safety", "doubling")] == ["digests/1", "digests/2"]


def test_a_record_is_scored_again_without_any_system() -> None:
    record = ran("constant")
    again = rescore(record, WORLD)
    assert again.items == record.items
    assert all(
        isinstance(item.score, Unscored) for item in rescore(record.scores_only(), WORLD).of("safety", "constant")
    )


def test_an_item_whose_sample_is_not_at_hand_becomes_unscored(monkeypatch: pytest.MonkeyPatch) -> None:
    record = ran()
    monkeypatch.setattr(runs, "load_task", lambda name: replace(TASK, samples=lambda world: iter(())))
    assert all(isinstance(item.score, Unscored) for item in rescore(record, WORLD).of("safety", "doubling"))


def test_results_hold_rows_changes_and_reasons() -> None:
    before, now = ran("constant"), ran("doubling")
    found = summed_up(now, (), lambda task: before)
    (table,) = found.tables
    # doubling: 1 and 2 right, 13 unscored; constant: only 2 right; 13 is scored by constant alone
    assert table.rows["right"]["doubling"].value.value == 1.0
    assert "undefined" not in table.rows
    assert table.unscored == {"ReadingError: thirteen can't be read": 1}
    assert table.run == ("doubling",) and table.committed == ("constant",)
    # constant on 1, 2 and 13: 1 of 3
    assert table.rows["right"]["constant"].value.value == pytest.approx(1 / 3)
    assert table.rows["right"]["doubling"].change is None


def test_gates_see_the_value_and_the_loss() -> None:
    gates = [
        Gate("safety", "digests", "right", Kind.AT_LEAST, 1.0),
        Gate("safety", "digests", "right", Kind.WITHIN, 0.1),
    ]
    good = summed_up(ran(), gates, lambda task: None)
    assert good.passed and len(good.verdicts) == 1
    spoilt = Record(ran().header, {("safety", "doubling"): ran("constant").of("safety", "constant")})
    bad = summed_up(spoilt, gates, lambda task: ran())
    # of the shared items 1 and 2 the baseline has both right, the spoilt one of two: 0.5 worse
    assert [round(one.value, 3) for one in bad.verdicts] == [0.333, 0.5]
    assert not bad.passed and not any(one.holds for one in bad.verdicts)


def test_no_gate_is_held_against_a_part_of_the_samples() -> None:
    gates = [Gate("safety", "digests", "right", Kind.AT_LEAST, 2.0)]
    assert not summed_up(ran(), gates, lambda task: None).passed
    for part in (ran(limit=1), ran(split="dev")):
        found = summed_up(part, gates, lambda task: None)
        assert found.passed and not found.gated


def test_two_records_are_compared_over_what_both_scored() -> None:
    (one,) = compared(ran("constant"), ran("doubling"))
    # over 1 and 2: 1 of 2, then 2 of 2
    assert (one.first.value, one.second.value, one.change.value) == (0.5, 1.0, 0.5)
    assert one.system == "constant → doubling"
    # a draw of the two clusters that holds 1 twice rises by 1, 2 twice by 0: the interval holds 0
    assert one.verdict == "no difference"


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"realist-assistant\[eval\]"):
        load_task("retrieval")


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(UsageError, match="Tasks are reading"):
        load_task("singing")
