"""Studies as the researcher sees them: the list, one study, its blocks and text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from assistant.domain.study import Bibliography, Study
from assistant.presentation.safety import one_line, safe

if TYPE_CHECKING:
    from assistant.store.entries import StudyEntry


def entry_json(entry: StudyEntry) -> dict[str, Any]:
    """One line of the list."""
    return {
        "id": entry.id,
        **bibliography_json(entry.bibliography),
        "source": entry.source.name,
        "source_sha256": entry.source.sha256,
        "format": entry.source.format,
        "text_sha256": entry.sha256,
        "passages": entry.passages,
    }


def bibliography_json(bibliography: Bibliography) -> dict[str, Any]:
    """What identifies a study; null where unknown."""
    return {
        "title": bibliography.title or None,
        "authors": list(bibliography.authors),
        "year": bibliography.year,
        "journal": bibliography.journal or None,
        "doi": bibliography.doi or None,
        "licence": bibliography.licence or None,
    }


def study_json(study: Study, passages: int) -> dict[str, Any]:
    """One study with its sections and reading notes, without its text."""
    return {
        "id": study.id,
        **bibliography_json(study.bibliography),
        "source": study.source.name,
        "source_sha256": study.source.sha256,
        "format": study.source.format,
        "text_sha256": study.sha256,
        "characters": len(study.text),
        "words": len(study.text.split()),
        "passages": passages,
        "pages": len(study.pages) or None,
        "sections": [
            {
                "type": section.type.value,
                "path": list(section.path),
                "start": section.span.start,
                "end": section.span.end,
            }
            for section in study.sections
        ],
        "blocks": dict(Counter(block.kind.value for block in study.blocks)),
        "notes": [{"message": note.message, "page": note.page} for note in study.notes],
    }


def render_entries(entries: Sequence[StudyEntry], console: Console, *, precisions: Sequence[str] = ()) -> None:
    """The list, or what to do where it is empty; and in which number formats the vectors are, if not in fp32 alone."""
    if not entries:
        console.print("No studies yet. `realist ingest PATH...` reads some.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", overflow="fold")
    table.add_column("study", overflow="ellipsis")
    table.add_column("year", justify="right")
    table.add_column("passages", justify="right")
    table.add_column("format")
    for entry in entries:
        title = one_line(entry.bibliography.title or entry.source.name, 70)
        table.add_row(entry.id, title, str(entry.bibliography.year or ""), f"{entry.passages:,}", entry.source.format)
    console.print(table)
    computed = f", vectors computed in {' and '.join(precisions)}" if set(precisions) - {"fp32"} else ""
    console.print(f"{len(entries)} studies, {sum(entry.passages for entry in entries):,} passages{computed}")


def render_study(study: Study, passages: int, console: Console) -> None:
    """Metadata, sections, what stands in it, and what the reader wants known."""
    console.print(one_line(study.bibliography.title or study.id), style="bold")
    for key, value in bibliography_json(study.bibliography).items():
        shown = "; ".join(value) if isinstance(value, list) else value
        if key != "title":
            console.print(f"  {key:<9}{safe(str(shown)) if shown else 'unknown'}")
    console.print(f"  {'source':<9}{one_line(study.source.name)} ({study.source.format})")
    console.print(f"  {'text':<9}{len(study.text.split()):,} words, {passages:,} passages, sha256 {study.sha256[:12]}…")
    kinds = Counter(block.kind.value.replace("_", " ") for block in study.blocks)
    console.print(f"  {'blocks':<9}{', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}\n")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("section")
    table.add_column("type")
    table.add_column("words", justify="right")
    for section in study.sections:
        indent = "  " * max(0, len(section.path) - 1)
        words = len(section.span.of(study.text).split())
        table.add_row(
            indent + one_line(section.title or "(before the first heading)", 70), section.type.value, f"{words:,}"
        )
    console.print(table)
    for note in study.notes:
        console.print(f"note: {safe(note.message)}{f' (page {note.page})' if note.page else ''}", style="yellow")


def render_blocks(study: Study, console: Console, *, page: int | None = None) -> None:
    """Blocks with their offsets, kind and page: what the tool sees, whole or of one page."""
    for block in study.blocks:
        if page is not None and block.page != page:
            continue
        where = f" p.{block.page}" if block.page is not None else ""
        console.print(f"{block.span.start}:{block.span.end} {block.kind.value}{where}", style="dim")
        console.print(safe(block.span.of(study.text)), soft_wrap=True)


def stored_text(study: Study) -> str:
    """The stored text, safe to print."""
    return safe(study.text)
