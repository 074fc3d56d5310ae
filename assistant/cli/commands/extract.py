"""``realist extract``: candidate configurations over the corpus or some studies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import Session
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.domain.cmo import CmoConfiguration
    from assistant.records.extraction import Extracted

NAME = "extract"
SUMMARY = "Draft candidate configurations."
EXAMPLES = """\b
Examples:
  realist extract
  realist extract marston-2022 --min-confidence 0.6
  realist extract --jsonl -o candidates.jsonl

A killed run goes on where it was when the command is repeated. Exit code 4: done, but some
candidates are quarantined, or a study could not be read from the store.
"""


def command(
    context: typer.Context,
    studies: Annotated[list[str] | None, typer.Argument(help="Ids; all studies if none.", metavar="[ID...]")] = None,
    study: Annotated[list[str] | None, typer.Option("--study", metavar="ID", help="The same, repeatable.")] = None,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a candidate.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="JSON lines to this file.")
    ] = None,
    min_confidence: Annotated[
        float | None, typer.Option("--min-confidence", metavar="P", min=0.0, max=1.0, help="Leave out those below it.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", metavar="N", min=1, help="Candidates shown for each study on the terminal.")
    ] = 5,
    fresh: Annotated[bool, typer.Option("--fresh", help="Do not go on with an unfinished run.")] = False,
) -> int:
    """Draft candidate context-mechanism-outcome configurations, every quote located in its study."""
    from assistant.domain.cmo import CandidateStatus
    from assistant.presentation.candidates import render_candidate, render_counts, strongest
    from assistant.presentation.console import print_json_lines
    from assistant.presentation.contracts import candidate_json
    from assistant.presentation.safety import safe

    session: Session = context.obj
    session = session.with_flags(extract__min_confidence=("--min-confidence", min_confidence))
    floor = session.effective.settings.extract.min_confidence
    wanted = [*(studies or []), *(study or [])]
    everything: list[CmoConfiguration] = []
    failed: list[str] = []

    def kept() -> Iterator[CmoConfiguration]:
        for extracted in extract_studies(session, wanted, fresh=fresh):
            if extracted.problem:
                failed.append(f"{extracted.study}: {extracted.problem}")
            everything.extend(extracted.candidates)
            yield from (candidate for candidate in extracted.candidates if candidate.confidence >= floor)

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
    return 4 if quarantined or failed else 0


def extract_studies(session: Session, wanted: list[str], *, fresh: bool) -> Iterator[Extracted]:
    """Candidates study by study, with a progress bar on a terminal."""
    from assistant.engines.waiting import each_of
    from assistant.presentation.console import progress_bar
    from assistant.records.extraction import Extraction, extraction_run

    with session.store(texts_only=True) as store:
        hashes = {entry.id: entry.sha256 for entry in store.studies()}
        if not hashes:
            raise UsageError("the store holds no studies", remedy="Run `realist ingest PATH...` first.")
        chosen = {name: hashes.get(name) or store.study(name).sha256 for name in wanted} or hashes
        journal = extraction_run(session.project.runs, session.engine, list(chosen.items()), fresh=fresh)
        with journal, progress_bar(session.messages) as bar:
            if journal.resumed and journal.finished_items:
                session.messages.print(
                    f"Going on with an unfinished run: {len(journal.finished_items)} of {len(chosen)} studies are done."
                )
            task = bar.add_task("extracting", total=len(chosen))
            count = 0
            extraction = Extraction(journal, session.engine, store.study)
            for extracted in each_of(extraction.of(list(chosen))):
                bar.update(task, advance=1, description=extracted.study)
                count += len(extracted.candidates)
                yield extracted
            if extraction.stopped:
                raise extraction.stopped
            journal.finish({"studies": len(chosen), "candidates": count})


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
