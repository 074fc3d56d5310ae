"""The summary of an ingest, for people and for programs."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.presentation.console import progress_bar
from assistant.presentation.safety import one_line, safe
from assistant.work.ingesting import FileReport, FileStatus, IngestReport
from assistant.work.libraries import LibraryReport

_QUIET = frozenset({FileStatus.UNCHANGED})
"""Statuses that are counted, and listed only when asked for."""

_SHOWN_NOTES = 15
"""Notes of the readers shown before the rest is only counted."""

_SHOWN = 40
"""Files listed of one status before the rest is only counted; those that failed are always all listed."""


class RateColumn(ProgressColumn):
    """Tokens a second, once some are embedded."""

    def render(self, task: Task) -> Text:
        """As Rich asks for it."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} tokens/s" if speed else "")


def ingest_bar(console: Console) -> Progress:
    """A bar in tokens with their rate and the time left."""
    return progress_bar(console, RateColumn(), TimeRemainingColumn())


def report_json(report: IngestReport) -> dict[str, Any]:
    """The summary with an entry a file."""
    return {
        "files": [
            {
                "file": entry.name,
                "status": entry.status.value,
                "study": entry.study,
                "passages": entry.passages,
                "words": entry.words,
                "message": entry.message,
                "notes": list(entry.notes),
            }
            for entry in report.files
        ],
        "counts": {status.value: report.count(status) for status in FileStatus},
        "seconds": round(report.seconds, 3),
    }


def render_report(report: IngestReport, console: Console, *, verbose: bool = False) -> None:
    """A table of what was read, what failed with the remedy, and the counts."""
    read = [entry for entry in report.files if entry.status not in (_QUIET | {FileStatus.FAILED}) or verbose]
    read = [entry for entry in read if entry.status is not FileStatus.FAILED]
    if read:
        console.print(_table(read if verbose else read[:_SHOWN]))
        if len(read) > _SHOWN and not verbose:
            console.print(f"… and {len(read) - _SHOWN} more (all with -v)")
    notes = [(entry.name, note) for entry in report.files for note in entry.notes]
    for name, note in notes if verbose else notes[:_SHOWN_NOTES]:
        console.print(f"note  {one_line(name)}: {one_line(note)}", style="dim", soft_wrap=True)
    if len(notes) > _SHOWN_NOTES and not verbose:
        console.print(f"… and {len(notes) - _SHOWN_NOTES} more notes (all with -v)")
    for entry in report.files:
        if entry.status is FileStatus.FAILED:
            console.print(f"not read  {one_line(entry.name)}: {safe(entry.message)}", style="red")
    console.print(_counts(report))


def library_json(report: LibraryReport) -> dict[str, Any]:
    """What became of a reference library's entries."""
    return {
        "matched": [
            {"study": study, "by": match.by.value, "entry": match.entry.label} for study, match in report.matched
        ],
        "changed": list(report.changed),
        "unmatched": [entry.label for entry in report.unmatched],
        "notes": list(report.notes),
    }


def render_library(report: LibraryReport, console: Console) -> None:
    """How many entries met a study, and which did not."""
    found = len(report.matched)
    console.print(f"library: {found} studies matched, metadata of {len(report.changed)} changed")
    for entry in report.unmatched[:_SHOWN]:
        console.print(f"  no study for: {one_line(entry.label, 100)}", style="yellow")
    if len(report.unmatched) > _SHOWN:
        console.print(f"  … and {len(report.unmatched) - _SHOWN} more (all with --json)")
    for note in report.notes:
        console.print(f"note: {safe(note)}", style="yellow")


def _table(entries: list[FileReport]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("study", overflow="fold")
    table.add_column("status")
    table.add_column("words", justify="right")
    table.add_column("passages", justify="right")
    table.add_column("from", overflow="fold")
    for entry in entries:
        counts = (f"{entry.words:,}", f"{entry.passages:,}") if entry.passages or entry.words else ("", "")
        source = one_line(entry.name) + (f" ({safe(entry.message)})" if entry.message else "")
        table.add_row(entry.study or "", entry.status.value, *counts, source)
    return table


def _counts(report: IngestReport) -> str:
    counts = [f"{report.count(status)} {status.value}" for status in FileStatus if report.count(status)]
    return f"{', '.join(counts) or 'no files'} in {report.seconds:.1f} s"
