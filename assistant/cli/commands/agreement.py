"""``realist agreement``: how far two coders agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.codings import FormatOption, Meanings, StudiesOption, StudyNames, chosen_format, study_texts
from assistant.cli.session import Session

if TYPE_CHECKING:
    from evals.extraction.importing.anything import FoundCoding

SUMMARY = "How far two coders agree."
EXAMPLES = """\b
Examples:
  realist agreement anna.csv ben.csv
  realist agreement project.qdpx --coders Anna,Ben
  realist agreement gold/ candidates.jsonl --studies papers/ --json

A and B are files or folders of codings in any format that `realist gold` reads, or that it wrote,
or candidates of `realist extract --jsonl`. Exit code 4: done, but some quotes were not found.
"""


def command(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(help="One coder's file or folder.", metavar="A")],
    second: Annotated[
        Path | None, typer.Argument(help="The other's; may be left out where A holds both coders.", metavar="[B]")
    ] = None,
    coders: Annotated[
        str, typer.Option("--coders", metavar="X,Y", help="Which coder of A, and which of B, where there are several.")
    ] = "",
    format: FormatOption = "auto",
    meanings: Meanings = None,
    names: StudyNames = None,
    studies: StudiesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> int:
    """Compare two codings of the same studies: detection, roles, configurations, Krippendorff's alpha, kappas."""
    from assistant.presentation.console import print_json
    from evals.extraction.agreement import agreement, sides
    from evals.extraction.agreement_views import account_lines, agreement_json, render_agreement
    from evals.extraction.importing.anything import Intake, codings_of
    from evals.extraction.importing.codings import Account
    from evals.extraction.importing.vocabulary import Vocabulary, parsed_map

    session: Session = context.obj
    vocabulary = Vocabulary(parsed_map(meanings or []))
    account = Account()
    found: list[list[FoundCoding]] = []
    with study_texts(session, studies, names) as texts:
        for path in (first, second) if second else (first,):
            codings, own = codings_of(path, Intake(texts, vocabulary, format=chosen_format(format)))
            account.add(own)
            found.append(codings)
        agreed = agreement(*sides(found, coders), texts)
    if as_json:
        print_json(agreement_json(agreed, account))
    else:
        render_agreement(agreed, session.out)
        for line in account_lines(account):
            session.messages.print(line)
    return 4 if account.set_apart else 0
