import json
import os
import shutil
from pathlib import Path

import pytest

from assistant.embedding.trained import TrainedPart
from assistant.engines.extractive import reranking
from assistant.shipped import shipped

from .conftest import Realist

FORMATS = "REALIST_TEST_STUDIES"


@pytest.fixture
def empty(realist: Realist, tmp_path: Path) -> Path:
    """A project without studies."""
    assert realist("init", tmp_path / "p").code == 0
    return tmp_path / "p"


def summary(realist: Realist, project: Path, *arguments: str | Path) -> dict[str, dict[str, object]]:
    result = realist("--project", project, "ingest", "--json", *arguments)
    assert result.code in {0, 4}, result.err
    return {Path(entry["file"]).name: entry for entry in json.loads(result.out)["files"]}


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_only_what_changed_is_read_again(realist: Realist, empty: Path) -> None:
    write(empty, "a.md", "# Results\n\nStaff trusted the ward manager.")
    write(empty, "b.md", "# Results\n\nNurses doubted the tool.")
    assert {name: entry["status"] for name, entry in summary(realist, empty, empty).items()} == {
        "a.md": "added",
        "b.md": "added",
    }
    write(empty, "b.md", "# Results\n\nNurses praised the tool, after a while.")
    again = summary(realist, empty, empty)
    assert (again["a.md"]["status"], again["b.md"]["status"]) == ("unchanged", "replaced")
    text = realist("--project", empty, "studies", "b", "--text").out
    assert "praised" in text and "doubted" not in text


def test_what_is_gone_stays_until_pruned(realist: Realist, empty: Path) -> None:
    write(empty, "a.md", "Staff trusted the ward manager.")
    file = write(empty, "b.md", "Nurses doubted the tool.")
    summary(realist, empty, empty)
    file.unlink()
    assert summary(realist, empty, empty)["b.md"]["status"] == "gone"
    assert "2 studies" in realist("--project", empty, "studies").out
    assert summary(realist, empty, empty, "--prune")["b.md"]["status"] == "pruned"
    assert "1 studies" in realist("--project", empty, "studies").out


def test_a_study_under_two_names_is_kept_once(realist: Realist, empty: Path) -> None:
    first = write(empty, "a.md", "Staff trusted the ward manager.")
    shutil.copy(first, empty / "copy.md")
    entries = summary(realist, empty, empty)
    assert entries["copy.md"]["status"] == "duplicate" and "a.md" in str(entries["copy.md"]["message"])
    first.unlink()
    moved = summary(realist, empty, empty)["copy.md"]
    assert (moved["status"], moved["study"]) == ("moved", "a")
    assert summary(realist, empty, empty)["copy.md"]["status"] == "unchanged"


def test_two_files_of_one_stem_get_two_ids(realist: Realist, empty: Path) -> None:
    write(empty, "x/study.md", "Staff trusted the ward manager.")
    write(empty, "y/study.md", "Nurses doubted the tool.")
    ids = [entry["study"] for entry in json.loads(realist("--project", empty, "ingest", "--json", empty).out)["files"]]
    assert ids == ["study", "study-2"]


def test_one_bad_file_does_not_stop_the_others(realist: Realist, empty: Path) -> None:
    write(empty, "good.md", "Staff trusted the ward manager.")
    write(empty, "empty.txt", "")
    (empty / "binary.txt").write_bytes(bytes(range(256)) * 40)
    write(empty, "bomb.xml", '<!DOCTYPE a [<!ENTITY b "bbbb">]><article><front/><body><p>&b;</p></body></article>')
    write(empty, "truncated.nxml", "<article><front></front><body><sec><p>Staff")
    (empty / "secret.txt").write_text("x")
    result = realist("--project", empty, "ingest", empty, empty / "none.txt")
    assert result.code == 4
    lines = [line for line in result.out.splitlines() if line.startswith("not read")]
    named = [line.split()[2] for line in lines]
    for name in ("empty.txt", "binary.txt", "bomb.xml", "truncated.nxml"):
        assert any(name in entry for entry in named), (name, result.out)
    assert any("none.txt" in line for line in lines)
    assert "added" in result.out and "Traceback" not in result.out + result.err
    assert realist("--project", empty, "studies", "good").code == 0


def test_broken_utf8_is_read_with_a_note(realist: Realist, empty: Path) -> None:
    (empty / "latin.txt").write_bytes("Staff at the café trusted the manager.".encode("latin-1"))
    entry = summary(realist, empty, empty)["latin.txt"]
    assert entry["status"] == "added" and entry["notes"]
    assert "café" in realist("--project", empty, "studies", "latin", "--text").out


def test_fifty_megabytes_of_one_line_are_refused_quickly(realist: Realist, empty: Path) -> None:
    (empty / "long.txt").write_bytes(b"word " * 10_000_000)
    entry = summary(realist, empty, empty)["long.txt"]
    assert entry["status"] == "failed" and "5,000,000" in str(entry["message"])


def test_control_sequences_never_reach_the_terminal(realist: Realist, empty: Path) -> None:
    write(
        empty,
        "evil.md",
        '---\ntitle: "T \\u001b[31mred"\n---\n# Results\x1b[2J\n\nStaff \x1b]0;owned\x07trusted \u202ethe manager.',
    )
    realist("--project", empty, "ingest", empty)
    for arguments in (["studies"], ["studies", "evil"], ["studies", "evil", "--text"], ["studies", "evil", "--blocks"]):
        out = realist("--project", empty, *arguments).out
        assert not set(out) & set("\x1b\x07\u202e"), arguments
    assert "Staff trusted the manager." in realist("--project", empty, "studies", "evil", "--text").out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_without_permission_nothing_is_lost(realist: Realist, empty: Path) -> None:
    write(empty, "a.md", "Staff trusted the ward manager.")
    (empty / ".realist").chmod(0o500)
    try:
        result = realist("--project", empty, "ingest", empty)
    finally:
        (empty / ".realist").chmod(0o700)
    assert result.code == 1 and "can't be written" in result.err


