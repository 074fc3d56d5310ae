"""Codings in JSON lines: an object a configuration, or an object a quote; ``realist extract --jsonl`` is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.domain.cmo import Role
from assistant.readers.decoding import decode
from evals.extraction.importing.marks import CodingError, ReadCoding, ReadQuote
from evals.extraction.importing.rows import Row, merged_claims, offset, quotes_in
from evals.extraction.importing.vocabulary import Special, Vocabulary

_OURS = frozenset({"stated", "confidence", "engine", "status"})
"""Keys of ``realist extract --jsonl`` that say nothing about the coding."""


def read_objects(file: Path, vocabulary: Vocabulary) -> ReadCoding:
    """The coding in a file of JSON lines.

    Raises:
        CodingError: If a line is no object, or a value not as it should be.
    """
    decoded = decode(file.read_bytes())
    ignored: Counter[str] = Counter()
    rows = [
        row
        for number, line in enumerate(decoded.text.split("\n"), 1)
        if line.strip()
        for row in _rows(f"{file.name}, line {number}", line, vocabulary, ignored)
    ]
    return ReadCoding(
        name=file.name,
        format="jsonl",
        marks=tuple(mark for row in rows for mark in row.marks()),
        claims=merged_claims(rows),
        ignored=dict(ignored),
        notes=tuple(note.message for note in decoded.notes),
    )


def _rows(origin: str, line: str, vocabulary: Vocabulary, ignored: Counter[str]) -> Iterator[Row]:
    record = _object(origin, line)
    fields: dict[str, str] = {}
    quotes: list[tuple[Role, ReadQuote]] = []
    passages: list[ReadQuote] = []
    for (key, value), field in zip(record.items(), vocabulary.fields(list(record)), strict=True):
        meaning = vocabulary.meaning([key])
        if field == "passage":
            passages = list(_quotes(f"{origin}: {key}", value))[:1]
        elif field:
            fields[field] = _text(f"{origin}: {key}", value)
        elif isinstance(meaning, Role):
            quotes += _roles(f"{origin}: {key}", meaning, value, vocabulary)
        elif key not in _OURS:
            ignored[f"key {key}"] += 1
    if not {"role", "quote"} <= fields.keys():
        yield Row(origin, fields, tuple(quotes), tuple(passages))
        return
    meaning = vocabulary.meaning([fields["role"]])
    marked = tuple(quotes_in(fields["quote"], offset(origin, fields.get("start", ""))))
    if isinstance(meaning, Role):
        yield Row(origin, fields, tuple((meaning, quote) for quote in marked), tuple(passages), is_claim=False)
    elif meaning is Special.CONFIGURATION:
        yield Row(origin, fields, (), marked, is_claim=False)
    else:
        ignored[f"code {fields['role']}"] += 1


def _object(origin: str, line: str) -> Mapping[str, object]:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CodingError(
            f"{origin}{where}: no JSON ({str(error).partition(':')[0]})", remedy="Write one JSON object a line."
        ) from error
    if not isinstance(record, dict):
        raise CodingError(f"{origin}: no JSON object", remedy="Write one JSON object a line, a configuration each.")
    return record


def _roles(origin: str, role: Role, value: object, vocabulary: Vocabulary) -> Iterator[tuple[Role, ReadQuote]]:
    """Quotes of a role; a mechanism may be an object of resource and reasoning."""
    if isinstance(value, dict) and not {"quote", "text"} & value.keys():
        for key, part in value.items():
            meaning = vocabulary.meaning([key])
            if not isinstance(meaning, Role):
                raise CodingError(f"{origin}: {key!r} is no role", remedy="Use resource and reasoning.")
            yield from _roles(f"{origin}.{key}", meaning, part, vocabulary)
        return
    for quote in _quotes(origin, value):
        yield role, quote


def _quotes(origin: str, value: object) -> Iterator[ReadQuote]:
    """Quotes given as a text, an object with ``quote`` and perhaps ``start``, or a list of these."""
    if isinstance(value, list):
        for one in value:
            yield from _quotes(origin, one)
    elif isinstance(value, dict):
        words, start = value.get("quote", value.get("text")), value.get("start")
        if not isinstance(words, str) or not (start is None or (type(start) is int and start >= 0)):
            raise CodingError(f"{origin}: no quote", remedy='Write {"quote": "…", "start": 123}, start optional.')
        yield from quotes_in(words, start)
    elif isinstance(value, str):
        yield from quotes_in(value)
    elif value is not None:
        raise CodingError(f"{origin}: {value!r} is no quote", remedy="Write a text, or a list of texts.")


def _text(origin: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip()
    raise CodingError(f"{origin}: {value!r} is no text", remedy="Write a text.")
