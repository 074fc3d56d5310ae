"""Drafts become located candidates, and repeats of a claim one candidate."""

from __future__ import annotations

import pytest

from assistant.domain.cmo import CandidateStatus, DraftConfiguration, Level, Polarity, Role
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import QuoteStatus
from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.work.candidates import configure, merge

ENGINE = EngineRecord("extractive/1", "rules/1")
FIRST = "The weekly huddle led to earlier reporting of errors."
AGAIN = "In short, the weekly huddle led to earlier reporting of errors by clerks."
OTHER = "Shared rotas hindered contact between teams."


@pytest.fixture
def study() -> Study:
    blocks = [
        RawBlock(BlockKind.HEADING, "Findings", level=1, section_type=SectionType.RESULTS),
        RawBlock(BlockKind.PARAGRAPH, f"{FIRST} {OTHER}", page=2),
        RawBlock(BlockKind.HEADING, "Conclusion", level=1, section_type=SectionType.CONCLUSION),
        RawBlock(BlockKind.PARAGRAPH, AGAIN, page=9),
    ]
    return build_study("trial", SourceFile("trial.txt", "0" * 64, "text"), RawStudy(blocks))


def proposed(
    cause: str, outcome: str, passage: str, confidence: float = 0.5, at: int | None = None, **changes: object
) -> DraftConfiguration:
    values: dict[str, object] = {
        "marks": ((Role.RESOURCE, cause, at), (Role.OUTCOME, outcome, None)),
        "passages": ((passage, None),),
        "level": Level.FINDING,
        "polarity": Polarity.ENABLING,
        "confidence": confidence,
        **changes,
    }
    return DraftConfiguration(**values)  # type: ignore[arg-type]


def first(confidence: float = 0.5) -> DraftConfiguration:
    return proposed("The weekly huddle", "earlier reporting of errors", FIRST, confidence)


def again(confidence: float = 0.5) -> DraftConfiguration:
    return proposed("the weekly huddle", "earlier reporting of errors by clerks", AGAIN, confidence)


def test_quotes_are_located_and_the_place_is_named(study: Study) -> None:
    candidate = configure(study, first(), ENGINE)

    assert candidate.status is CandidateStatus.CANDIDATE
    assert [quote.status for quote in candidate.quotes] == [QuoteStatus.EXACT] * 3
    assert (candidate.evidence[0].section, candidate.evidence[0].page) == ("Findings", 2)
    assert candidate.id.startswith("trial-") and len(candidate.id) == len("trial-") + 8
    assert candidate.statement == "The outcome is earlier reporting of errors, through the weekly huddle."


def test_an_engine_that_states_is_left_its_words(study: Study) -> None:
    draft = proposed("The weekly huddle", "earlier reporting of errors", FIRST, statement=" Huddles help. ")

    assert configure(study, draft, ENGINE).statement == "Huddles help."


def test_the_offset_tells_two_places_apart(study: Study) -> None:
    at = study.text.index("the weekly huddle")
    candidate = configure(study, proposed("the weekly huddle", "contact", OTHER, at=at), ENGINE)

    assert candidate.mechanism.resource[0].span is not None
    assert candidate.mechanism.resource[0].span.start == at


def test_an_invented_quote_is_set_apart(study: Study) -> None:
    candidate = configure(study, proposed("The monthly picnic", "earlier reporting of errors", "Never said."), ENGINE)

    assert candidate.status is CandidateStatus.QUARANTINED
    assert candidate.evidence[0].section == ""
    assert candidate.evidence[0].page is None


def test_a_draft_without_outcome_is_refused(study: Study) -> None:
    draft = proposed("", "", FIRST, marks=((Role.CONTEXT, "clerks", None),))

    with pytest.raises(ValueError, match="needs an outcome"):
        configure(study, draft, ENGINE)


def test_ids_follow_the_spans(study: Study) -> None:
    assert configure(study, first(), ENGINE).id == configure(study, first(0.9), ENGINE).id
    assert configure(study, first(), ENGINE).id != configure(study, again(), ENGINE).id


def test_repeats_join_the_surest(study: Study) -> None:
    weak, sure = configure(study, first(0.4), ENGINE), configure(study, again(0.8), ENGINE)
    (merged,) = merge([weak, sure])

    assert merged.id == sure.id
    assert merged.confidence == 0.8
    assert [item.section for item in merged.evidence] == ["Conclusion", "Findings"]


def test_merging_twice_changes_nothing(study: Study) -> None:
    once = merge(configure(study, draft, ENGINE) for draft in (first(), again(), first()))

    assert merge(once) == once
    assert len(once[0].evidence) == 2


def test_different_claims_stay_apart_in_the_order_of_the_text(study: Study) -> None:
    rota = proposed("Shared rotas", "hindered contact between teams", OTHER, 0.9)
    merged = merge(configure(study, draft, ENGINE) for draft in (rota, first()))

    assert [one.mechanism.resource[0].text for one in merged] == ["The weekly huddle", "Shared rotas"]


def test_overlapping_spans_are_one_claim(study: Study) -> None:
    longer = proposed("weekly huddle", "earlier reporting of errors", FIRST, 0.6)

    assert len(merge(configure(study, draft, ENGINE) for draft in (first(), longer))) == 1


@pytest.mark.parametrize("changes", [{"level": Level.QUOTE}, {"polarity": Polarity.MIXED}])
def test_levels_and_polarities_stay_apart(study: Study, changes: dict[str, object]) -> None:
    other = proposed("The weekly huddle", "earlier reporting of errors", FIRST, **changes)  # type: ignore[arg-type]

    assert len(merge(configure(study, draft, ENGINE) for draft in (first(), other))) == 2


def test_what_is_set_apart_never_joins_the_good(study: Study) -> None:
    bad = proposed("The weekly huddle", "earlier reporting of errors", "Never said.", 0.9)
    merged = merge(configure(study, draft, ENGINE) for draft in (first(), bad))

    assert sorted(one.status for one in merged) == [CandidateStatus.CANDIDATE, CandidateStatus.QUARANTINED]