def test_a_store_of_other_settings_names_the_command(realist: Realist, project: Path) -> None:
    (project / "realist.toml").write_text("[chunking]\ntarget_tokens = 64\n")
    result = realist("--project", project, "ask", "Why?")
    assert result.code == 1 and "realist ingest --rebuild" in result.err
    assert realist("--project", project, "studies").code == 0
    rebuilt = realist("--project", project, "ingest", "--rebuild", shipped("corpus"))
    assert rebuilt.code == 0 and "5 added" in rebuilt.out


def test_passages_must_fit_the_encoder(realist: Realist, empty: Path) -> None:
    (empty / "realist.toml").write_text("[chunking]\nmax_tokens = 512\n")
    result = realist("--project", empty, "ingest", empty)
    assert result.code == 2 and "256" in result.err


def test_mislabelled_files_are_read_for_what_they_are(realist: Realist, empty: Path, studies_folder: Path) -> None:
    file = studies_folder.parent / "formats" / "mislabelled.pdf"
    if not file.exists():
        pytest.skip("the folder of formats is not beside the studies")
    result = realist("-v", "--project", empty, "ingest", file)
    assert result.code == 0 and "its content is HTML" in " ".join(result.out.split())


def test_metadata_is_edited_and_kept(realist: Realist, project: Path) -> None:
    edit = realist(
        "--project", project, "studies", "rowley-2012", "--set", "year=2013", "--set", "authors=Osei, A; Lind, B"
    )
    assert edit.code == 0
    shown = json.loads(realist("--project", project, "studies", "rowley-2012", "--json").out)
    assert (shown["year"], shown["authors"]) == (2013, ["Osei, A", "Lind, B"])
    rebuilt = realist("--project", project, "ingest", "--rebuild", shipped("corpus"))
    assert rebuilt.code == 0
    kept = json.loads(realist("--project", project, "studies", "rowley-2012", "--json").out)
    assert (kept["year"], kept["authors"], kept["title"]) == (2013, ["Osei, A", "Lind, B"], shown["title"])
    for bad in ("year=soon", "colour=red", "nothing"):
        assert realist("--project", project, "studies", "rowley-2012", "--set", bad).code == 2
    assert realist("--project", project, "studies", "--text").code == 2


def test_unknown_studies_name_the_nearest(realist: Realist, project: Path) -> None:
    result = realist("--project", project, "studies", "rowly-2012")
    assert result.code == 2 and "rowley-2012" in result.err


def test_doctor_finds_a_sound_project(realist: Realist, project: Path) -> None:
    findings = json.loads(realist("--project", project, "doctor", "--json").out)["findings"]
    assert all(finding["well"] for finding in findings)
    assert {finding["check"] for finding in findings} >= {"encoder", "trained weights", "settings", "store", "disk"}


def test_doctor_names_what_is_damaged(realist: Realist, project: Path) -> None:
    (project / ".realist" / "catalogue.sqlite3").write_bytes(b"no database")
    result = realist("--project", project, "doctor")
    assert result.code == 1 and "MEND" in result.out


def test_doctor_names_weights_that_are_not_there(
    realist: Realist, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reranking, "reranker_in", lambda: TrainedPart("reranker", tmp_path / "none", "make it"))
    result = realist("--project", project, "doctor")
    assert result.code == 1 and "MEND trained weights: The reranker's weights can't be read" in result.out
    assert "`make it`" in result.out


def test_a_library_beside_the_files_gives_their_metadata(realist: Realist, empty: Path) -> None:
    write(empty, "huddles.md", "# Results\n\nStaff trusted the ward manager.")
    write(empty, "other.md", "# Results\n\nNurses doubted the tool.")
    summary(realist, empty, empty)
    references = write(
        empty,
        "refs.ris",
        "TY  - JOUR\nAU  - Doe, Jane\nTI  - Huddles at work\nPY  - 2019\nL1  - /x/huddles.pdf\nER  - \n"
        "TY  - JOUR\nTI  - A study of something else\nER  - \n",
    )
    assert realist("--project", empty, "studies", "huddles", "--set", "year=2018").code == 0
    result = realist("--project", empty, "ingest", "--json", "--library", references, empty)
    library = json.loads(result.out)["library"]
    assert library["matched"] == [{"study": "huddles", "by": "file name", "entry": "Huddles at work"}]
    assert library["unmatched"] == ["A study of something else"]
    shown = json.loads(realist("--project", empty, "studies", "huddles", "--json").out)
    assert (shown["title"], shown["authors"], shown["year"]) == ("Huddles at work", ["Doe, Jane"], 2018)
    again = realist("--project", empty, "ingest", "--library", references, empty)
    assert "no study for: A study of something else" in again.out and "metadata of 0 changed" in again.out
    missing = realist("--project", empty, "ingest", "--library", "none.ris", empty)
    assert missing.code == 1 and "none.ris" in missing.err


def test_a_page_is_shown_as_the_tool_sees_it(realist: Realist, empty: Path) -> None:
    write(empty, "a.txt", "Staff trusted the ward manager.\n\fNurses doubted the tool at first.\n")
    summary(realist, empty, empty)
    shown = realist("--project", empty, "studies", "a", "--page", "2")
    assert "Nurses doubted" in shown.out and "Staff trusted" not in shown.out
    none = realist("--project", empty, "studies", "a", "--page", "9")
    assert none.code == 2 and "has no page 9" in none.err
    assert realist("--project", empty, "studies", "--page", "1").code == 2
