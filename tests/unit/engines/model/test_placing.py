"""Where the quotes of a configuration stand; what is altered, or put together, is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import CandidateStatus, CmoConfiguration, Role
from assistant.domain.engine import EngineRecord
from assistant.domain.study import Study
from assistant.engines.model.drafting import study_windows
from assistant.engines.model.placing import Placing
from assistant.engines.model.replies import StatedConfiguration
from assistant.engines.model.windows import WindowSize, whole_sections
from assistant.work.candidates import configure

from .scripted import METHODS, PARAGRAPH, configuration, study_of

ENGINE = EngineRecord("model/1", "scripted")


def placing(study: Study) -> Placing:
    (window,) = study_windows(study, whole_sections, WindowSize())
    return Placing(study.text, window)


def stated(**changes: Any) -> StatedConfiguration:
    return StatedConfiguration.model_validate(configuration(**changes))


def candidate(one: StatedConfiguration, study: Study) -> CmoConfiguration:
    drafted = placing(study).drafted(one)
    assert drafted is not None
    return configure(study, drafted, ENGINE)


def test_quotes_that_stand_there_have_their_places() -> None:
    study = study_of()
    assert placing(study).fault(stated()) == ""
    drafted = placing(study).drafted(stated())
    assert drafted is not None
    assert {role for role, _, _ in drafted.marks} == set(Role)
    for words, at in [(words, at) for _, words, at in drafted.marks] + list(drafted.passages):
        assert at is not None and study.text.startswith(words, at)
    assert drafted.confidence == 0.75 and drafted.statement.startswith("Where nurses know")
    assert candidate(stated(), study).status is CandidateStatus.CANDIDATE


def test_a_passage_that_was_altered_gives_way_to_the_sentences_that_hold_the_phrases() -> None:
    study = study_of()
    altered = stated(passage="Where nurses knew one another, huddles led to candour.")
    assert placing(study).fault(altered) == ""
    (evidence,) = candidate(altered, study).evidence
    assert evidence.quote.text == configuration()["passage"]


def test_a_phrase_outside_its_passage_widens_it() -> None:
    study = study_of()
    wide = candidate(stated(context=["It met on Mondays"]), study)
    assert wide.status is CandidateStatus.CANDIDATE
    assert wide.evidence[0].quote.text.endswith("because they felt safe. It met on Mondays.")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": ["great candour"]},
        {"context": ["nurses knew each other", "nurses liked each other"]},
        {
            "passage": METHODS,
            "context": [],
            "resource": [],
            "reasoning": ["staff of nine wards"],
            "outcome": ["read their notes"],
        },
        {
            "passage": "",
            "context": [],
            "resource": [],
            "reasoning": ["Huddles make every ward"],
            "outcome": ["a kinder place"],
        },
        {"outcome": ["candou"]},
    ],
    ids=["altered", "one of two", "methods", "references", "part of a word"],
)
def test_what_was_not_sent_is_a_fault_and_stays_quarantined(changes: dict[str, Any]) -> None:
    study = study_of()
    assert "Not found" in placing(study).fault(stated(**changes))
    assert candidate(stated(**changes), study).status is CandidateStatus.QUARANTINED


def test_phrases_from_all_over_are_evidence_for_nothing() -> None:
    filler = " ".join(f"Ward {number} kept its habits." for number in range(8))
    study = study_of(f"{PARAGRAPH} {filler} Doses went missing at night.")
    stitched = stated(outcome=["Doses went missing at night"])
    assert "not near the rest" in placing(study).fault(stitched)
    made = candidate(stitched, study)
    assert made.status is CandidateStatus.QUARANTINED
    assert all(quote.found for quote in made.outcome) and not made.evidence[0].quote.found


def test_words_serve_one_role_only() -> None:
    study = study_of()
    both = candidate(stated(context=["nurses knew each other", "candour"], reasoning=["because they felt safe"]), study)
    assert [quote.text for quote in both.context] == ["nurses knew each other"]
    assert [quote.text for quote in both.outcome] == ["candour"]


@pytest.mark.parametrize("changes", [{"outcome": []}, {"context": [], "resource": [], "reasoning": []}])
def test_without_an_outcome_or_a_cause_it_is_no_configuration(changes: dict[str, Any]) -> None:
    assert "needs an outcome" in placing(study_of()).fault(stated(**changes))
    assert placing(study_of()).drafted(stated(**changes)) is None


WORDS = PARAGRAPH.split()
OTHER_STUDY = "Parents who joined the choir slept better since singing calmed them."


@given(
    st.integers(0, len(WORDS) - 4), st.integers(3, 8), st.sampled_from(["insert", "delete", "swap", "other"]), st.data()
)
def test_no_altered_quote_passes(start: int, length: int, change: str, data: st.DataObject) -> None:
    study = study_of()
    words = WORDS[start : start + length]
    at = data.draw(st.integers(1, len(words) - 2))
    altered = {
        "insert": [*words[:at], data.draw(st.sampled_from(["not", "gladly", "or", "7"])), *words[at:]],
        "delete": words[:at] + words[at + 1 :],
        "swap": [*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]],
        "other": OTHER_STUDY.split()[: len(words)],
    }[change]
    quote = " ".join(altered)
    if quote in " ".join(WORDS):
        return
    made = candidate(stated(outcome=[quote]), study)
    assert made.status is CandidateStatus.QUARANTINED
    assert all(
        span is None or span.of(study.text) == words for words, span in ((one.text, one.span) for one in made.quotes)
    )
    assert not any(one.found for one in made.outcome)
