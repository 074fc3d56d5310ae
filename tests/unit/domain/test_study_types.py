import hashlib

import pytest

from assistant.domain.cmo import CandidateStatus, CmoConfiguration, Evidence, Level, Mechanism, Polarity
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.domain.study import (
    Bibliography,
    Block,
    BlockKind,
    Section,
    SectionType,
    SourceFile,
    Study,
    slug,
)

SOURCE = SourceFile("a.txt", "0" * 64, "text")
SECTION = Section(SectionType.RESULTS, ("Results",), Span(0, 20))
TEXT = "Results\n\nTrust grew."


def study(*blocks: Block, text: str = TEXT) -> Study:
    return Study("a", text, blocks, (SECTION,), Bibliography(), SOURCE)


def test_a_study_knows_its_hash_and_its_blocks() -> None:
    heading = Block(BlockKind.HEADING, Span(0, 7), 0, level=1)
    paragraph = Block(BlockKind.PARAGRAPH, Span(9, 20), 0)
    made = study(heading, paragraph)
    assert made.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert made.block_at(0) is heading
    assert made.block_at(8) is None
    assert made.block_at(19) is paragraph
    assert made.block_at(20) is None
    assert made.section_of(paragraph).title == "Results"


def test_blocks_must_be_in_order_inside_the_text_and_owned() -> None:
    with pytest.raises(ValueError, match="out of order"):
        study(Block(BlockKind.PARAGRAPH, Span(9, 20), 0), Block(BlockKind.HEADING, Span(0, 7), 0))
    with pytest.raises(ValueError, match="ends after"):
        study(Block(BlockKind.PARAGRAPH, Span(9, 99), 0))
    with pytest.raises(ValueError, match="section 3"):
        study(Block(BlockKind.PARAGRAPH, Span(9, 20), 3))


@pytest.mark.parametrize(
    ("authors", "year", "label"),
    [
        ((), None, ""),
        ((), 2020, "2020"),
        (("Osei, Ama",), 2020, "Osei 2020"),
        (("Osei, Ama", "Lind, Per"), 2020, "Osei and Lind 2020"),
        (("Osei, Ama", "Lind, Per", "Ito, K"), None, "Osei et al."),
    ],
)
def test_labels_are_as_researchers_cite(authors: tuple[str, ...], year: int | None, label: str) -> None:
    assert Bibliography(authors=authors, year=year).label == label


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Osei 2020 (final)", "osei-2020-final"), ("a__b", "a-b"), ("???", "study"), ("Größe", "größe")],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def configuration(**changes: object) -> CmoConfiguration:
    fields: dict[str, object] = {
        "id": "a-1",
        "study": "a",
        "statement": "Where staff met, trust grew.",
        "context": (Quote.at(TEXT, Span(9, 14)),),
        "mechanism": Mechanism(),
        "outcome": (Quote.at(TEXT, Span(9, 19)),),
        "evidence": (Evidence(Quote.at(TEXT, Span(9, 20)), "Results", None),),
        "level": Level.FINDING,
        "polarity": Polarity.ENABLING,
        "confidence": 0.5,
        "engine": EngineRecord("extractive/1"),
    }
    return CmoConfiguration(**{**fields, **changes})  # type: ignore[arg-type]


def test_what_is_stated_follows_from_the_spans() -> None:
    stated = configuration().stated
    assert (stated.context, stated.mechanism, stated.outcome) == (True, False, True)
    assert configuration().status is CandidateStatus.CANDIDATE


def test_a_quote_that_is_not_found_quarantines() -> None:
    missing = Quote("never said", None, QuoteStatus.NOT_FOUND)
    assert configuration(context=(missing,)).status is CandidateStatus.QUARANTINED


def test_a_configuration_needs_an_outcome_and_a_cause() -> None:
    with pytest.raises(ValueError, match="needs an outcome"):
        configuration(outcome=())
    with pytest.raises(ValueError, match="needs an outcome"):
        configuration(context=())
    with pytest.raises(ValueError, match="confidence"):
        configuration(confidence=1.5)
