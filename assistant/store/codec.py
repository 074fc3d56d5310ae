"""Studies and passages as compact JSON and back, exactly.

Written out field by field: a general serialiser costs 50 ms to set up, more than a whole question otherwise takes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from assistant.domain.spans import Span
from assistant.domain.study import (
    Bibliography,
    Block,
    BlockKind,
    Page,
    PageBox,
    PrintedLine,
    ReadingNote,
    Section,
    SectionType,
    SourceFile,
    Study,
)


def study_to_bytes(study: Study) -> bytes:
    """The study without its bibliography, compressed."""
    body = {
        "id": study.id,
        "sha256": study.sha256,
        "text": study.text,
        "blocks": [[b.kind, *_ends(b.span), b.section, b.page, b.level, b.speaker] for b in study.blocks],
        "sections": [[s.type, s.path, *_ends(s.span)] for s in study.sections],
        "source": [study.source.name, study.source.sha256, study.source.format],
        "pages": [[page.number, *_ends(page.span)] for page in study.pages],
        "notes": [[note.message, note.page] for note in study.notes],
        "lines": [[*_ends(line.span), *astuple(line.box)] for line in study.lines],
    }
    return zlib.compress(_dump(body).encode(), level=6)


def study_from_bytes(raw: bytes, bibliography: Bibliography) -> Study:
    """The study that `study_to_bytes` was given.

    Raises:
        ValueError: If the content is damaged, or its text no longer has the hash that was stored with it.
    """
    try:
        body = json.loads(zlib.decompress(raw))
        study = _study(body, bibliography)
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"not a stored study: {error}") from error
    if study.sha256 != body["sha256"]:
        raise ValueError("the text does not have the hash stored with it")
    return study


def _study(body: dict[str, Any], bibliography: Bibliography) -> Study:
    return Study(
        id=body["id"],
        text=body["text"],
        blocks=tuple(
            Block(BlockKind(kind), Span(start, end), section, page, level, speaker)
            for kind, start, end, section, page, level, speaker in body["blocks"]
        ),
        sections=tuple(
            Section(SectionType(kind), tuple(path), Span(start, end)) for kind, path, start, end in body["sections"]
        ),
        bibliography=bibliography,
        source=SourceFile(*body["source"]),
        pages=tuple(Page(number, Span(start, end)) for number, start, end in body["pages"]),
        notes=tuple(ReadingNote(message, page) for message, page in body["notes"]),
        lines=tuple(PrintedLine(Span(start, end), PageBox(*box)) for start, end, *box in body["lines"]),
    )


def bibliography_to_json(bibliography: Bibliography) -> str:
    """The bibliographic fields by name."""
    names = ("title", "authors", "year", "journal", "doi", "licence")
    return _dump({name: getattr(bibliography, name) for name in names})


def bibliography_from_json(raw: str) -> Bibliography:
    """The bibliography that `bibliography_to_json` was given."""
    body = json.loads(raw)
    return Bibliography(**{**body, "authors": tuple(body["authors"])})


def spans_to_json(spans: Iterable[Span]) -> str:
    """Starts and ends in turn."""
    return _dump([end for span in spans for end in _ends(span)])


def spans_from_json(raw: str) -> tuple[Span, ...]:
    """The spans that `spans_to_json` was given."""
    ends = json.loads(raw)
    return tuple(Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True))


def path_to_json(path: tuple[str, ...]) -> str:
    """A heading path."""
    return _dump(path)


def path_from_json(raw: str) -> tuple[str, ...]:
    """The heading path that `path_to_json` was given."""
    return tuple(json.loads(raw))


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _dump(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
