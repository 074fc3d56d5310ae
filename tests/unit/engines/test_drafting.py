"""Drafting without a chat model, from a study to located candidates."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.domain.cmo import CandidateStatus, Level, Polarity, Role
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.engines.extractive.drafting import draft
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.tagging.rules import RuleTagger
from assistant.tagging.tags import Mark, SentenceInPlace, TaggedClaim
from assistant.work.candidates import configure, merge

PARAGRAPH = (
    "Where nurses knew each other, the huddle led to candour because they felt safe. It met on Mondays. "
    "Porters stayed on because they trusted the matron. "
)


def study_of(text: str) -> Study:
    blocks = [
        RawBlock(BlockKind.HEADING, "Results", level=1, section_type=SectionType.RESULTS),
        RawBlock(BlockKind.PARAGRAPH, text, page=3),
    ]
    return build_study("trial", SourceFile("trial.txt", "0" * 64, "text"), RawStudy(blocks))


def test_drafts_quote_the_study_at_their_offsets() -> None:
    study = study_of(PARAGRAPH)
    drafts = list(draft(study, RuleTagger()))

    assert len(drafts) == 2
    for one in drafts:
        quotes = [(words, at) for _, words, at in one.marks] + list(one.passages)
        assert all(at is not None and study.text.startswith(words, at) for words, at in quotes)


def test_another_tagger_stands_in_for_the_rules() -> None:
    class OneMark:
        name = "one/1"

        def claims(self, sentences: Sequence[SentenceInPlace]) -> Sequence[TaggedClaim]:
            span = sentences[0].span
            marks = (
                Mark(Span(span.start, span.start + 5), Role.CONTEXT),
                Mark(Span(span.start + 6, span.end), Role.OUTCOME),
            )
            return [TaggedClaim(span, marks, Level.FINDING, Polarity.MIXED, 0.5)]

    (only,) = draft(study_of(PARAGRAPH), OneMark())

    assert only.confidence == 0.5
    assert only.marks[0][1] == "Where"


def test_time_grows_with_length_only() -> None:
    def seconds(copies: int) -> float:
        study = study_of(PARAGRAPH * copies)
        begun = time.perf_counter()
        assert len(list(draft(study, RuleTagger()))) >= 2
        return time.perf_counter() - begun

    seconds(1)
    assert seconds(400) < 12 * max(seconds(100), 0.02)


@pytest.mark.studies
def test_every_span_of_real_studies_resolves() -> None:
    folder = os.environ.get("REALIST_TEST_STUDIES")
    if not folder:
        pytest.skip("REALIST_TEST_STUDIES names no folder of study texts")
    from assistant.readers.registry import read_study

    for path in sorted(Path(folder).glob("*.txt")):
        study = read_study(path)
        record = EngineRecord("extractive/1", "rules/1")
        candidates = merge(configure(study, one, record) for one in draft(study, RuleTagger()))
        assert candidates == merge(configure(study, one, record) for one in draft(study, RuleTagger()))
        assert len(candidates) > 10
        for candidate in candidates:
            assert candidate.status is CandidateStatus.CANDIDATE
            for quote in candidate.quotes:
                assert quote.span is not None and quote.span.of(study.text) == quote.text
            for quote in candidate.quotes:
                block = study.block_at(quote.span.start) if quote.span else None
                assert block is not None
                assert study.section_of(block).type not in {
                    SectionType.METHODS,
                    SectionType.REFERENCES,
                    SectionType.BACK_MATTER,
                }
