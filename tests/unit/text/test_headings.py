from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import SectionType
from assistant.text.headings import (
    SectionTyper,
    heading_type,
    is_known_heading,
    is_main_heading,
    normalise_heading,
)

A, B, M, R = SectionType.ABSTRACT, SectionType.BACKGROUND, SectionType.METHODS, SectionType.RESULTS
D, C, REF, BACK, BODY = (
    SectionType.DISCUSSION,
    SectionType.CONCLUSION,
    SectionType.REFERENCES,
    SectionType.BACK_MATTER,
    SectionType.BODY,
)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Abstract", A),
        ("1. Introduction", B),
        ("II. METHODS", M),
        ("2.3 Data collection:", M),
        ("Findings", R),
        ("Strengths and limitations", D),
        ("CONCLUSIONS", C),
        ("References", REF),
        ("Authors’ contributions", BACK),
        ("Data collection in the wards", M),
        ("What the wards did", None),
        ("A theory of waiting", None),
        ("", None),
        ("x" * 1000, None),
    ],
)
def test_types_by_the_words(heading: str, kind: SectionType | None) -> None:
    assert heading_type(heading) is kind


def test_numbers_go_and_first_words_stay() -> None:
    assert normalise_heading("3.1. The Wards") == "the wards"
    assert normalise_heading("A plan for wards") == "a plan for wards"
    assert normalise_heading("B. Setting") == "setting"


def test_main_headings_are_known_ones() -> None:
    assert is_main_heading("4. Discussion") and is_known_heading("4. Discussion")
    assert is_known_heading("Setting") and not is_main_heading("Setting")
    assert not is_known_heading("Waiting together") and not is_main_heading("y" * 1000)


def types(*paths: tuple[str, ...], hints: dict[int, SectionType] | None = None) -> list[SectionType]:
    given_hints = [(hints or {}).get(number) for number in range(len(paths))]
    return SectionTyper().types(list(paths), given_hints)


def test_subsections_inherit_and_back_matter_stands_for_itself() -> None:
    found = types(("Methods",), ("Methods", "Background of the sites"), ("Discussion",), ("Discussion", "Funding"))
    assert found == [M, M, D, BACK]


def test_an_untyped_section_between_methods_and_discussion_is_results() -> None:
    assert types(("Methods",), ("Waiting together",), ("Discussion",)) == [M, R, D]


def test_an_untyped_section_before_methods_is_background() -> None:
    assert types(("Abstract",), ("Waiting together",), ("Methods",), ("Results",)) == [A, B, M, R]


def test_a_late_summary_is_a_conclusion_and_an_early_one_an_abstract() -> None:
    assert types(("Summary",), ("Introduction",), ("Summary",)) == [A, B, C]


def test_what_follows_the_end_matter_is_end_matter_too() -> None:
    found = types(("Results",), ("Acknowledgements",), ("Ethics approval",), ("A note on the wards",))
    assert found == [R, BACK, BACK, BACK]


def test_a_document_of_no_known_sections_is_not_taken_for_end_matter() -> None:
    assert types(("Supplementary guide: waiting",), ("What wards do",), ("References",)) == [BODY, BODY, REF]


def test_a_subsection_of_an_untyped_section_takes_its_nearest_typed_heading() -> None:
    found = types(("One",), ("One", "Setting"), ("One", "Setting", "The wards"), ("Two",))
    assert found == [BODY, M, M, BODY]


def test_what_the_format_says_goes_first() -> None:
    assert types((), ("Introduction",), hints={0: BACK}) == [BACK, B]
    assert types(()) == [BODY]


@given(st.lists(st.lists(st.sampled_from(["Methods", "Results", "Wards", "Summary", "Funding"]), max_size=3)))
def test_gives_one_type_for_each_section(paths: list[list[str]]) -> None:
    assert len(types(*(tuple(path) for path in paths))) == len(paths)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("1.2 Study aims and hypotheses", SectionType.BACKGROUND),
        ("Experimental Section", SectionType.METHODS),
        ("Sampling and recruitment", SectionType.METHODS),
        ("Refined programme theory", SectionType.RESULTS),
        ("Plain English summary", SectionType.ABSTRACT),
        ("Further reading", SectionType.REFERENCES),
        ("Authors and Affiliations", SectionType.BACK_MATTER),
    ],
)
def test_headings_of_pages_and_manuscripts_are_known(heading: str, kind: SectionType) -> None:
    assert heading_type(heading) is kind
