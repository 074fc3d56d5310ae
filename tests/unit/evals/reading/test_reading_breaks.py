from __future__ import annotations

import pytest

from assistant.domain.study import BlockKind, SourceFile
from assistant.readers.builder import RawBlock, RawStudy, build_study
from evals.reading.breaks import Break, raw_sentences, stored_sentences

SOURCE = SourceFile("wards.txt", "0" * 64, "text")


def breaks(text: str, *asides: str, kind: BlockKind = BlockKind.PARAGRAPH, raw: str = "") -> set[Break]:
    blocks = [RawBlock(kind, text), *(RawBlock(BlockKind.CAPTION, aside) for aside in asides)]
    study = build_study("wards", SOURCE, RawStudy(blocks))
    return {reason for sentence in stored_sentences(study, raw or text) for reason in sentence.breaks}


@pytest.mark.parametrize(
    "text",
    [
        "Nurses met, and they planned the rounds (see Fig. 2).",
        "“now I know,” she said.",
        "…we wait for the bell (Nurse, North ward)",
        "They used pre- and post-tests in a top-down way.[3, 4]",
        "Trust had formed.^{1,2}",
        "Table 5 shows what they did, and so does Fig. 3.",
    ],
)
def test_whole_sentences_pass(text: str) -> None:
    assert breaks(text) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("and they planned the rounds.", Break.START),
        ("Nurses met and they planned", Break.END),
        ("They changed their behav- iour.", Break.SPLIT),
        ("They changed their behav-iour.", Break.SPLIT),
        ("It was led to Fig. 1 Stages of work by them.", Break.FLOAT),
        ("It led [image: a.jpg] to more.", Break.FLOAT),
        ("Staff came 12 14 – 3 4 5 to the ward.", Break.FLOAT),
        ("The plan Journal 2031 Page 4 of 9 was kept.", Break.FLOAT),
    ],
)
def test_broken_sentences_are_caught(text: str, reason: Break) -> None:
    assert reason in breaks(text)


def test_two_words_made_one_are_caught() -> None:
    assert breaks("A topdownish plan.", raw="A top-downish plan.") == {Break.FUSED}


def test_a_captions_words_in_a_sentence_are_caught() -> None:
    assert Break.FLOAT in breaks("It led to how the plan was made by staff.", "how the plan was made")


def test_items_may_end_and_begin_without_capital_and_stop() -> None:
    assert breaks("wards, and", kind=BlockKind.LIST_ITEM) == set()
    assert breaks("wards, and", kind=BlockKind.TABLE) == set()


def test_raw_text_is_judged_by_the_same_rule() -> None:
    raw = "Nurses met and they plan-\nned the rounds.\n\nStaff came to the\n\nward at night again.\n\nOne."
    assert [sentence.breaks for sentence in raw_sentences(raw)] == [
        (Break.SPLIT,),
        (Break.END,),
        (Break.START,),
    ]
