from __future__ import annotations

import pytest

from assistant.retrieval.cues import Cue, count


@pytest.mark.parametrize(
    ("cue", "text", "expected"),
    [
        (Cue.QUANTITY, "In all, 44 nurses and twelve porters took part (56%).", 3),
        (Cue.QUANTITY, "Staff were pleased.", 0),
        (Cue.TIME, "It ran from May 2013 for two years.", 3),
        (Cue.PERSON, "A nurse told the manager.", 2),
        (Cue.PLACE, "Rooms in Leeds were rural.", 2),
        (Cue.REASON, "They left because the shifts were long, which led to gaps.", 2),
        (Cue.SPEECH, "“Nobody knew,” one said.", 3),
        (Cue.PROCEDURE, "Interviews were transcribed and coded.", 3),
    ],
)
def test_counts_places(cue: Cue, text: str, expected: int) -> None:
    assert count(cue, text) == expected


@pytest.mark.parametrize("cue", list(Cue))
def test_nothing_in_nothing(cue: Cue) -> None:
    assert count(cue, "") == 0
