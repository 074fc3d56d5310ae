"""Codings to files, one a study and coder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.domain.study import slug
from assistant.errors import UsageError
from evals.extraction.coding.files import write_coding
from evals.extraction.importing.anything import FoundCoding


def write_codings(out: Path, found: Sequence[FoundCoding]) -> dict[Path, int]:
    """Writes ``STUDY.CODER.jsonl`` for each coding; returns how many configurations each file holds.

    Raises:
        UsageError: If a file can't be written, or two coders would share one.
    """
    written: dict[Path, int] = {}
    for one in found:
        file = out / f"{one.coding.header.study}.{slug(one.coding.header.coder)}.jsonl"
        if file in written:
            raise UsageError(
                f"two coders would be written to {file}", remedy="Give them names that differ by more than case."
            )
        try:
            write_coding(file, one.coding)
        except OSError as error:
            raise UsageError(
                f"{file} can't be written: {error.strerror or error}", remedy="Name a folder that you may write to."
            ) from error
        written[file] = len(one.coding.configurations)
    return written
