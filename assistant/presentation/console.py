"""The two streams: data on stdout, progress and messages on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn

PLAIN_WIDTH = 100
"""Columns where the stream is no terminal."""
_BAR, _SHORT_BAR, _SHORT_NAME = 40, 8, 18
"""Columns of a bar; of one that shares its line with more, and of the name before it."""


def data_console() -> Console:
    """Prints data for people on stdout; no colour into pipes, none with ``NO_COLOR`` or a dumb terminal."""
    return _console(stderr=False)


def message_console(*, quiet: bool = False) -> Console:
    """Prints progress and messages on stderr; nothing when ``quiet``."""
    return _console(stderr=True, quiet=quiet)


def _console(*, stderr: bool, quiet: bool = False) -> Console:
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        stderr=stderr,
        quiet=quiet,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if terminal else PLAIN_WIDTH,
        soft_wrap=stderr and not terminal,
    )


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on stdout, indented."""
    from assistant.presentation.safety import json_text

    sys.stdout.write(json_text(value, indent=2) + "\n")


def print_json_lines(values: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line on stdout, each flushed, so that a reader sees it at once."""
    from assistant.presentation.safety import json_text

    for value in values:
        sys.stdout.write(json_text(value) + "\n")
        sys.stdout.flush()


def progress_bar(console: Console, *more: ProgressColumn) -> Progress:
    """A bar with the share done and the time left; shows only where ``console`` is a terminal.

    Args:
        console: Where to.
        more: Columns to stand at its end in place of the time left; the bar is short beside them.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.table import Column

    # Where more is to be said, a terminal of 80 columns still shows all of it.
    name = Column(no_wrap=True, overflow="ellipsis", max_width=_SHORT_NAME) if more else None
    return Progress(
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(_SHORT_BAR if more else _BAR),
        TaskProgressColumn(),
        *(more or (TimeRemainingColumn(),)),
        console=console,
        transient=True,
        disable=not console.is_terminal or console.quiet,
    )
