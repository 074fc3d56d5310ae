from pathlib import Path

import pytest

from assistant.errors import ReadingError
from assistant.work.discovery import discover


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "sub/c.nxml", "picture.png", ".hidden.txt", ".git/d.txt", "manifest.yaml"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("studies: []" if name == "manifest.yaml" else "words")
    return tmp_path


def names(folder: Path, paths: list[Path]) -> list[str]:
    return [found.path.relative_to(folder).as_posix() for found in discover(paths).files]


def test_a_folder_gives_its_studies_in_order(folder: Path) -> None:
    assert names(folder, [folder]) == ["a.md", "b.txt", "sub/c.nxml"]
    assert [path.name for path in discover([folder]).passed_over] == ["picture.png"]


def test_a_file_that_is_named_is_tried_whatever_its_ending(folder: Path) -> None:
    assert names(folder, [folder / "picture.png"]) == ["picture.png"]


def test_patterns_and_repeats(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(folder, [folder / "*.txt", folder / "b.txt", folder]) == ["b.txt", "a.md", "sub/c.nxml"]
    monkeypatch.chdir(folder)
    assert names(folder, [Path("**/*.nxml")]) == ["sub/c.nxml"]


def test_what_is_not_there_is_named(folder: Path) -> None:
    assert discover([folder / "none.txt", folder / "*.epub"]).missing == (folder / "none.txt", folder / "*.epub")


def test_a_link_to_a_folder_is_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    assert names(folder, [folder]) == ["a.md", "b.txt", "sub/c.nxml"]


def test_a_manifest_gives_ids(folder: Path) -> None:
    (folder / "manifest.yaml").write_text("studies:\n- {file: b.txt, id: osei-2020, words: 1}\n- {file: a.md}\n")
    ids = {found.path.name: found.id for found in discover([folder]).files}
    assert ids == {"b.txt": "osei-2020", "a.md": None, "c.nxml": None}
    assert discover([folder / "b.txt"]).files[0].id == "osei-2020"


@pytest.mark.parametrize("text", ["studies: [", "studies: 3", "\t"])
def test_a_broken_manifest_is_named(folder: Path, text: str) -> None:
    (folder / "manifest.yaml").write_text(text)
    with pytest.raises(ReadingError, match=r"manifest\.yaml can't be read"):
        discover([folder])
