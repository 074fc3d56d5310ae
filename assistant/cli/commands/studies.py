"""``realist studies``: what the store holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.session import Session
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.domain.study import Study

SUMMARY = "Show what the store holds; edit metadata."
EXAMPLES = """\b
Examples:
  realist studies
  realist studies marston-2022
  realist studies marston-2022 --blocks
  realist studies marston-2022 --page 4
  realist studies marston-2022 --set year=2020 --set journal=BMJ
"""
_EDITABLE = ("title", "authors", "year", "journal", "doi", "licence")


def command(
    context: typer.Context,
    study: Annotated[str | None, typer.Argument(help="Show one study.", metavar="ID")] = None,
    edits: Annotated[
        list[str] | None,
        typer.Option(
            "--set", "--edit", metavar="KEY=VALUE", help=f"Edit metadata: {', '.join(_EDITABLE)} (authors by ';')."
        ),
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the study's stored text.")] = False,
    blocks: Annotated[bool, typer.Option("--blocks", help="Print its blocks: offsets, kind, text.")] = False,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Print the blocks that begin on a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List the studies, or show one: metadata, sections, passages, reading problems."""
    from assistant.presentation import studies as view
    from assistant.presentation.console import print_json

    session: Session = context.obj
    if study is None:
        if edits or text or blocks or page:
            raise UsageError(
                "--set, --text, --blocks and --page need a study", remedy="Name its id; `realist studies` lists them."
            )
        entries = session.entries()
        if as_json:
            studies = [view.entry_json(entry) for entry in entries]
            print_json({"studies": studies, "precisions": list(session.precisions())})
        else:
            view.render_entries(entries, session.out, precisions=session.precisions())
        return
    if edits:
        _edit(session, study, edits)
    with session.store(texts_only=True) as store:
        whole = store.study(study)
        count = len(store.passages_of(study))
    if text:
        session.out.print(view.stored_text(whole), soft_wrap=True)
    elif blocks or page:
        view.render_blocks(whole, session.out, page=_page_of(whole, page) if page else None)
    elif as_json:
        print_json(view.study_json(whole, count))
    else:
        view.render_study(whole, count, session.out)


def _page_of(study: Study, page: int) -> int:
    """The page, if the study has it."""
    numbers = [known.number for known in study.pages]
    if page not in numbers:
        remedy = (
            f"It has {numbers[0]} to {numbers[-1]}." if numbers else "Its format has no pages; `--blocks` shows it."
        )
        raise UsageError(f"{study.id} has no page {page}", remedy=remedy)
    return page


def _edit(session: Session, study: str, edits: list[str]) -> None:
    """Writes the metadata that ``--set`` gives."""
    import dataclasses

    with session.store(write=True) as store:
        changes: dict[str, Any] = dict(_parsed(edit) for edit in edits)
        edited = dataclasses.replace(store.study(study).bibliography, **changes)
        session.metadata_edits.record(study, changes)
        store.update_bibliography(study, edited)
    session.messages.print(f"Wrote the metadata of {study}.")


def _parsed(edit: str) -> tuple[str, str | int | tuple[str, ...] | None]:
    key, equals, value = edit.partition("=")
    key, value = key.strip(), value.strip()
    if not equals or key not in _EDITABLE:
        raise UsageError(f"--set {edit} is no edit", remedy=f"Write KEY=VALUE with one of {', '.join(_EDITABLE)}.")
    if key == "authors":
        return key, tuple(name.strip() for name in value.split(";") if name.strip())
    if key == "year":
        if value and not (value.isdigit() and 1500 <= int(value) <= 2200):
            raise UsageError(f"{value} is no year", remedy="Write four digits, or nothing for unknown.")
        return key, int(value) if value else None
    return key, value
