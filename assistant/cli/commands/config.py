"""``realist config``: effective settings, and where each came from."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.session import Session

SUMMARY = "Effective settings and their origins."
EXAMPLES = """\b
Examples:
  realist config
  REALIST_RETRIEVAL_TOP_K=12 realist config --json
"""


def command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Print every setting with its value, where the value came from, and what it means."""
    from assistant.presentation.console import print_json
    from assistant.settings.schema import meanings as meanings_of_keys

    session: Session = context.obj
    effective = session.effective
    values = {
        f"{section}.{name}": value
        for section, entries in effective.settings.model_dump().items()
        for name, value in entries.items()
    }
    meanings = meanings_of_keys()
    if as_json:
        settings = {
            key: {"value": values[key], "origin": effective.origins[key], "meaning": meanings[key]} for key in meanings
        }
        print_json({"project": str(session.project.root), "settings": settings})
        return
    from rich.table import Table

    from assistant.presentation.safety import one_line

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("setting", "value", "from", "meaning"):
        table.add_column(heading)
    for key, meaning in meanings.items():
        table.add_row(key, one_line(str(values[key])), effective.origins[key], meaning)
    session.out.print(f"Project {session.project.root}\n")
    session.out.print(table)
