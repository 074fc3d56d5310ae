"""Codings in CSV: a row a quote (``role``, ``quote``), or a row a configuration (a column a role)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.domain.cmo import Role
from assistant.readers.decoding import decode
from evals.extraction.importing.marks import CodingError, ReadCoding, ReadQuote
from evals.extraction.importing.rows import Row, merged_claims, offset, quotes_in
from evals.extraction.importing.vocabulary import Meaning, Special, Vocabulary

_SEPARATORS = ",;\t"


def read_table(file: Path, vocabulary: Vocabulary) -> ReadCoding:
    """The coding in a CSV file; the separator is the one that its header has most of.

    Raises:
        CodingError: If it is no table of one of the two forms, or a row breaks it.
    """
    decoded = decode(file.read_bytes())
    lines = _lines(file, decoded.text)
    _, header = next(lines, (0, []))
    columns = _Columns(file, header, vocabulary)
    rows = [row for number, cells in lines for row in columns.rows(number, cells)]
    return ReadCoding(
        name=file.name,
        format="csv",
        marks=tuple(mark for row in rows for mark in row.marks()),
        claims=merged_claims(rows),
        ignored=dict(columns.ignored),
        notes=tuple(note.message for note in decoded.notes),
    )


def _lines(file: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line on which each row begins, and its cells; empty rows left out."""
    header = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CodingError(
                f"{file.name}, line {number}: not well-formed CSV ({error})",
                remedy='Put cells that hold quotation marks or line ends in "…", and double quotation marks inside.',
            ) from error
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]


class _Columns:
    """What each column holds, and rows read so."""

    def __init__(self, file: Path, header: Sequence[str], vocabulary: Vocabulary) -> None:
        self._name = file.name
        self._vocabulary = vocabulary
        self._fields = vocabulary.fields(header)
        self._meanings: list[Meaning | None] = [
            None if field else vocabulary.meaning([name]) for field, name in zip(self._fields, header, strict=True)
        ]
        self._is_long = "role" in self._fields and "quote" in self._fields
        self.ignored: Counter[str] = Counter()
        roles = [one for one in self._meanings if isinstance(one, Role)]
        if not self._is_long and not roles:
            raise CodingError(
                f"{self._name}, line 1: no column holds a role, and there are no columns role and quote (the header "
                f"has {', '.join(header) or 'nothing'})",
                remedy='Name the columns as the guide says, or say what they hold: --map "COLUMN=context" and so on.',
            )
        known = zip(header, self._fields, self._meanings, strict=True)
        self._unused = [name for name, field, meaning in known if not field and not isinstance(meaning, Role)]

    def rows(self, number: int, cells: Sequence[str]) -> Iterator[Row]:
        """The row on line ``number``; none where its code has no role."""
        origin = f"{self._name}, line {number}"
        if len(cells) > len(self._fields) and any(cells[len(self._fields) :]):
            raise CodingError(
                f"{origin}: {len(cells)} cells, but the header has {len(self._fields)}",
                remedy='Put cells that hold the separator in "…".',
            )
        self.ignored.update(f"column {name}" for name in self._unused)
        fields = {field: cell for field, cell in zip(self._fields, cells, strict=False) if field and cell}
        passages = tuple(quotes_in(fields.get("passage", "")))
        if self._is_long:
            yield from self._long(origin, fields, passages)
        else:
            named = zip(self._meanings, cells, strict=False)
            quotes = [(role, quote) for role, cell in named if isinstance(role, Role) for quote in quotes_in(cell)]
            yield Row(origin, fields, tuple(quotes), passages)

    def _long(self, origin: str, fields: dict[str, str], passages: tuple[ReadQuote, ...]) -> Iterator[Row]:
        code = fields.get("role", "")
        meaning = self._vocabulary.meaning([code])
        if not isinstance(meaning, Role) and meaning is not Special.CONFIGURATION:
            self.ignored[f"code {code}" if code else "rows without a code"] += 1
            return
        if "quote" not in fields:
            raise CodingError(f"{origin}: no quote", remedy="Fill in the marked words, or delete the row.")
        quotes = tuple(quotes_in(fields["quote"], offset(origin, fields.get("start", ""))))
        if isinstance(meaning, Role):
            yield Row(origin, fields, tuple((meaning, quote) for quote in quotes), passages, is_claim=False)
        else:
            yield Row(origin, fields, (), quotes, is_claim=False)
