"""Prompt files: what loading refuses, and what filling in leaves alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.text.prompts import load_prompt

GOOD = """---
id: sum
version: 3
purpose: Sums up.
variables: [text]
schema: summary
verbatim: [quote]
sources: [a book]
examples:
  - given: {text: "Rain fell, and the fair was off."}
    reply: {items: [{quote: "the fair was off"}]}
---
[system]
Sum up. Prices in $$ stay.

[user]
Text: $text costs $$5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sum.md").write_text(GOOD, "utf-8")
    return tmp_path


def test_a_prompt_knows_its_content(folder: Path) -> None:
    prompt = load_prompt("sum", [folder])

    assert (prompt.record.id, prompt.version, prompt.schema) == ("sum", 3, "summary")
    assert prompt.record.hash == hashlib.sha256(GOOD.encode()).hexdigest()
    assert prompt.examples[0].given == {"text": "Rain fell, and the fair was off."}
    assert prompt.system.startswith("Sum up.")


def test_values_are_filled_in_once(folder: Path) -> None:
    filled = load_prompt("sum", [folder]).filled({"text": "$text and ${user} and $"})
    assert filled == "Text: $text and ${user} and $ costs $5"


def test_a_value_that_is_missing_is_an_error(folder: Path) -> None:
    with pytest.raises(KeyError):
        load_prompt("sum", [folder]).filled({})


def test_the_first_folder_that_has_it_wins(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.mktemp("own")
    assert load_prompt("sum", [own, folder]).version == 3
    (own / "sum.md").write_text(GOOD.replace("version: 3", "version: 4"), "utf-8")
    assert load_prompt("sum", [own, folder]).version == 4


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("$text", "$test", "names the variables text and uses test"),
        ("variables: [text]", "variables: [text, more]", "more, text and uses text"),
        ("$$5", "$5", "no variable follows"),
        ('the fair was off"}', 'the fair was on"}', "“the fair was on”, which does not stand"),
        ('the fair was off"}', 'he fair was of"}', "does not stand"),
        ("verbatim: [quote]", "verbatim: [qoute]", "no example shows a quote under qoute"),
        ("given: {text:", "given: {txt:", "gives txt"),
        ("id: sum", "id: some", "its id is some"),
        ("version: 3", "version: three", "version"),
        ("purpose: Sums up.", "purpose: Sums up.\ncolour: red", "colour"),
        ("[user]\n", "", "lacks the front matter"),
        ("---\nid", "id", "lacks the front matter"),
        ("schema: summary", "schema: [", "line 7"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_reason(folder: Path, old: str, new: str, why: str) -> None:
    (folder / "sum.md").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(PromptError, match=r"sum\.md") as caught:
        load_prompt("sum", [folder])
    assert why in str(caught.value) and "Mend it" in str(caught.value)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "sum.md").write_bytes(b"---\n\xff\n---\n")
    with pytest.raises(PromptError):
        load_prompt("sum", [folder])


def test_one_that_is_nowhere_is_named(folder: Path) -> None:
    with pytest.raises(PromptError, match="no prompt called nothing"):
        load_prompt("nothing", [folder])
