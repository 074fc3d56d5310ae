"""What a researcher wrote over the metadata that was read: kept apart, so that no re-reading loses it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.domain.study import Bibliography
from assistant.errors import StoreError, StoreNotWritable
from assistant.files import write_whole

EDITS_NAME = "metadata.json"


class MetadataEdits:
    """Edited fields by study id, in ``metadata.json`` beside the store; survives ``--rebuild``.

    Raises:
        StoreError: If the file is there and can't be read.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / EDITS_NAME
        self._edits = self._read()

    def applied(self, study_id: str, bibliography: Bibliography) -> Bibliography:
        """``bibliography`` with the fields that were edited for this study."""
        return dataclasses.replace(bibliography, **self._edits.get(study_id, {}))

    def record(self, study_id: str, changes: dict[str, Any]) -> None:
        """Keeps edited fields; a field edited before is edited anew.

        Raises:
            StoreNotWritable: If the file can't be written; it is then as before.
        """
        edits = {**self._edits, study_id: {**self._edits.get(study_id, {}), **changes}}
        try:
            write_whole(self._file, json.dumps(edits, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        except OSError as error:
            raise StoreNotWritable(
                f"{self._file} can't be written: {error.strerror or error}",
                remedy="Check the permissions and the free space.",
                path=self._file,
            ) from error
        self._edits = edits

    def _read(self) -> dict[str, dict[str, Any]]:
        if not self._file.exists():
            return {}
        try:
            raw = json.loads(self._file.read_text("utf-8"))
            return {study_id: _fields(edits) for study_id, edits in raw.items()}
        except (OSError, ValueError, AttributeError, TypeError, ValidationError) as error:
            raise StoreError(
                f"{self._file} can't be read: {error}",
                remedy="Mend it, or move it away to go on without your edits.",
                path=self._file,
            ) from error


def _fields(edits: dict[str, Any]) -> dict[str, Any]:
    """The edited fields with their types; refuses names and values that a bibliography does not have."""
    whole = TypeAdapter(Bibliography).validate_python(dataclasses.asdict(Bibliography(**edits)))
    return {name: getattr(whole, name) for name in edits}
