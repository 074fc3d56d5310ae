"""What is shown of a study's candidates."""

from __future__ import annotations

import pytest

from assistant.domain.cmo import CmoConfiguration, Level, Mechanism, Polarity
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.work.selecting import Selection


def quote(words: str, at: int) -> Quote:
    return Quote(words, Span(at, at + len(words)), QuoteStatus.EXACT)


def candidate(
    at: int, *, confidence: float = 0.5, level: Level = Level.FINDING, whole: bool = True
) -> CmoConfiguration:
    return CmoConfiguration(
        id=f"s-{at}",
        study="s",
        statement="",
        context=(quote("small wards", at),) if whole else (),
        mechanism=Mechanism(reasoning=(quote("trust", at + 20),)),
        outcome=(quote("errors were reported", at + 40),),
        evidence=(),
        level=level,
        polarity=Polarity.ENABLING,
        confidence=confidence,
        engine=EngineRecord("extractive/1"),
    )


FOUND = (
    candidate(300, confidence=0.9),
    candidate(100, confidence=0.2),
    candidate(500, level=Level.QUOTE),
    candidate(700, whole=False),
)


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(), ["s-300", "s-500", "s-700"]),
        (Selection(group=False), ["s-100", "s-300", "s-500", "s-700"]),
        (Selection(min_confidence=0.6), ["s-300"]),
        (Selection(levels=frozenset({Level.QUOTE})), ["s-500"]),
        (Selection(complete=True, group=False), ["s-100", "s-300", "s-500"]),
    ],
)
def test_what_is_selected_in_the_order_of_the_text(selection: Selection, ids: list[str]) -> None:
    assert [one.id for one in selection.of(FOUND)] == ids
