"""``realist gold``: codings made elsewhere, in the project's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.codings import FormatOption, Meanings, StudiesOption, StudyNames, chosen_format, study_texts
from assistant.cli.session import Session

SUMMARY = "Bring codings of your own to evaluate on."
EXAMPLES = """\b
Examples:
  realist gold coding.csv --out gold/
  realist gold project.qdpx --out gold/ --map "Barriers=context"
  realist gold annotations/ --out gold/ --coder anna --studies papers/

Reads CSV, JSON lines, brat standoff (.ann beside .txt) and QDPX. Every quote is looked for in the
stored text of its study; what is written holds places and hashes, no words of a study.
Exit code 4: done, but some quotes or studies were not found.
"""


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="File, or folder of files.", metavar="PATH")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the codings go, a file a study and coder.")],
    format: FormatOption = "auto",
    coder: Annotated[
        str, typer.Option("--coder", metavar="NAME", help="Who coded, where the file does not say; its name if none.")
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", metavar="TEXT", help="What kind of coder, plainly; kept with the coding.")
    ] = "not stated",
    meanings: Meanings = None,
    names: StudyNames = None,
    studies: StudiesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The account as one JSON object.")] = False,
) -> int:
    """Turn a coding of your own into gold: locate its quotes, group them to configurations, write them standoff."""
    from assistant.presentation.console import print_json
    from evals.extraction.agreement_views import account_json, account_lines
    from evals.extraction.importing.anything import Intake, codings_of
    from evals.extraction.importing.vocabulary import Vocabulary, parsed_map
    from evals.extraction.importing.writing import write_codings

    session: Session = context.obj
    vocabulary = Vocabulary(parsed_map(meanings or []))
    with study_texts(session, studies, names) as texts:
        intake = Intake(texts, vocabulary, coder, kind, chosen_format(format))
        found, account = codings_of(path, intake)
    files = {str(file): count for file, count in write_codings(out, found).items()}
    if as_json:
        print_json({"codings": files, **account_json(account)})
    else:
        for file, count in files.items():
            session.out.print(f"{file}: {count} configurations", soft_wrap=True)
        for line in account_lines(account):
            session.messages.print(line)
    return 4 if account.set_apart else 0
