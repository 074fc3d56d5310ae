"""The YAML block that opens a Markdown study: what identifies it, as its keepers wrote it down."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.domain.study import Bibliography, ReadingNote
from assistant.errors import MalformedStudy

if TYPE_CHECKING:
    import yaml

_BLOCK = re.compile(r"---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_DEEPEST = 20
"""Levels of lists and mappings in each other."""
_LONGEST = 65_536
"""Code points of front matter; more is no front matter."""
_KNOWN = frozenset(
    {"id", "kind", "title", "author", "authors", "year", "date", "journal", "publisher", "doi", "licence", "license"}
)
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_REMEDY = "Mend the block between the two lines of dashes, or remove it."


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a front matter says, and the text that follows it."""

    body: str
    """The document without it."""
    bibliography: Bibliography = field(default_factory=Bibliography)
    """What identifies the study."""
    id: str = ""
    """The id that it gives the study; empty where it gives none."""
    notes: tuple[ReadingNote, ...] = ()
    """Keys that were not understood."""


def split_front_matter(text: str) -> FrontMatter:
    """Takes the front matter off ``text``; a text that opens with a plain rule has none.

    Args:
        text: The document, with line feeds only.

    Raises:
        MalformedStudy: If the block is not valid YAML, nests too deeply, or uses aliases.
    """
    match = _BLOCK.match(text, 0, _LONGEST)
    if match is None:
        return FrontMatter(text)
    values = _parsed(match["yaml"])
    if not isinstance(values, dict):
        return FrontMatter(text)
    return _understood({str(key).strip().lower(): value for key, value in values.items()}, text[match.end() :])


def _parsed(block: str) -> object:
    import yaml

    try:
        _check_events(yaml.parse(block, Loader=yaml.SafeLoader))
        return yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise MalformedStudy(f"the front matter is not valid YAML{where} ({problem})", remedy=_REMEDY) from error


def _check_events(events: Iterable[yaml.Event]) -> None:
    """Refuses what unfolds or nests without bound, before anything is built from it."""
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise MalformedStudy("the front matter uses YAML aliases, which can unfold without bound", remedy=_REMEDY)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise MalformedStudy(f"the front matter nests deeper than {_DEEPEST} levels", remedy=_REMEDY)


def _understood(values: dict[str, Any], body: str) -> FrontMatter:
    notes = [f"The front matter's {key!r} is not used." for key in values if key not in _KNOWN]
    year = _year(values.get("year") or values.get("date"))
    if year is None and (values.get("year") or values.get("date")):
        notes.append("The front matter's year is no year and was left out.")
    known = Bibliography(
        title=_line(values.get("title")),
        authors=_authors(values.get("authors") or values.get("author")),
        year=year,
        journal=_line(values.get("journal") or values.get("publisher")),
        doi=_RESOLVER.sub("", _line(values.get("doi"))).lower(),
        licence=_line(values.get("licence") or values.get("license")),
    )
    return FrontMatter(body, known, _line(values.get("id")), tuple(ReadingNote(note) for note in notes))


def _line(value: object) -> str:
    if value is None or isinstance(value, dict | list | set):
        return ""
    return " ".join(str(value).split())


def _year(value: object) -> int | None:
    if isinstance(value, datetime.date):
        return value.year
    match = _YEAR.search(_line(value))
    return int(match[1]) if match else None


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"\s*;\s*|\s+and\s+|\n", value)
    if not isinstance(value, list):
        return ()
    return tuple(name for entry in value if (name := _author(entry)))


def _author(entry: object) -> str:
    """``Family, Given`` where the parts are told apart, else the name as written."""
    if not isinstance(entry, dict):
        return _line(entry)
    parts = {str(key).lower(): _line(value) for key, value in entry.items()}
    family = parts.get("family") or parts.get("surname") or parts.get("last") or ""
    given = parts.get("given") or parts.get("first") or ""
    return ", ".join(filter(None, [family, given])) or parts.get("name", "")
