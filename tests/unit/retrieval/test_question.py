from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.cues import Cue
from assistant.retrieval.question import analyse


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how many nurses left", Cue.QUANTITY),
        ("what share of wards closed?", Cue.QUANTITY),
        ("when did it begin", Cue.TIME),
        ("where was the trial run", Cue.PLACE),
        ("who chaired the board", Cue.PERSON),
        ("why did the rota fail", Cue.REASON),
        ("barriers to rest", Cue.REASON),
        ("did the rota help?", Cue.REASON),
        ("what did the porters say about it", Cue.SPEECH),
        ("how were the diaries analysed", Cue.PROCEDURE),
        ("limitations of the ward study", Cue.PROCEDURE),
        ("trust in teams", None),
        ("what happened when the money ran out", None),
    ],
)
def test_tells_the_kind_of_answer(text: str, kind: Cue | None) -> None:
    assert analyse(text).kind is kind


def test_furniture_and_repeats_are_left_out_of_the_stems() -> None:
    asked = analyse("How many nurses, nurses on wards, did the study report?")
    assert asked.stems == ("nurs", "ward")
    assert asked.terms == ("nurses", "wards")


def test_furniture_stays_where_there_is_nothing_else() -> None:
    assert analyse("what studies?").stems == ("studi",)


def test_names_are_acronyms_capitalised_words_and_numbers() -> None:
    assert analyse("Did NHS staff in Leeds like ward 7?").names == {"nhs", "leed", "7"}
    assert analyse("Staff on wards").names == frozenset()
    assert analyse("NHS staff").names == {"nhs"}


@given(st.text(max_size=80))
def test_any_text_is_taken_apart(text: str) -> None:
    asked = analyse(text)
    assert len(asked.stems) == len(set(asked.stems)) == len(asked.terms)
