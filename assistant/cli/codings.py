"""What the commands share that take codings made elsewhere: options, and where the studies' texts come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import Session

if TYPE_CHECKING:
    from evals.extraction.importing.studies import StudyTexts

StudiesOption = Annotated[
    Path | None,
    typer.Option("--studies", metavar="FOLDER", help="Files of the coded studies; by default the project's studies."),
]
StudyNames = Annotated[
    list[str] | None,
    typer.Option("--study", metavar="NAME=ID", help="The coding's name for a study and the study's id; repeatable."),
]
Meanings = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=MEANING",
        help="A code, type or column and what it means: context, resource, reasoning, mechanism, outcome, "
        "configuration, ignore, a level, a polarity, or a field such as study or quote; repeatable.",
    ),
]
FormatOption = Annotated[
    str, typer.Option("--format", metavar="NAME", help="auto, csv, jsonl, brat or qdpx; auto goes by each file.")
]


@contextmanager
def study_texts(session: Session, folder: Path | None, names: list[str] | None) -> Iterator[StudyTexts]:
    """The studies that a coding may refer to: of ``folder``, else the project's.

    Raises:
        UsageError: If ``names`` are no pairs or name no study.
    """
    from evals.extraction.importing.studies import studies_in, studies_of_store
    from evals.extraction.importing.vocabulary import parsed_map

    aliases = parsed_map(names or [], "--study")
    if folder is not None:
        yield studies_in(folder, aliases)
        return
    with session.store(texts_only=True) as store:
        yield studies_of_store(store, aliases)


def chosen_format(name: str) -> str | None:
    """The reader that ``--format`` names; None for each file's own.

    Raises:
        UsageError: If there is none of that name.
    """
    from assistant.errors import UsageError
    from evals.extraction.importing.formats import READERS

    if name == "auto":
        return None
    if name not in READERS:
        raise UsageError(f"--format {name} is no format of codings", remedy=f"Use auto, {', '.join(READERS)}.")
    return name
