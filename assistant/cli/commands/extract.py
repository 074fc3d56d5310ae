"""``realist extract``: candidate configurations over the corpus or some studies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import EngineFlag
from assistant.cli.session import Session
from assistant.cli.spending import EstimateFlag, MaxCalls, MaxCost, NoCache, Spending, print_estimate
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.domain.cmo import CmoConfiguration, Level

SUMMARY = "Draft candidate configurations."
EXAMPLES = """\b
Examples:
  realist extract
  realist extract marston-2022 --min-confidence 0.6
  realist extract --complete --level finding
  realist extract --jsonl -o candidates.jsonl
  realist extract --estimate
  realist extract --max-cost 5
  realist extract --retry-failed

A killed run goes on where it was when the command is repeated. Exit code 4: done, but some
candidates are quarantined, or a study or a part of one could not be drafted.
"""


def command(
    context: typer.Context,
    studies: Annotated[list[str] | None, typer.Argument(help="Ids; all studies if none.", metavar="[ID...]")] = None,
    study: Annotated[list[str] | None, typer.Option("--study", metavar="ID", help="The same, repeatable.")] = None,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a candidate.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="JSON lines to this file.")
    ] = None,
    engine: EngineFlag = None,
    min_confidence: Annotated[
        float | None, typer.Option("--min-confidence", metavar="P", min=0.0, max=1.0, help="Leave out those below it.")
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="NAME", help="Only finding, quote, hypothesis or background; repeatable."),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Only those that state context, mechanism and outcome.")
    ] = False,
    group: Annotated[
        bool, typer.Option("--group/--no-group", help="One candidate a claim, or one each time it is stated.")
    ] = True,
    top: Annotated[
        int, typer.Option("--top", metavar="N", min=1, help="Candidates shown for each study on the terminal.")
    ] = 5,
    fresh: Annotated[bool, typer.Option("--fresh", help="Do not go on with an unfinished run.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Take the last run up again and do anew what failed in it.")
    ] = False,
    estimate: EstimateFlag = False,
    max_calls: MaxCalls = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
) -> int:
    """Draft candidate context-mechanism-outcome configurations, every quote located in its study."""
    from assistant.cli.extraction import Extracting, Going
    from assistant.domain.cmo import CandidateStatus
    from assistant.presentation.candidates import render_candidate, render_counts, strongest
    from assistant.presentation.console import print_json_lines
    from assistant.presentation.contracts import candidate_json
    from assistant.presentation.safety import safe
    from assistant.work.selecting import Selection

    session: Session = context.obj
    session = session.with_flags(
        extract__min_confidence=("--min-confidence", min_confidence), answer__engine=("--engine", engine)
    )
    floor = session.effective.settings.extract.min_confidence
    selection = Selection(floor, frozenset(map(_level, level or [])), complete, group)
    wanted = [*(studies or []), *(study or [])]
    spending = Spending(max_calls, max_cost, use_cache=not no_cache)
    extracting = Extracting(session, wanted, Going(fresh, retry_failed, spending))
    if estimate:
        print_estimate(extracting.estimate(), session, as_json=as_jsonl)
        return 0
    everything: list[CmoConfiguration] = []
    failed: list[str] = []

    def kept() -> Iterator[CmoConfiguration]:
        for extracted in extracting.results():
            if extracted.problem:
                failed.append(f"{extracted.study}: {extracted.problem}")
            failed.extend(f"{part.item}: {part.reason}" for part in extracted.parts)
            everything.extend(extracted.candidates)
            yield from selection.of(extracted.candidates)

    if output is not None:
        written = _write_lines(output, (candidate_json(candidate) for candidate in kept()))
        session.messages.print(f"Wrote {written} candidates to {output}.")
    elif as_jsonl:
        print_json_lines(candidate_json(candidate) for candidate in kept())
    else:
        found = list(kept())
        for name in dict.fromkeys(candidate.study for candidate in found):
            own = [candidate for candidate in found if candidate.study == name]
            session.out.print(
                f"{name}: {len(own)} candidates; the {min(top, len(own))} surest\n", style="bold underline"
            )
            for number, candidate in enumerate(strongest(own, top), 1):
                render_candidate(candidate, session.out, number=number)
        render_counts(found, session.out)
    quarantined = sum(candidate.status is CandidateStatus.QUARANTINED for candidate in everything)
    if quarantined:
        session.messages.print(f"{quarantined} candidates are quarantined: a quote does not stand in its study.")
    for problem in failed:
        session.messages.print(f"not extracted  {safe(problem)}", style="red")
    if failed and session.asks_model:
        session.messages.print("The same command with --retry-failed asks for these, and only these, anew.")
    if extracting.stopped:
        raise extracting.stopped
    return 4 if quarantined or failed else 0


def _level(name: str) -> Level:
    from assistant.domain.cmo import Level

    try:
        return Level(name)
    except ValueError as error:
        raise UsageError(f"{name} is no level", remedy=f"Name one of {', '.join(Level)}.") from error


def _write_lines(file: Path, lines: Iterator[dict[str, object]]) -> int:
    """Writes JSON lines so that the file is whole or as it was; returns how many."""
    from assistant.files import write_whole
    from assistant.presentation.safety import json_text

    text = [json_text(line) + "\n" for line in lines]
    try:
        write_whole(file, "".join(text))
    except OSError as error:
        raise UsageError(
            f"{file} can't be written: {error.strerror or error}",
            remedy="Name a file in a folder that you may write to.",
        ) from error
    return len(text)
