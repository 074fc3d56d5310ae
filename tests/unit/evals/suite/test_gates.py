from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant.errors import UsageError
from evals.suite.gates import Gate, Kind, Measured, read_gates, verdicts
from evals.suite.runs import TASKS, load_task


def test_bounds_hold_at_the_bound_and_not_beyond() -> None:
    least, most = (Gate("t", "s", "m", kind, 0.5) for kind in (Kind.AT_LEAST, Kind.AT_MOST))
    assert least.holds(0.5) and not least.holds(0.49)
    assert most.holds(0.5) and not most.holds(0.51)
    assert not least.holds(math.nan) and not most.holds(math.nan)


def test_a_gate_on_what_was_not_measured_fails_and_on_what_was_not_run_is_left_out() -> None:
    gates = [Gate("t", "s", "gone", Kind.AT_LEAST, 0.0), Gate("t", "other", "m", Kind.AT_LEAST, 0.0)]
    (found,) = verdicts(gates, {("t", "s"): {"m": Measured(1.0)}})
    assert not found.holds and "undefined" in found.words


def test_within_is_about_the_loss_and_waits_for_a_baseline() -> None:
    gate = Gate("t", "s", "m", Kind.WITHIN, 0.03)
    assert verdicts([gate], {("t", "s"): {"m": Measured(0.5)}}) == ()
    better, same, worse = (
        verdicts([gate], {("t", "s"): {"m": Measured(0.5, loss)}})[0].holds for loss in (-0.2, 0.03, 0.04)
    )
    assert better and same and not worse


def test_a_file_of_gates_is_read(tmp_path: Path) -> None:
    (tmp_path / "g.toml").write_text('[t.s]\n"a, b" = { at_least = 0.5, within = 0.1 }\nc = { at_most = 1 }\n')
    assert [(gate.metric, gate.kind, gate.bound) for gate in read_gates(tmp_path / "g.toml")] == [
        ("a, b", Kind.AT_LEAST, 0.5),
        ("a, b", Kind.WITHIN, 0.1),
        ("c", Kind.AT_MOST, 1.0),
    ]


@pytest.mark.parametrize("text", ["[t.s]\nm = { least = 1 }", "[t.s]\nm = 1", "not toml"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "g.toml").write_text(text)
    with pytest.raises(UsageError, match="no file of gates"):
        read_gates(tmp_path / "g.toml")


def test_every_gate_names_a_task_and_a_metric_that_there_are() -> None:
    tasks = {name: load_task(name) for name in TASKS}
    for gate in read_gates():
        assert gate.metric in {metric.name for metric in tasks[gate.task].metrics}, gate
        assert gate.set in {"digests", "studies", "articles", "hostile"}, gate


def test_every_task_has_a_gate_on_what_ships() -> None:
    guarded = {
        gate.task for gate in read_gates() if gate.set in {"digests", "hostile"} and gate.kind is not Kind.WITHIN
    }
    assert guarded == set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_its_card_and_true_columns(name: str) -> None:
    task = load_task(name)
    assert (task.baseline.parent / "README.md").read_text("utf-8").startswith("# ")
    names = [metric.name for metric in task.metrics]
    assert len(set(names)) == len(names) and set(task.columns) <= set(names)
