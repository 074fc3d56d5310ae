from __future__ import annotations

import io
import math
from typing import Any
from xml.etree import ElementTree as xml

import pytest
from rich.console import Console

from assistant.domain.spans import Span
from assistant.errors import UsageError
from evals.suite import results, showing
from evals.suite.exports import junit, markdown, results_json
from evals.suite.facing import Excerpt, Facing, Marked, excerpt, render_facing, side_by_side
from evals.suite.gates import Gate, Kind
from evals.suite.metrics import Interval
from evals.suite.records import Header, Record, TaskHeader
from evals.suite.results import Results, compared, summed_up
from evals.suite.showing import shown_items
from evals.suite.views import number, render_comparisons, render_results, with_interval

from .making import TASK, item, unscored

GATES = (
    Gate("safety", "digests", "right", Kind.AT_LEAST, 0.75),
    Gate("safety", "digests", "undefined", Kind.AT_MOST, 0.0),
)


@pytest.fixture(autouse=True)
def _doubling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "load_task", lambda name: TASK)
    monkeypatch.setattr(showing, "load_task", lambda name: TASK)


def record(*right: float, system: str = "doubling") -> Record:
    items = tuple(item(f"digests/{at}", str(at), right=value) for at, value in enumerate(right, 1))
    return Record(Header(options={"split": "test", "limit": None}), {("safety", system): (*items, unscored("u"))})


def found(*right: float) -> Results:
    before = record(1.0, 1.0)
    both = {**before.items, ("safety", "constant"): record(0.0, 0.0).of("safety", "doubling")}
    return summed_up(record(*right), GATES, lambda task: Record(before.header, both))


def printed(render: Any, *arguments: Any) -> str:
    console = Console(file=io.StringIO(), width=100, markup=False, highlight=False)
    render(*arguments, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (math.nan, "–"),
        (0.5, "0.50"),
        (0.0512, "0.051"),
        (0.0003, "0.0003"),
        (0.999, "0.999"),
        (1.0, "1.00"),
        (1234.5, "1,234"),
    ],
)
def test_numbers_are_short_and_never_round_to_perfect(value: float, shown: str) -> None:
    assert number(value) == shown


def test_intervals_are_shown_where_they_have_bounds() -> None:
    assert with_interval(Interval(0.5, 0.25, 0.75)) == "0.50 (0.25–0.75)"
    assert with_interval(Interval(0.5, math.nan, math.nan)) == "0.50"
    assert with_interval(Interval(0.1, -0.05, 0.2), signed=True) == "+0.10 (-0.05 to +0.20)"


def test_the_terminal_shows_values_changes_gates_and_what_stands_beside() -> None:
    shown = printed(render_results, found(1.0, 0.0))
    # 0.5 against 1.0: 0.5 lost
    assert "0.50 (0.00–1.00)" in shown and "-0.50 (-1.00 to +0.00)" in shown
    assert "constant*" in shown and "unscored: 1, no text" in shown
    assert "gate failed: safety, digests: right is 0.500, and must be at least 0.75" in shown
    assert "right is" in shown and "undefined is undefined" in shown and "0 of 2 gates passed" in shown


def test_another_gold_than_the_baselines_is_said() -> None:
    header = Header(tasks={"safety": TaskHeader(gold={"a.jsonl": "0"})}, options={"split": "test", "limit": None})
    regraded = summed_up(Record(header, record(1.0).items), (), lambda task: record(1.0))
    assert "the gold is another" in printed(render_results, regraded)
    assert "the gold is another" not in printed(render_results, found(1.0, 0.0))


def test_json_has_everything_and_no_nan() -> None:
    made = results_json(found(1.0, 0.0))
    assert made["passed"] is False and made["gated"] is True
    assert made["tables"][0]["metrics"]["right"]["doubling"]["change"]["value"] == -0.5
    assert made["tables"][0]["committed"] == ["constant"]
    assert made["gates"][1]["value"] is None


def test_junit_has_a_case_a_gate_and_a_failure_each_that_failed() -> None:
    root = xml.fromstring(junit(found(1.0, 1.0)))
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("safety.digests", "2", "1")
    assert [case.find("failure") is None for case in suite] == [True, False]
    (bare,) = xml.fromstring(junit(summed_up(record(1.0), (), lambda task: None)))
    assert bare.get("skipped") == "1" and bare[0].find("skipped") is not None


def test_markdown_is_tables_and_what_failed() -> None:
    lines = markdown(found(1.0, 0.0)).splitlines()
    assert lines[0] == "### safety, digests (3 samples)"
    assert lines[2] == "| | doubling | change | constant (committed) |"
    assert lines[4] == "| right | 0.50 (0.00–1.00) | -0.50 (-1.00 to +0.00) | 0.00 (0.00–0.00) |"
    assert lines[-1] == "0 of 2 gates passed."


def test_a_comparison_says_which_way_it_went() -> None:
    (one,) = compared(record(0.0, 0.0, 0.0), record(1.0, 1.0, 1.0))
    assert one.verdict == "better"
    shown = printed(render_comparisons, [one])
    assert "+1.00 (+1.00 to +1.00)" in shown and "better" in shown
    (one,) = compared(record(1.0, 1.0), record(0.0, 0.0))
    assert one.verdict == "worse"


def test_an_excerpt_keeps_the_marks_that_fall_into_it() -> None:
    made = excerpt("0123456789", Span(2, 8), [(Span(0, 4), "context"), (Span(3, 6), "outcome"), (Span(9, 10), "other")])
    # 0-4 is cut to 2-4; 3-6 begins after it; 9-10 lies outside
    assert made.text == "234567"
    assert made.marks == (Marked(0, 2, "context"), Marked(2, 4, "outcome"))


def test_gold_and_prediction_stand_side_by_side_with_their_marks() -> None:
    left = excerpt("Nurses rested.", Span(0, 14), [(Span(7, 13), "outcome")], "c1 finding")
    facing = Facing("why?", side_by_side([left], [Excerpt("slept \x1b[2J"), Excerpt("more")]))
    shown = printed(lambda console: render_facing(item("digests/1", recall=0.5), facing, console))
    assert "Nurses [outcome: rested]." in shown and "c1 finding" in shown
    assert "\x1b" not in shown and "more" in shown and "recall 0.5" in shown
    lost = printed(lambda console: render_facing(unscored("u"), facing, console))
    assert "unscored: no text" in lost


def test_an_item_is_found_by_the_end_of_its_id() -> None:
    world: Any = None
    ran = Record(Header(), {("safety", "doubling"): (item("digests/1", right=1.0), unscored("digests/2"))})
    ((one, facing),) = shown_items(Record(Header(), {("safety", "doubling"): (item("digests/1"),)}), "1", world)
    assert one.id == "digests/1" and facing.question == "twice?"
    with pytest.raises(UsageError, match=r"no item 'digests/7'.*digests/1"):
        list(shown_items(ran, "digests/7", world))
    with pytest.raises(UsageError, match="no prediction"):
        list(shown_items(ran, "2", world))
    elsewhere = Record(Header(), {("safety", "doubling"): (item("studies/1"),)})
    with pytest.raises(UsageError, match="not at hand"):
        list(shown_items(elsewhere, "studies/1", world))
