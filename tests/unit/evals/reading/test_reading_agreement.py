from __future__ import annotations

import math

import pytest

from assistant.domain.study import Bibliography, BlockKind, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.readers.pdf import read_pdf
from evals.reading.agreement import agreement, even
from evals.reading.render import Sheet, render

SENTENCES = [
    "Volunteers kept the garden open all summer.",
    "The parish lent them a pump and a shed.",
    "Newcomers were shown how to graft old trees.",
    "Nobody wrote letters about the hedge any more.",
]


def study(*blocks: RawBlock) -> Study:
    return build_study("s", SourceFile("s", "0", "x"), RawStudy(list(blocks)))


def heading(text: str) -> RawBlock:
    return RawBlock(BlockKind.HEADING, text, level=1)


def paragraph(*sentences: str) -> RawBlock:
    return RawBlock(BlockKind.PARAGRAPH, " ".join(sentences))


VISITS = "oak elm ash yew fir bay fig box plum pear lime beech".split()
REFERENCE = study(heading("Methods"), paragraph(*SENTENCES[:2]), heading("Results"), paragraph(*SENTENCES[2:]))


def test_a_study_agrees_with_itself() -> None:
    found = agreement(REFERENCE, REFERENCE)
    assert (found.sentences, found.whole, found.in_order, found.typed, found.headings) == (4, 1, 1, 1, 1)
    assert found.garbled == 0 and found.missing == ()


def test_a_sentence_cut_by_a_block_is_not_whole() -> None:
    cut = study(heading("Methods"), paragraph(SENTENCES[0], "The parish lent"), paragraph("them a pump and a shed."))
    found = agreement(REFERENCE, cut)
    assert found.whole == 0.25
    assert found.headings == 0.5
    assert len(found.missing) == 3


def test_sentences_out_of_order_count_as_whole_but_not_as_in_order() -> None:
    turned = study(heading("Methods"), paragraph(*SENTENCES[2:]), heading("Results"), paragraph(*SENTENCES[:2]))
    found = agreement(REFERENCE, turned)
    # All four stand whole; the longest run in the right order has two. Each stands under the other heading.
    assert (found.whole, found.in_order, found.typed) == (1.0, 0.5, 0.0)


def test_words_joined_or_split_are_counted_per_ten_thousand() -> None:
    garbled = study(heading("Methods"), paragraph(SENTENCES[0].replace("kept the", "keptthe"), *SENTENCES[1:]))
    # 7 + 9 + 8 + 8 = 32 words, of which two were joined.
    assert agreement(REFERENCE, garbled).garbled == pytest.approx(10_000 * 2 / 32)


def test_nothing_to_measure_is_no_score() -> None:
    assert math.isnan(agreement(study(heading("Methods")), REFERENCE).in_order)


def test_typography_and_citation_marks_are_evened_out() -> None:
    assert even("“Well” – said he [3, 4].") == '"Well" - said he.'
    assert even("• one [a]") == "one [a]"


@pytest.mark.parametrize("sheet", [Sheet(), Sheet(columns=1), Sheet(raised=True)])
def test_a_rendered_article_is_read_back(sheet: Sheet) -> None:
    titles = [f"{'Methods' if number < 6 else 'Results'} of visit {VISITS[number]}" for number in range(12)]
    texts = [
        [text.replace(".", f" in year {number} of {turn} [3,4].") for turn in range(4) for text in SENTENCES]
        for number in range(12)
    ]
    sections = [
        block for title, text in zip(titles, texts, strict=True) for block in (heading(title), paragraph(*text))
    ]
    table = [
        RawBlock(BlockKind.CAPTION, "Table 1. Plots."),
        RawBlock(BlockKind.TABLE, "Year | Plots\n2019 | 31\n2020 | 44"),
    ]
    blocks = [heading("Abstract"), paragraph(*SENTENCES), *sections[:8], *table, *sections[8:]]
    known = Bibliography(title="How gardens keep their members", authors=("Prado, Ana",))
    article = build_study("s", SourceFile("s", "0", "x"), RawStudy(blocks, known))
    read = build_study("r", SourceFile("r", "0", "PDF"), read_pdf(render(article, sheet)))
    found = agreement(article, read)
    assert found.in_order == found.headings == found.typed == 1.0
    assert "2019 | 31" in read.text
