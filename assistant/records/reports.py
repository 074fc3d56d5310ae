"""Past runs, read back from their folders: what was asked, how far it came, what it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.engines.model.records import CallRecord
from assistant.engines.model.tally import Tally
from assistant.errors import UsageError
from assistant.records.calls import read_calls
from assistant.records.lines import read_lines
from assistant.records.runs import JOURNAL, RunEntry, list_runs, read_header

LAST = "last"
"""Names the newest run."""


@dataclass(frozen=True)
class RunReport:
    """One run; its files are read when asked for, and never changed."""

    entry: RunEntry
    """Where it lies, and how it began."""

    @property
    def name(self) -> str:
        """As it is called by."""
        return self.entry.folder.name

    @cached_property
    def header(self) -> Mapping[str, Any]:
        """What was asked."""
        return read_header(self.entry.folder)

    @cached_property
    def items(self) -> Mapping[str, Mapping[str, Any]]:
        """What is finished: studies or questions, the last state of each."""
        return {item["item"]: item for item in read_lines(self.entry.folder / JOURNAL)}

    @cached_property
    def calls(self) -> tuple[CallRecord, ...]:
        """Pieces of work for a chat model, in the order in which they finished."""
        return tuple(read_calls(self.entry.folder))

    @property
    def wanted(self) -> int:
        """How many studies or questions it is about; 0 where that is not known beforehand."""
        about = self.header.get("questions") if self.entry.kind == "ask" else self.header.get("studies")
        return len(about or ())

    @cached_property
    def tally(self) -> Tally:
        """What its calls came to, over all the times that it went on."""
        tally = Tally()
        for call in self.calls:
            tally.add(call.reply)
        return tally

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What failed and was not mended by the run itself."""
        parts = [f"{item}: {reason}" for done in self.items.values() for item, reason in done.get("parts", ())]
        whole = [
            f"{done.get('id') or name}: {done['problem']}" for name, done in self.items.items() if done.get("problem")
        ]
        return (*parts, *whole)


def reports(runs: Path) -> list[RunReport]:
    """All runs, oldest first."""
    return [RunReport(entry) for entry in list_runs(runs)]


def report_of(runs: Path, name: str) -> RunReport:
    """The run that ``name`` begins the name of, or the newest for ``last``.

    Raises:
        UsageError: If there is none, or more than one.
    """
    known = reports(runs)
    found = known[-1:] if name == LAST else [one for one in known if one.name.startswith(name)]
    if len(found) != 1:
        what = f"{len(found)} runs begin with {name}" if found else f"no run is called {name}"
        raise UsageError(what, remedy="`realist logs` lists the runs; `last` is the newest.")
    return found[0]
