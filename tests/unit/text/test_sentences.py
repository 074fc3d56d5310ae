from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Nurses met weekly.", "They planned the rounds."],
        ["It grew (see Fig. 2).", "Then it stopped."],
        ["Barnes et al. 2010 disagree.", "We do not."],
        ["Trust had formed.[12, 13]", "It lasted."],
        ["Trust had formed.^{1,2}", "It lasted."],
        ["Trust had formed.³", "It lasted."],
        ["‘We tried.’", "Nobody came."],
        ["Dr. Okoro spoke to J. Smith.", "The ward listened."],
        ["Was it worth it?", "Yes!", "All agreed."],
        ["Some tools, e.g. Registers, were used.", "Others, i.e. none, were not."],
        ["Meetings began at 9 a.m. and ended at noon.", "People left."],
        ["Rates rose by 3.5 per cent.", "Costs fell."],
        ["1. Plan the round.", "2. Hold it."],
        ["She waited… and then she went.", "He stayed."],
    ],
)
def test_splits_academic_prose(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_reads_only_the_part_asked_for() -> None:
    text = "First one. Second one. Third one."
    assert [span.of(text) for span in sentence_spans(text, 11, 22)] == ["Second one."]


def test_no_words_no_sentences() -> None:
    assert sentence_spans("") == ()
    assert sentence_spans(" \n ") == ()


@given(st.text(max_size=300))
def test_spans_partition_what_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    covered = "".join("".join(span.of(text).split()) for span in spans)
    assert covered == "".join(text.split())
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() for span in spans)


@given(st.lists(st.sampled_from(["Staff met. ", "(see p. 3) ", "‘No.’ ", "e.g. ", "A. Roe ", "It grew.[3] ", "\n"])))
def test_spans_partition_prose_like_text(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join("".join(span.of(text).split()) for span in sentence_spans(text)) == "".join(text.split())
