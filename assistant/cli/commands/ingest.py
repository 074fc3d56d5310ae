"""``realist ingest``: reads studies into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import Session

if TYPE_CHECKING:
    from assistant.readers.libraries import Library
    from assistant.work.discovery import Discovery
    from assistant.work.ingesting import IngestReport
    from assistant.work.libraries import LibraryReport

SUMMARY = "Read studies into the store."
EXAMPLES = """\b
Examples:
  realist ingest studies/
  realist ingest 'papers/*.nxml' notes.md
  realist ingest studies/ --prune
  realist ingest studies/ --library references.ris

Exit code 4: done, but some files could not be read.
"""


def command(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or patterns.", metavar="PATH...")],
    prune: Annotated[bool, typer.Option("--prune", help="Drop studies whose file is gone.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Empty the store first; needed when readers or encoder changed.")
    ] = False,
    library: Annotated[
        Path | None,
        typer.Option(
            help="RIS, BibTeX or CSV whose entries give the metadata, matched by DOI, file name or title.",
            metavar="FILE",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON object.")] = False,
) -> int:
    """Read studies, cut them into passages and embed them. Unchanged files are not read again."""
    from assistant.presentation.console import print_json
    from assistant.presentation.ingest import library_json, render_library, render_report, report_json
    from assistant.readers.libraries import load_library
    from assistant.work.discovery import discover

    session: Session = context.obj
    references = load_library(library) if library else None
    discovery = discover(paths)
    report = ingest(session, discovery, prune=prune, rebuild=rebuild)
    completed = complete(session, references) if references else None
    if as_json:
        print_json(report_json(report) | ({"library": library_json(completed)} if completed else {}))
    else:
        render_report(report, session.out, verbose=session.verbosity > 0)
        if discovery.passed_over and session.verbosity >= 0:
            names = ", ".join(path.name for path in discovery.passed_over[:5])
            more = len(discovery.passed_over) - 5
            session.messages.print(
                f"Passed over {len(discovery.passed_over)} files that are no studies by their endings: "
                f"{names}{f' and {more} more' if more > 0 else ''}. Name a file itself to have it tried."
            )
        if completed:
            render_library(completed, session.out)
    return 4 if report.failed else 0


def complete(session: Session, library: Library) -> LibraryReport:
    """Completes the metadata of all studies that have an entry in ``library``."""
    from assistant.work.libraries import apply_library

    with session.store(write=True) as store:
        return apply_library(store, session.metadata_edits, library)


def ingest(session: Session, discovery: Discovery, *, prune: bool = False, rebuild: bool = False) -> IngestReport:
    """Ingests what was found, with a progress bar on a terminal."""
    from assistant.presentation.ingest import ingest_bar
    from assistant.presentation.safety import one_line
    from assistant.work.ingesting import Ingest, IngestOptions
    from assistant.work.progress import Progress

    options = IngestOptions(session.project.root, session.chunk_size, session.reading_limits, prune)
    with session.store(write=True, rebuild=rebuild) as store, ingest_bar(session.messages) as bar:
        task = bar.add_task("reading")

        def show(progress: Progress) -> None:
            name = one_line(Path(progress.file).name, 40)
            bar.update(task, description=name, completed=progress.done_tokens, total=progress.all_tokens)

        return Ingest(store, session.metadata_edits, session.indexer, options, show).run(discovery)
