import io
from pathlib import Path

import pytest

from .conftest import Realist


@pytest.fixture
def say(realist: Realist, project: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Pipes lines into the chat and gives what it did."""

    def call(*lines: str, arguments: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
        return realist("--project", project, "chat", *arguments)

    return call


def test_questions_and_follow_ups(say) -> None:  # type: ignore[no-untyped-def]
    result = say("Why did boundary spanners help implementation?", "", "what else did they do?")
    assert result.code == 0
    assert result.out.count("[1] ") >= 1 and "checked" in result.out
    assert "Asked as: what else did they do?" in result.err and "boundary" in result.err


def test_narrowing_to_a_study(say) -> None:  # type: ignore[no-untyped-def]
    result = say("/study spyridonidis-2015", "How did leadership change over time?", "/sources", "/study", "/study all")
    assert "Searching spyridonidis-2015." in result.err and "Searching all studies." in result.err
    assert "(rycroft-malone-2016)" not in result.out
    assert "similarity" in result.out and "* spyridonidis-2015" in result.out


def test_candidates_in_the_chat(say) -> None:  # type: ignore[no-untyped-def]
    result = say("/cmo", "/cmo marston-2022", "/study rowley-2012", "/cmo")
    assert "Name a study" in result.err
    assert "marston-2022: " in result.out and "rowley-2012: " in result.out and "outcome" in result.out


def test_saving_never_overwrites(say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "talk.md"
    result = say("/save", f"/save {file}", "Why did boundary spanners help?", f"/save {file}", f"/save {file}")
    assert "Name a file" in result.err and "Ask something first" in result.err
    assert "Wrote 1 answers" in result.err and "is there already" in result.err
    assert file.read_text("utf-8").startswith("# A conversation with realist\n\n## Why did boundary spanners help?")
    refused = say("Why did boundary spanners help?", f"/save {tmp_path}/no/folder.md")
    assert "can't be written" in refused.err


def test_mistakes_do_not_end_the_chat(say) -> None:  # type: ignore[no-untyped-def]
    result = say("/sorces", "/study nowhere", "why " * 30_000, "/sources", "/help", "/quit", "Why?")
    assert result.code == 0
    assert "Did you mean /sources?" in result.err and "nowhere" in result.err and "2,000" in result.err
    assert "/save FILE" in result.out and "Nothing was searched yet." in result.err


def test_beginning_with_one_study(say) -> None:  # type: ignore[no-untyped-def]
    assert say("/study", arguments=("--study", "rowley-2012")).out.count("* rowley-2012") == 1
    assert say("/quit", arguments=("--study", "rowley")).code == 2
