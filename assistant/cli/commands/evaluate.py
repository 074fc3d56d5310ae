"""``realist eval``: the evaluation suite. What it runs lives in ``evals``, which nothing but this command imports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.evaluating import open_chat
from assistant.cli.session import Session
from assistant.cli.spending import MaxCalls, MaxCost, NoCache, Spending
from assistant.errors import UsageError

if TYPE_CHECKING:
    from evals.answering.judging import Judge
    from evals.suite.corpora import World
    from evals.suite.records import Record
    from evals.suite.results import Results
    from evals.suite.runs import Choice, Watch

SUMMARY = "Measure the tool; exit 3 when a gate fails."
EXAMPLES = """\b
Examples:
  realist eval
  realist eval extraction --system all --studies ~/studies
  realist eval extraction --gold my-coding.csv
  realist eval rescore RECORD
  realist eval answering --system model --judge --max-calls 500
  realist eval compare OLD-RECORD NEW-RECORD
  realist eval show RECORD digests/marston-2022
Tasks: reading, retrieval, answering, extraction, grounding, stability, safety.
"""
_GATE_FAILED = 3


def command(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TASK...]", help="Tasks, all if none; or rescore RECORD, compare A B, show RECORD ITEM."
        ),
    ] = None,
    systems: Annotated[
        list[str] | None,
        typer.Option(
            "--system",
            metavar="NAME",
            help="What is measured: the tool, a baseline, or all; repeatable. model and cascade ask the project's "
            "chat model, and are not among all.",
        ),
    ] = None,
    split: Annotated[str, typer.Option("--split", metavar="test|dev", help="Which samples.")] = "test",
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME", help="digests, studies or articles; repeatable.")
    ] = None,
    studies: Annotated[
        Path | None, typer.Option("--studies", metavar="DIR", help="The studies' own texts, and the articles.")
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="PATH", help="Codings of your own, in any form that `realist gold` takes."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Samples of each set; no gates then.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Where every item is written; else in the cache.")
    ] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="Let the project's chat model say which points answers make; never a gate.")
    ] = False,
    repeats: Annotated[int, typer.Option("--repeats", metavar="N", min=1, help="How often it reads each answer.")] = 3,
    max_calls: MaxCalls = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    as_json: Annotated[bool, typer.Option("--json", help="The results as one JSON object.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write the gates as JUnit.")] = None,
    markdown: Annotated[Path | None, typer.Option("--md", metavar="FILE", help="Write the tables as Markdown.")] = None,
) -> int:
    """Run the evaluation suite: tables with intervals, the change against the committed baseline, and gates."""
    from evals.answering.judging import Judge
    from evals.suite.parts import ASKING
    from evals.suite.runs import SPLITS, TASKS, Choice

    session: Session = context.obj
    first, *rest = words or [""]
    if split not in SPLITS:
        raise UsageError(f"There is no split {split!r}", remedy=f"There are {' and '.join(SPLITS)}.")
    if first == "compare":
        return _compare(session, *_files(rest, 2), as_json=as_json)
    world = _world(session, studies, gold).only(tuple(sets or ()))
    if first == "show":
        name, item = _named(rest, "show RECORD ITEM", 2)
        return _show(session, Path(name), item, world)
    asking = ["--judge"] if judge else []
    if first == "rescore":
        (file,) = _files(rest, 1)
        work = partial(_rescored, file)
    else:
        choice = Choice(tuple(words or (("extraction",) if gold else TASKS)), tuple(systems or ()), split, limit)
        if judge and "answering" not in choice.tasks:
            raise UsageError("--judge reads answers, and none are asked for", remedy="Name the task answering.")
        asking = [*(f"--system {name}" for name in choice.systems if name in ASKING), *asking]
        work = partial(_run, session, choice)
    spending = Spending(max_calls, max_cost, use_cache=not no_cache)
    with open_chat(session, asking[0], spending) if asking else nullcontext() as chat:
        found = work(replace(world, chat=chat))
        if chat and judge:
            found = _judged(session, found, world, Judge(chat, repeats))
    stopped = chat.caller.stopped if chat else None
    if stopped and not found.scored:
        raise stopped
    results = _summed_up(found)
    _write(session, results, record, junit, markdown)
    _print(session, results, as_json=as_json)
    if stopped:
        raise stopped
    return 0 if results.passed else _GATE_FAILED


def _named(words: list[str], usage: str, count: int) -> list[str]:
    if len(words) != count:
        raise UsageError(f"eval {usage.split()[0]} takes {count} names", remedy=f"Write: realist eval {usage}")
    return words


def _files(words: list[str], count: int) -> list[Path]:
    usage = "compare A B" if count == 2 else "rescore RECORD"
    return [Path(word) for word in _named(words, usage, count)]


def _world(session: Session, studies: Path | None, gold: Path | None) -> World:
    """The texts to evaluate on: those that ship, those of a folder, or the user's own that were coded."""
    from assistant.settings.environment import cache_folder, studies_folder
    from evals.suite.corpora import World

    if gold is not None:
        from assistant.cli.codings import study_texts
        from evals.extraction.agreement_views import account_lines
        from evals.suite.own import own_gold

        with study_texts(session, studies, None) as texts:
            own = own_gold(gold, texts, cache_folder())
        for line in account_lines(own.account):
            session.messages.print(line)
        return World.of_own(own.folder, own.studies, cache_folder())
    folder = studies or studies_folder()
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder} is no folder", remedy="Name the folder of the studies' texts.")
    return World.at_hand(folder, cache_folder())


