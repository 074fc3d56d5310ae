"""Which way the words round an outcome take it."""

from __future__ import annotations

import pytest

from assistant.domain.spans import Span
from assistant.tagging.directions import Direction, Way, direction, direction_of

COMES, FAILS, HELD, AFFECTED = Way.COMES, Way.FAILS, Way.HELD_BACK, Way.AFFECTED

BESIDE = [
    ("the new ferry brought ", " to the island", Direction(COMES)),
    ("the timetable hindered ", ".", Direction(HELD)),
    ("which did not lead to ", "", Direction(FAILS)),
    ("the whistle may help to ", "", Direction(COMES, hedged=True)),
    ("the tide made it difficult for them to ", "", Direction(HELD)),
    ("The leaflets were ineffective in ", "", Direction(FAILS)),
    ("", " was badly hampered by the fog", Direction(HELD)),
    ("", " did not improve because", Direction(FAILS)),
    ("", " depends on the weather", Direction(COMES)),
    ("the pilot did not prevent ", "", Direction(COMES)),
    ("the length of the queue influenced ", "", Direction(AFFECTED)),
    ("", " were shaped by the weather", Direction(AFFECTED)),
    ("the crew didn't ", "", Direction(FAILS, verbal=True)),
    ("the deck was not only for ", "", Direction(COMES)),
    ("the stairs might be a barrier to the ", "", Direction(HELD, hedged=True)),
    ("not the bridge but the ferry led to ", "", Direction(COMES)),
    ("shorter shifts reduced ", "", Direction(HELD)),
    ("with no time to spare, the mate chose ", "", Direction(COMES)),
    ("the buoys are intended to ", "", Direction(COMES, hedged=True)),
    ("the ramp can ", "", Direction(COMES, verbal=True)),
    ("the crew may also ", "", Direction(COMES, hedged=True, verbal=True)),
]


@pytest.mark.parametrize(("before", "after", "expected"), BESIDE)
def test_the_words_beside_an_outcome_tell_its_way(before: str, after: str, expected: Direction) -> None:
    assert direction(before, after) == expected


def test_only_the_outcomes_own_sentence_is_read_and_no_further_than_the_next_mark() -> None:
    text = "Fog hindered the pilots. Late ferries and noise prevented sleep. It did not help."
    sleep, noise = Span(58, 63), Span(42, 47)

    assert (sleep.of(text), noise.of(text)) == ("sleep", "noise")
    assert direction_of(text, sleep, [noise]).way is HELD
    assert direction_of(text, sleep, [Span(48, 58)]).way is COMES
    assert direction_of(text, Span(25, 37), []).way is COMES


@pytest.mark.parametrize("word", ["been", "only", "less likely to", "not"])
def test_a_long_run_of_such_words_that_leads_nowhere_ends(word: str) -> None:
    # Read in every way that each word allows, it would take years.
    assert direction(f"{word} " * 60 + "zebra ", "").way is Way.COMES
