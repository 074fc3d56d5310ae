from pathlib import Path

import pytest

from assistant.domain.study import Bibliography
from assistant.errors import StoreError, StoreNotWritable
from assistant.store.edits import MetadataEdits

READ = Bibliography(title="Read", authors=("Osei, A",), year=2020)


def test_edits_last_and_leave_other_fields_alone(tmp_path: Path) -> None:
    edits = MetadataEdits(tmp_path)
    assert edits.applied("a", READ) == READ
    edits.record("a", {"year": 2021, "authors": ("Lind, B",)})
    edits.record("a", {"year": None})
    again = MetadataEdits(tmp_path)
    assert again.applied("a", READ) == Bibliography(title="Read", authors=("Lind, B",), year=None)
    assert again.applied("b", READ) == READ


@pytest.mark.parametrize("content", ["{", "[]", '{"a": {"colour": "red"}}', '{"a": {"year": "soon"}}', '{"a": 3}'])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "metadata.json").write_text(content)
    with pytest.raises(StoreError, match=r"metadata\.json can't be read"):
        MetadataEdits(tmp_path)


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreNotWritable, match="can't be written"):
        MetadataEdits(tmp_path / "none").record("a", {"year": 2021})
