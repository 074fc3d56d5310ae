"""What a benchmark found, as JSON and as a table; the committed record is the source of the table in the docs."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.files import write_whole

RECORD = Path(__file__).with_name("record.json")
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
GOAL_NUMBERS = (1, 2, 3, 4, 5)
"""Of the goals in the docs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside what it is compared with; lower is better wherever there is a bound."""

    goal: int
    """Number of the goal that it belongs to."""
    what: str
    """What was measured."""
    ours: float
    """The tool's figure."""
    unit: str
    """Of both figures."""
    peer: float | None = None
    """What the same cost with the usual script, or with the least of the same work, in the same run."""
    bound: float | None = None
    """What the share, or without a peer the figure, may be at most."""

    @property
    def share(self) -> float | None:
        """Ours over the peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        return (self.ours if self.share is None else self.share) <= self.bound


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one benchmark, and how they were made."""

    made: dict[str, Any]
    """Machine, load, sizes and rounds, by goal where they differ."""
    rows: tuple[Row, ...]
    """In the order of the goals."""

    def joined(self, other: Record) -> Record:
        """This record with the goals that ``other`` measured in place of its own."""
        again = {row.goal for row in other.rows}
        rows = [row for row in self.rows if row.goal not in again] + list(other.rows)
        return Record({**self.made, **other.made}, tuple(sorted(rows, key=lambda row: row.goal)))


def read_record(path: Path = RECORD) -> Record:
    """The record in ``path``; an empty one where there is none."""
    if not path.exists():
        return Record({}, ())
    raw = json.loads(path.read_text("utf-8"))
    return Record(raw["made"], tuple(Row(**row) for row in raw["rows"]))


def write_record(record: Record, path: Path = RECORD) -> None:
    """Writes the record."""
    body = {"made": record.made, "rows": [asdict(row) for row in record.rows]}
    write_whole(path, json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def table(record: Record) -> str:
    """The rows as a Markdown table, and below it how those of each goal were made."""
    lines = ["| goal | what | tool | peer | share | at most | met |", "|---|---|---|---|---|---|---|"]
    lines += [_line(row) for row in record.rows]
    lines += ["", *(f"- Goal {goal}: {_described(made)}." for goal, made in sorted(record.made.items()))]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    peer = "" if row.peer is None else f"{_shown(row.peer)} {row.unit}"
    cells = (str(row.goal), row.what, f"{_shown(row.ours)} {row.unit}".strip(), peer, _shown(row.share))
    return f"| {' | '.join((*cells, _shown(row.bound), {True: 'yes', False: '**no**', None: ''}[row.met]))} |"


def _shown(value: float | None) -> str:
    """Three digits, four after nines."""
    if value is None:
        return ""
    if 0.99 <= value < 1:
        return f"{value:.5f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _described(made: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in made.items())


def with_table(page: str, record: Record) -> str:
    """The page with its table as the record has it, and the goals named that it has no figures of."""
    missing = [f"- Goal {goal}: not measured yet.\n" for goal in GOAL_NUMBERS if str(goal) not in record.made]
    return with_block(page, "bench", table(record) + "".join(missing))


def with_block(page: str, name: str, shown: str) -> str:
    """The page with ``shown`` between the comments ``name`` and ``end``."""
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    return block.sub(lambda found: found[1] + shown + found[2], page)
