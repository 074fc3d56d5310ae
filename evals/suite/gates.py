"""Gates: what must hold, read from ``evals/gates.toml``; a gate that can't be checked has not been passed.

A file is tables of task and set, in each of them a metric's name with its bound::

    [answering.digests]
    "citations that resolve" = { at_least = 1.0 }
    "abstained, answerable" = { at_most = 0.12 }
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError, model_validator

from assistant.errors import UsageError
from evals.suite.parts import EVALS

GATES = EVALS / "gates.toml"


class _Bound(BaseModel):
    """One of the two."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one(self) -> _Bound:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give either at_least or at_most")
        return self


class _File(RootModel[dict[str, dict[str, dict[str, _Bound]]]]):
    pass


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one metric of one task over one set, for the system that ships."""

    task: str
    set: str
    metric: str
    bound: float
    """The value that is just good enough."""
    falling: bool
    """Whether the bound is one from above."""

    def holds(self, value: float) -> bool:
        """Whether a value passes; an undefined one does not."""
        return not math.isnan(value) and (value <= self.bound if self.falling else value >= self.bound)

    @property
    def words(self) -> str:
        """The bound in words."""
        return f"{'at most' if self.falling else 'at least'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate, and what was measured."""

    gate: Gate
    value: float
    """NaN where nothing was measured."""

    @property
    def holds(self) -> bool:
        """Whether the gate is passed."""
        return self.gate.holds(self.value)

    @property
    def words(self) -> str:
        """For a message: task, set, metric, value, bound."""
        value = "undefined" if math.isnan(self.value) else f"{self.value:.3f}"
        gate = self.gate
        return f"{gate.task}, {gate.set}: {gate.metric} is {value}, and must be {gate.words}"


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
            for metric, bound in metrics.items():
                falling = bound.at_least is None
                limit = bound.at_most if falling else bound.at_least
                assert limit is not None
                yield Gate(task, name, metric, limit, falling)


def verdicts(gates: Iterable[Gate], measured: Mapping[tuple[str, str], Mapping[str, float]]) -> tuple[Verdict, ...]:
    """Every gate of the tasks and sets that were run.

    Args:
        gates: All gates.
        measured: Values by metric, by task and set, of the system that ships.
    """
    return tuple(
        Verdict(gate, measured[gate.task, gate.set].get(gate.metric, math.nan))
        for gate in gates
        if (gate.task, gate.set) in measured
    )
