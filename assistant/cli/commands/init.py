"""``realist init``: makes a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.session import Session
from assistant.settings.project import init_project

SUMMARY = "Make a folder a project."
EXAMPLES = """\b
Examples:
  realist init
  realist init reviews/falls
"""


def command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder; made if it is not there.", metavar="DIR")] = Path(),
) -> None:
    """Make a folder a project: realist.toml for settings, .realist/ for the tool's data."""
    session: Session = context.obj
    project, made = init_project(folder)
    if made:
        session.messages.print(f"Made a project in {project.root}. Next: `realist ingest PATH...`")
    else:
        session.messages.print(f"{project.root} is a project already; nothing was changed.")
