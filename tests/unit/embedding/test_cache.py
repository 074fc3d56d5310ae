from pathlib import Path

import pytest

from assistant.embedding.cache import cached, read_checked, write_checked


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "made" / "file"
    assert write_checked(path, b"content")
    assert read_checked(path) == b"content"
    assert [found.name for found in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 32 + b"content"])
def test_a_damaged_file_is_built_again(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(damage)
    assert read_checked(path) is None
    assert cached(path, lambda: b"new") == b"new"
    assert cached(path, lambda: b"never built") == b"new"


def test_without_a_place_to_write_the_content_is_built_each_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"in the way of a folder")
    assert cached(blocked / "graph", lambda: b"built") == b"built"
    assert not write_checked(blocked / "graph", b"built")


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "child").touch()
    assert not write_checked(tmp_path / "taken", b"content")
    assert [found.name for found in tmp_path.iterdir()] == ["taken"]
