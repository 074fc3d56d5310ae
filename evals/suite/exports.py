"""Results for machines and for the page: JSON, JUnit for CI, Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as xml

from evals.answering.judgements import Judgement
from evals.suite.metrics import Interval
from evals.suite.results import Cell, Comparison, Results, Table
from evals.suite.views import judgement_line, with_interval

Json = dict[str, Any]


def results_json(results: Results) -> Json:
    """One object: the header of the run, the tables, the gates."""
    return {
        "run": results.record.header.model_dump(),
        "tables": [_table_json(table) for table in results.tables],
        "gates": [
            {
                "task": one.gate.task,
                "set": one.gate.set,
                "metric": one.gate.metric,
                "bound": one.gate.words,
                "value": _plain(one.value),
                "passed": one.holds,
            }
            for one in results.verdicts
        ],
        "judged": [_judgement_json(one) for one in results.judgements],
        "gated": results.gated,
        "passed": results.passed,
    }


def _judgement_json(one: Judgement) -> Json:
    readings = [_plain(value) for value in one.readings]
    counts = {"answers": one.answers, "unscored": one.unscored}
    return {"system": one.system, "set": one.set, **_interval_json(one.mean), "readings": readings, **counts}


def _table_json(table: Table) -> Json:
    return {
        "task": table.task.name,
        "set": table.set,
        "samples": table.samples,
        "clusters": table.clusters,
        "unscored": dict(table.unscored),
        "committed": list(table.committed),
        "metrics": {
            name: {system: _cell_json(cell) for system, cell in row.items()} for name, row in table.rows.items()
        },
    }


def _cell_json(cell: Cell) -> Json:
    moved = {"change": _interval_json(cell.change)} if cell.change else {}
    return {**_interval_json(cell.value), "n": cell.count, **moved}


def _interval_json(one: Interval) -> Json:
    return {"value": _plain(one.value), "low": _plain(one.low), "high": _plain(one.high)}


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def comparison_json(one: Comparison) -> Json:
    """One metric of two records."""
    return {
        "task": one.task,
        "set": one.set,
        "system": one.system,
        "metric": one.metric.name,
        "first": _interval_json(one.first),
        "second": _interval_json(one.second),
        "change": _interval_json(one.change),
        "verdict": one.verdict,
    }


def junit(results: Results) -> str:
    """A JUnit file: a suite a task and set, a case a gate; where no gate applies, one skipped case."""
    root = xml.Element("testsuites", name="realist eval")
    for table in results.tables:
        own = [one for one in results.verdicts if (one.gate.task, one.gate.set) == (table.task.name, table.set)]
        failures = sum(not one.holds for one in own)
        name = f"{table.task.name}.{table.set}"
        suite = xml.SubElement(
            root, "testsuite", name=name, tests=str(max(1, len(own))), failures=str(failures), skipped=str(int(not own))
        )
        for one in own:
            case = xml.SubElement(suite, "testcase", classname=name, name=f"{one.gate.metric} {one.gate.words}")
            if not one.holds:
                xml.SubElement(case, "failure", message=one.words)
        if not own:
            xml.SubElement(xml.SubElement(suite, "testcase", classname=name, name="no gate applies"), "skipped")
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def markdown(results: Results) -> str:
    """A summary for CI's page: every table, then what failed."""
    parts = [line for table in results.tables for line in (*table_lines(table), "")]
    judged = [f"{judgement_line(one)}\n" for one in results.judgements]
    failed = [f"- gate failed: {one.words}" for one in results.verdicts if not one.holds]
    passed = f"{len(results.verdicts) - len(failed)} of {len(results.verdicts)} gates passed."
    return "\n".join([*parts, *judged, *failed, passed]) + "\n"


def table_lines(table: Table) -> Iterator[str]:
    """One table: a row a metric, a column a system, and the change of what was run against the baseline."""
    yield f"### {table.task.name}, {table.set} ({table.samples} samples)"
    yield ""
    heads = [head for name in table.systems for head in _heads(table, name)]
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(heads)}"
    for metric, row in table.rows.items():
        cells = [text for name in table.systems for text in _cells(table, name, row.get(name))]
        yield f"| {metric} | {' | '.join(cells)} |"
    if table.unscored:
        yield ""
        yield from (f"Unscored: {count}, {reason}" for reason, count in table.unscored.items())


def _heads(table: Table, name: str) -> Sequence[str]:
    return (name, "change") if name in table.run else (f"{name} (committed)",)


def _cells(table: Table, name: str, cell: Cell | None) -> Iterator[str]:
    yield with_interval(cell.value) if cell else "–"
    if name in table.run:
        yield with_interval(cell.change, signed=True) if cell and cell.change else ""
