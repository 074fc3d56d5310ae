"""The prompts that ship, and those that a project puts in their place."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.engines.model.prompting import Prompts, repair_of, request_for
from assistant.engines.model.replies import AnswerReply, DraftReply, schema_of
from assistant.errors import PromptError
from assistant.shipped import shipped

from .scripted import PROMPTS, given


def test_every_prompt_that_ships_is_loaded_and_no_other_lies_there() -> None:
    assert {file.stem for file in shipped("prompts").iterdir()} == {field.name for field in fields(Prompts)}
    assert PROMPTS.draft.sources and PROMPTS.draft.version >= 1


@pytest.mark.parametrize("word", ["context", "resource", "reasoning", "outcome", "polarity", "inferred", "hypothesis"])
def test_the_drafting_prompt_teaches_the_codebook(word: str) -> None:
    assert word in PROMPTS.draft.system


def test_a_request_shows_the_examples_and_then_the_task() -> None:
    request = request_for("answer/1", PROMPTS.answer, AnswerReply, {"passages": "P1 | x", "question": "Why?"})
    speakers = [message.speaker for message in request.messages]

    assert speakers == ["system", *["user", "assistant"] * len(PROMPTS.answer.examples), "user"]
    assert json.loads(request.messages[2].text) == PROMPTS.answer.examples[0].reply
    assert given(request) == "P1 | x"
    assert request.messages[-1].text.endswith("Question: Why?")
    assert request.prompt == PROMPTS.answer.record and request.schema["title"] == "answer"


def test_the_system_message_is_the_same_for_every_text() -> None:
    one, two = (request_for("d", PROMPTS.draft, DraftReply, {"window": text}) for text in ("One.", "Two."))
    assert one.messages[:-1] == two.messages[:-1] and one.messages[-1] != two.messages[-1]
    assert one == request_for("d", PROMPTS.draft, DraftReply, {"window": "One."})


def test_a_repair_goes_on_with_the_conversation() -> None:
    request = request_for("d/01", PROMPTS.draft, DraftReply, {"window": "One."})
    repair = repair_of(request, "", PROMPTS.repair, "1. This.")
    assert repair.messages[: len(request.messages)] == request.messages
    assert [message.speaker for message in repair.messages[-2:]] == ["assistant", "user"]
    assert repair.messages[-2].text and "1. This." in repair.messages[-1].text
    assert (repair.item, repair.prompt, repair.schema) == ("d/01/repair", PROMPTS.repair.record, request.schema)


def test_a_schema_demands_every_field_and_takes_no_other() -> None:
    schema = schema_of(DraftReply)
    configuration = schema["$defs"]["StatedConfiguration"]
    assert configuration["required"] == list(configuration["properties"])
    assert configuration["additionalProperties"] is schema["additionalProperties"] is False
    assert "title" not in configuration and schema["title"] == "configurations"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("schema: configurations", "schema: answer", "schema must be called configurations"),
        ("polarity: enabling", "polarity: upward", "example 1 does not fit"),
        ("certainty: high\n", "certainty: high\n          colour: red\n", "colour"),
        ("verbatim: [passage, context, resource, reasoning, outcome]\n", "", "verbatim must name context, outcome"),
        ('outcome: ["fewer doses were missed"]', 'outcome: ["no dose was missed"]', "does not stand in its text"),
    ],
)
def test_a_prompt_that_does_not_fit_its_task_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    text = (shipped("prompts") / "draft.md").read_text("utf-8")
    (tmp_path / "draft.md").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PromptError) as caught:
        Prompts.load([tmp_path, shipped("prompts")])
    assert why in str(caught.value)


def test_a_project_may_not_leave_the_marks_out(tmp_path: Path) -> None:
    text = (shipped("prompts") / "draft.md").read_text("utf-8")
    (tmp_path / "draft.md").write_text(text.replace("$mark", "---").replace("[mark, window]", "[window]"), "utf-8")
    with pytest.raises(PromptError, match="variables must be mark, window"):
        Prompts.load([tmp_path, shipped("prompts")])


def test_a_projects_own_prompt_takes_the_place_of_one_only(tmp_path: Path) -> None:
    shutil.copy(shipped("prompts") / "answer.md", tmp_path)
    own = tmp_path / "answer.md"
    own.write_text(own.read_text("utf-8").replace("You answer questions", "You answer hard questions"), "utf-8")
    prompts = Prompts.load([tmp_path, shipped("prompts")])
    assert "hard questions" in prompts.answer.system
    assert prompts.answer.record != PROMPTS.answer.record and prompts.draft == PROMPTS.draft
