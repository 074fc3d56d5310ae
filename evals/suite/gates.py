"""Gates: what must hold, read from ``evals/gates.toml``; a value that is undefined has not passed.

A file is tables of task and set, in each of them a metric's name with its bounds::

    [answering.digests]
    "citations that resolve" = { at_least = 1.0 }
    "abstained, answerable" = { at_most = 0.12, within = 0.03 }

``within`` bounds how much worse than the committed baseline the metric may be, over the samples that both scored.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from assistant.errors import UsageError
from evals.suite.parts import EVALS

GATES = EVALS / "gates.toml"


class Kind(StrEnum):
    """What a bound is of."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"
    """How much worse than the baseline it may be."""


class _Bounds(BaseModel):
    """The bounds of one metric."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_least: float | None = None
    at_most: float | None = None
    within: float | None = None


class _File(RootModel[dict[str, dict[str, dict[str, _Bounds]]]]):
    pass


class Measured(NamedTuple):
    """A metric as it was measured on the system that ships."""

    value: float
    """NaN where it is undefined."""
    worse: float | None = None
    """How much worse than the baseline, negative where it is better; None where there is no baseline."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one metric of one task over one set, for the system that ships."""

    task: str
    set: str
    metric: str
    kind: Kind
    bound: float
    """The value that is just good enough."""

    def holds(self, value: float) -> bool:
        """Whether a value, or with ``within`` a loss, passes; an undefined one does not."""
        if math.isnan(value):
            return False
        return value >= self.bound if self.kind is Kind.AT_LEAST else value <= self.bound

    @property
    def words(self) -> str:
        """The bound in words."""
        names = {Kind.AT_LEAST: "at least", Kind.AT_MOST: "at most", Kind.WITHIN: "baseline within"}
        return f"{names[self.kind]} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate, and what was measured."""

    gate: Gate
    value: float
    """The metric, or how much worse than the baseline it is; NaN where it is undefined."""

    @property
    def holds(self) -> bool:
        """Whether the gate is passed."""
        return self.gate.holds(self.value)

    @property
    def words(self) -> str:
        """For a message: task, set, metric, value, bound."""
        gate = self.gate
        value = "undefined" if math.isnan(self.value) else f"{self.value:.3f}"
        worse = " worse than the baseline" if gate.kind is Kind.WITHIN else ""
        bound = f"at most {gate.bound:g}" if gate.kind is Kind.WITHIN else gate.words
        return f"{gate.task}, {gate.set}: {gate.metric} is {value}{worse}, and must be {bound}"


def read_gates(file: Path = GATES) -> tuple[Gate, ...]:
    """The gates of a file.

    Raises:
        UsageError: If it can't be read, or is not as it should be.
    """
    try:
        content = _File.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise UsageError(f"{file} is no file of gates: {error}", remedy="See evals/suite/gates.py.") from error
    return tuple(_gates(content))


def _gates(content: _File) -> Iterator[Gate]:
    for task, sets in content.root.items():
        for name, metrics in sets.items():
            for metric, bounds in metrics.items():
                for kind in Kind:
                    bound = getattr(bounds, kind.value)
                    if bound is not None:
                        yield Gate(task, name, metric, kind, bound)


def verdicts(gates: Iterable[Gate], measured: Mapping[tuple[str, str], Mapping[str, Measured]]) -> tuple[Verdict, ...]:
    """Every gate of the tasks and sets that were run; ``within`` only where there is a baseline.

    Args:
        gates: All gates.
        measured: By metric, by task and set, of the systems that ship.
    """
    found = [
        (gate, measured[gate.task, gate.set].get(gate.metric, Measured(math.nan)))
        for gate in gates
        if (gate.task, gate.set) in measured
    ]
    return tuple(
        Verdict(gate, one.value if gate.kind is not Kind.WITHIN else (one.worse or 0.0))
        for gate, one in found
        if gate.kind is not Kind.WITHIN or one.worse is not None
    )
