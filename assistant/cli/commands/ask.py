"""``realist ask``: one answer with numbered citations, or many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import Session
from assistant.errors import UsageError

if TYPE_CHECKING:
    pass

NAME = "ask"
SUMMARY = "One answer with numbered citations, or many."
EXAMPLES = """\b
Examples:
  realist ask "Why did boundary spanners help?"
  realist ask --json --study marston-2022 "Who took part?"
  realist ask --batch questions.jsonl --jsonl
  (a line each: {"id": "q1", "question": "..."})
"""


def command(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="Quotes are optional.", metavar="QUESTION")] = None,
    study: Annotated[
        list[str] | None, typer.Option("--study", metavar="ID", help="Search this study only; repeatable.")
    ] = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", metavar="N", min=1, max=100, help="Passages given to the engine.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE", help="Questions as JSON lines; - for standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line; with --batch.")] = False,
) -> None:
    """Answer from the studies, each statement with a checked quote; say so where they hold no answer."""
    session: Session = context.obj
    session = session.with_flags(retrieval__top_k=("--top-k", top_k))
    if (batch is None) == (not question):
        raise UsageError("give either a question or --batch FILE", remedy="See `realist ask --help`.")
    from assistant.presentation.answers import render_answer
    from assistant.presentation.console import print_json, print_json_lines
    from assistant.presentation.contracts import answer_json
    from assistant.presentation.safety import one_line

    with session.asker(tuple(study or ())) as asker:
        if batch is not None:
            questions = _read_batch(batch)
            if as_jsonl or as_json:
                print_json_lines(answer_json(asker.ask(text), id) for id, text in questions)
                return
            for id, text in questions:
                session.out.rule(one_line(f"{id}: {text}" if id else text), align="left")
                render_answer(asker.ask(text), asker.labels, session.out)
            return
        answer = asker.ask(" ".join(question or ()))
        if as_json:
            print_json(answer_json(answer))
        elif as_jsonl:
            print_json_lines([answer_json(answer)])
        else:
            render_answer(answer, asker.labels, session.out)


def _read_batch(file: Path) -> list[tuple[str | None, str]]:
    """Ids and questions of a batch; all lines are checked before the first is answered."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read: {error}", remedy="Name a UTF-8 file of JSON lines.") from error
    return list(_parse_batch(text, str(file)))


def _parse_batch(text: str, name: str) -> Iterator[tuple[str | None, str]]:
    import json

    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
            raise UsageError(f"{name}:{number} is no question", remedy='Each line is {"id": "...", "question": "..."}.')
        yield (str(entry["id"]) if "id" in entry else None), entry["question"]