def _run(session: Session, choice: Choice, world: World) -> Record:
    from evals.suite.runs import run

    with _watching(session) as watch:
        return run(choice, world, watch)


@contextmanager
def _watching(session: Session) -> Iterator[Watch]:
    """A progress bar, and what moves it."""
    from assistant.presentation.console import progress_bar

    with progress_bar(session.messages) as bar:
        shown = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(shown, description=name, completed=done, total=total)


def _judged(session: Session, record: Record, world: World, judge: Judge) -> Record:
    from evals.answering.judging import judged

    with _watching(session) as watch:
        return judged(record, world, judge, watch)


def _rescored(file: Path, world: World) -> Record:
    from evals.suite.records import read_record
    from evals.suite.runs import rescore

    return rescore(read_record(file), world)


def _summed_up(record: Record) -> Results:
    from evals.suite.gates import read_gates
    from evals.suite.results import summed_up

    return summed_up(record, read_gates())


def _write(session: Session, results: Results, record: Path | None, junit: Path | None, markdown: Path | None) -> None:
    from assistant.files import write_whole
    from evals.suite import exports
    from evals.suite.records import default_file, write_record

    file = record or default_file(results.record)
    try:
        write_record(file, results.record)
        if junit:
            write_whole(junit, exports.junit(results))
        if markdown:
            write_whole(markdown, exports.markdown(results))
    except OSError as error:
        message = f"{error.filename or file} can't be written: {error.strerror or error}"
        raise UsageError(message, remedy="Name files in folders that you may write to.") from error
    session.messages.print(f"Every item is in {file}", soft_wrap=True)


def _print(session: Session, results: Results, *, as_json: bool) -> None:
    if as_json:
        from assistant.presentation.console import print_json
        from evals.suite.exports import results_json

        print_json(results_json(results))
    else:
        from evals.suite.views import render_results

        render_results(results, session.out)


def _compare(session: Session, first: Path, second: Path, *, as_json: bool) -> int:
    from assistant.presentation.console import print_json
    from evals.suite.exports import comparison_json
    from evals.suite.records import read_record
    from evals.suite.results import compared
    from evals.suite.views import render_comparisons

    found = list(compared(read_record(first), read_record(second)))
    if not found:
        raise UsageError("The two records share no scored item", remedy="Compare two runs of one task on one split.")
    if as_json:
        print_json({"comparisons": [comparison_json(one) for one in found]})
    else:
        render_comparisons(found, session.out)
    return 0


def _show(session: Session, file: Path, item: str, world: World) -> int:
    from evals.suite.facing import render_facing
    from evals.suite.records import read_record
    from evals.suite.showing import shown_items

    for one, facing in shown_items(read_record(file), item, world):
        render_facing(one, facing, session.out)
    return 0
