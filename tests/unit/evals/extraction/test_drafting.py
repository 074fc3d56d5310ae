"""A chat-model engine as a system that finds configurations."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.engines.model.engine import ModelEngine
from assistant.errors import ModelFailed
from evals.extraction.drafting import Drafting
from evals.extraction.predictions import configurations_of
from evals.suite.parts import Sample, Waiting
from tests.unit.engines.model.scripted import PROMPTS, Scripted, configuration, study_of

STUDY = study_of()
SAMPLE = Sample("digests/trial", "digests", "trial", (), None)


class Texts:
    def study(self, name: str) -> Any:
        return STUDY


class World:
    def of(self, name: str) -> Texts:
        return Texts()


def drafting(*replies: Any) -> Drafting:
    world: Any = World()
    return Drafting(world, ModelEngine("test:drafter", Scripted(replies), PROMPTS, in_hand=5))


def test_candidates_become_a_coding_by_their_places() -> None:
    system = drafting({"configurations": [configuration()]})
    found = system.predict(SAMPLE)
    (one,) = configurations_of(found["configurations"])
    assert one.passage.of(STUDY.text) == configuration()["passage"]
    assert [span.of(STUDY.text) for span in (*one.context, *one.resource, *one.reasoning, *one.outcome)] == [
        "nurses knew each other",
        "the huddle",
        "they felt safe",
        "candour",
    ]
    assert found["usage"]["calls"] == 1 and found["problems"] == []
    assert system.settings["engine"]["model"] == "test:drafter"
    assert system.settings["engine"]["prompt"] == {"id": "draft", "hash": PROMPTS.draft.record.hash}
    assert isinstance(system, Waiting) and system.in_hand == 5


def test_a_quote_that_is_not_there_makes_no_configuration_and_is_told() -> None:
    found = drafting({"configurations": [configuration(outcome=["peace on earth"])]}).predict(SAMPLE)
    assert found["configurations"] == [] and "quarantined" in found["problems"][0]


def test_a_study_of_which_nothing_was_read_is_an_error_and_none_without_configurations_is_not() -> None:
    with pytest.raises(ModelFailed, match="nothing usable"):
        drafting("No.").predict(SAMPLE)
    assert drafting({"configurations": []}).predict(SAMPLE)["configurations"] == []
