"""``realist demo``: the main job on the shipped corpus, in a project that is thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.session import Session

SUMMARY = "A tour on the shipped corpus."
EXAMPLES = """\b
Examples:
  realist demo
  realist demo --keep my-demo && cd my-demo && realist chat
"""
QUESTIONS = (
    "Why did some clinicians resist top-down leadership?",
    "How many interviews were held?",
    "Did co-production shorten waiting times?",
)
"""One to explain, one for a figure, and one that the digests do not answer."""
STUDY = "rycroft-malone-2016"


def command(
    context: typer.Context,
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Keep the project in this folder.")] = None,
) -> None:
    """Read five digests, answer questions with citations, draft configurations: a two-minute tour."""
    session: Session = context.obj
    if keep is not None:
        _tour(session, keep)
        return
    with tempfile.TemporaryDirectory(prefix="realist-demo-", ignore_cleanup_errors=True) as folder:
        _tour(session, Path(folder))


def _tour(session: Session, folder: Path) -> None:
    from assistant.cli.commands.ingest import ingest
    from assistant.cli.extraction import Extracting
    from assistant.presentation.answers import render_answer
    from assistant.presentation.candidates import render_candidate, render_counts, strongest
    from assistant.presentation.ingest import render_report
    from assistant.settings.project import init_project
    from assistant.shipped import shipped
    from assistant.work.discovery import discover

    out = session.out
    project, _ = init_project(folder)
    demo = Session(project.root, session.verbosity)
    _step(session, 1, "Studies are read, cut into passages and embedded", "realist ingest corpus/")
    render_report(ingest(demo, discover([shipped("corpus")])), out)
    with demo.asker(()) as asker:
        for number, question in enumerate(QUESTIONS, 2):
            _step(session, number, question, f'realist ask "{question}"')
            render_answer(asker.ask(question), asker.labels, out)
    _step(session, 2 + len(QUESTIONS), "Candidate configurations of one study", f"realist extract {STUDY} --top 3")
    extracted = Extracting(demo, [STUDY]).results()
    candidates = [candidate for found in extracted for candidate in found.candidates]
    for number, candidate in enumerate(strongest(candidates, 3), 1):
        render_candidate(candidate, out, number=number)
    render_counts(candidates, out)
    out.print("\nEvery quote above was checked against its study's stored text. On your own studies:", style="bold")
    out.print("  realist init my-review && cd my-review\n  realist ingest PATH/TO/STUDIES\n  realist chat")


def _step(session: Session, number: int, title: str, typed: str) -> None:
    session.out.print(f"\n{number}. {title}", style="bold underline")
    session.out.print(f"   $ {typed}\n", style="dim")
