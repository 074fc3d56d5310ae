"""``realist ask``: one answer with numbered citations, or many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.asking import Asked, Asking
from assistant.cli.options import EngineFlag
from assistant.cli.session import Session
from assistant.cli.spending import EstimateFlag, MaxCalls, MaxCost, NoCache, Spending, print_estimate
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.domain.answers import Answer

SUMMARY = "One answer with numbered citations, or many."
EXAMPLES = """\b
Examples:
  realist ask "Why did boundary spanners help?"
  realist ask --json --study marston-2022 "Who took part?"
  realist ask --batch questions.jsonl --jsonl
  (a line each: {"id": "q1", "question": "..."})
  realist ask --batch questions.jsonl --estimate

Exit code 4: done, but some questions of a batch could not be answered.
"""


def command(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="Quotes are optional.", metavar="QUESTION")] = None,
    study: Annotated[
        list[str] | None, typer.Option("--study", metavar="ID", help="Search this study only; repeatable.")
    ] = None,
    engine: EngineFlag = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", metavar="N", min=1, max=100, help="Passages given to the engine.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE", help="Questions as JSON lines; - for standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line; with --batch.")] = False,
    estimate: EstimateFlag = False,
    max_calls: MaxCalls = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
) -> int:
    """Answer from the studies, each statement with a checked quote; say so where they hold no answer."""
    session: Session = context.obj
    session = session.with_flags(retrieval__top_k=("--top-k", top_k), answer__engine=("--engine", engine))
    if (batch is None) == (not question):
        raise UsageError("give either a question or --batch FILE", remedy="See `realist ask --help`.")
    from assistant.presentation.console import print_json, print_json_lines
    from assistant.presentation.contracts import answer_json
    from assistant.presentation.safety import one_line

    questions = _read_batch(batch) if batch is not None else [(None, " ".join(question or ()))]
    asking = Asking(session, questions, tuple(study or ()), Spending(max_calls, max_cost, use_cache=not no_cache))
    if estimate:
        print_estimate(asking.estimate(), session, as_json=as_json or as_jsonl)
        return 0
    failed: list[Asked] = []
    with asking.answers() as (asker, results):

        def answered() -> Iterator[tuple[str | None, Answer]]:
            for asked in results:
                if asked.answer is not None:
                    yield asked.id, asked.answer
                elif batch is None and asked.problem:
                    raise asked.problem
                else:
                    failed.append(asked)

        if as_jsonl or (as_json and batch is not None):
            print_json_lines(answer_json(answer, id) for id, answer in answered())
        elif as_json:
            for _, answer in answered():
                print_json(answer_json(answer))
        else:
            from assistant.presentation.answers import render_answer

            for id, answer in answered():
                if batch is not None:
                    text = answer.question.text
                    session.out.rule(one_line(f"{id}: {text}" if id else text), align="left")
                render_answer(answer, asker.labels, session.out)
    for asked in failed:
        session.messages.print(f"not answered  {one_line(f'{asked.id or asked.text}: {asked.problem}')}", style="red")
    if asking.stopped:
        raise asking.stopped
    return 4 if failed else 0


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
