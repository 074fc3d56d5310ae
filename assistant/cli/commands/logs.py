"""``realist logs``: past runs, and a run done once more from its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import Session
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.records.reports import RunReport

SUMMARY = "Show past runs; replay one without the model."
EXAMPLES = """\b
Examples:
  realist logs
  realist logs last
  realist logs 20260301T09 --json
  realist logs last --replay > candidates.jsonl

A run is called by its name, or by as much of its beginning as no other has. Cost is reckoned at
the prices that are set now.
"""


def command(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(help="Show one run; `last` is the newest.", metavar="RUN")] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="JSON lines of its candidates or answers, made from its journal.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List past runs, or show one: what was asked, how far it came, calls, tokens, cost, problems."""
    from assistant.engines.model.opening import prices
    from assistant.presentation.console import print_json
    from assistant.presentation.runs import render_run, render_runs, run_json
    from assistant.records.reports import report_of, reports

    session: Session = context.obj
    if run is None:
        if replay:
            raise UsageError("--replay needs a run", remedy="Name it; `realist logs` lists the runs.")
        found = reports(session.project.runs)
        priced = prices(session.effective.settings.model)
        if as_json:
            print_json({"runs": [run_json(report, priced) for report in found]})
        elif found:
            render_runs(found, priced, session.out)
        else:
            session.messages.print("No runs yet.")
        return
    report = report_of(session.project.runs, run)
    if replay:
        _replay(session, report)
    elif as_json:
        print_json(run_json(report, prices(session.effective.settings.model), whole=True))
    else:
        render_run(report, prices(session.effective.settings.model), session.out)


def _replay(session: Session, report: RunReport) -> None:
    from assistant.cli.replaying import replayed_answers, replayed_candidates
    from assistant.presentation.console import print_json_lines
    from assistant.presentation.contracts import answer_json, candidate_json
    from assistant.work.selecting import Selection

    if report.entry.kind == "extract":
        studies = replayed_candidates(session, report)
        print_json_lines(candidate_json(one) for extracted in studies for one in Selection().of(extracted.candidates))
    elif report.entry.kind == "ask":
        print_json_lines(answer_json(answer, id) for id, answer in replayed_answers(session, report))
    else:
        raise UsageError(f"a run of kind {report.entry.kind} can't be replayed", remedy="Replay extract or ask.")
