"""A chat model that does what an instruction inside a study says, through the commands, on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import Fault, OpenAIServer
from tests.servers.faults import always

from .conftest import Realist
from .terminal import HIDDEN, check, on_a_terminal


@contextmanager
def obeying(fault: Fault, project: Path) -> Iterator[OpenAIServer]:
    """A model that always goes wrong in this way, configured in the project."""
    with OpenAIServer(plan=always(fault)) as server:
        model = f'[model]\nname = "openai:tester"\nbase_url = "{server.url}"\n'
        (project / "realist.toml").write_text(f'[answer]\nengine = "model"\n{model}')
        yield server


@pytest.mark.parametrize("fault", [Fault.OBEYED, Fault.INVENTED_QUOTE, Fault.CHANGED_WORD])
def test_nothing_that_is_made_up_passes_as_checked(fault: Fault, project: Path, realist: Realist) -> None:
    with obeying(fault, project) as server:
        asked = realist("--project", project, "ask", "--json", "Why did boundary spanners help?")
        drafted = realist("--project", project, "extract", "marston-2022", "--jsonl")
    assert len(server.paid) >= 4
    citations, candidates = json.loads(asked.out)["citations"], [json.loads(line) for line in drafted.out.splitlines()]
    assert citations and {citation["status"] for citation in citations} == {"not_found"}
    assert candidates and {candidate["status"] for candidate in candidates} == {"quarantined"}
    assert (asked.code, drafted.code) == (0, 4)
    assert not set(asked.out + drafted.out) & (HIDDEN | {"\x1b"})


def test_what_it_says_is_printed_as_words(project: Path) -> None:
    with obeying(Fault.OBEYED, project):
        shown = on_a_terminal(project, "ask", "Why did boundary spanners help?")
        shown += on_a_terminal(project, "extract", "marston-2022", code=4)
        shown += on_a_terminal(project, "chat", typed="Why did boundary spanners help?\r/quit\r")
    check(shown, words="PWNED https://evil.example/?q=1 <img src=x>")
    assert "NOT FOUND" in shown
