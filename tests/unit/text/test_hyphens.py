from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.hyphens import HyphenJoiner


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("their behav-", "iour changed", "their behaviour changed"),
        ("a top-", "down plan", "a top-down plan"),
        ("the know-", "ledge of staff", "the knowledge of staff"),
        ("we under-", "stand", "we understand"),
        ("from day-to-", "day work", "from day-to-day work"),
        ("the semi-struc-", "tured talk", "the semi-structured talk"),
        ("in pre-", "and post-tests", "in pre- and post-tests"),
        ("the CLAHRC-", "NDL", "the CLAHRC-NDL"),
        ("a 30-", "day wait", "a 30-day wait"),
        ("soft\u00ad", "ware", "software"),
        ("a list -", "of things", "a list - of things"),
        ("rain-", "(or snow)", "rain- (or snow)"),
    ],
)
def test_joins_by_english_where_the_document_is_silent(left: str, right: str, joined: str) -> None:
    assert HyphenJoiner().join(left, right) == joined


def test_the_documents_own_spelling_goes_first() -> None:
    assert HyphenJoiner(["we saw co-operation between wards"]).join("their co-", "operation") == "their co-operation"
    assert HyphenJoiner(["a topdown plan"]).join("a top-", "down plan") == "a topdown plan"
    assert HyphenJoiner(["co-production helps"]).join("transfer-co-", "production") == "transfer-co-production"


def test_a_longer_compound_teaches_its_parts() -> None:
    joiner = HyphenJoiner(["along a co-operation-competition line", "then co-operation", "and cooperation"])
    assert joiner.join("of co-", "operation") == "of co-operation"


def test_words_broken_in_the_document_teach_nothing() -> None:
    joiner = HyphenJoiner(["staff were moti-", "vated", "and moti-", "vated again"])
    assert joiner.join("moti-", "vated") == "motivated"


def test_mends_words_that_an_extraction_left_apart() -> None:
    mended = HyphenJoiner().mend_spaced("the imple- mentation of pre- and post-tests, and self- made tools")
    assert mended == "the implementation of pre- and post-tests, and self- made tools"


@given(st.text(max_size=20), st.text(max_size=20))
def test_loses_no_letter(left: str, right: str) -> None:
    joined = HyphenJoiner().join(left + "-", right)
    assert [char for char in joined if char.isalnum()] == [char for char in left + right if char.isalnum()]


@given(st.text(alphabet="ab- dimplentaio", max_size=60))
def test_mending_only_takes_hyphens_and_spaces(text: str) -> None:
    mended = HyphenJoiner().mend_spaced(text)
    assert mended.replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")
