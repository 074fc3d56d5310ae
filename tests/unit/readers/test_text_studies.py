"""The five study texts, whose folder ``REALIST_TEST_STUDIES`` names: what a careful reader would check."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.domain.study import EVIDENCE_SECTIONS, PROSE_KINDS, BlockKind, Study
from assistant.text.sentences import sentence_spans
from evals.reading.layout import TextReport, measure_text, passes, share_broken
from evals.reading.sections import gold_sections

FOLDER = os.environ.get("REALIST_TEST_STUDIES", "")
pytestmark = [
    pytest.mark.studies,
    pytest.mark.skipif(not FOLDER, reason="REALIST_TEST_STUDIES does not name the folder of the study texts"),
]


@pytest.fixture(scope="module")
def reports() -> dict[str, TextReport]:
    paths = sorted(Path(FOLDER).glob("*.txt"))
    return {report.study.id: report for report in map(measure_text, paths)}


def prose(study: Study) -> list[str]:
    return [
        block.span.of(study.text)
        for block in study.blocks
        if block.kind in PROSE_KINDS and study.section_of(block).type in EVIDENCE_SECTIONS
    ]


def test_the_sentence_that_a_figure_and_a_table_interrupt_reads_whole(reports: dict[str, TextReport]) -> None:
    study = reports["rycroft-malone-2016"].study
    (paragraph,) = [text for text in prose(study) if "at micro, meso and macro levels (context)" in text]
    (sentence,) = [
        sentence for span in sentence_spans(paragraph) if "(context) led to" in (sentence := span.of(paragraph))
    ]
    assert "led to individual, group and CLAHRC interpretations" in sentence
    assert sentence.endswith("continuum (outcome) (Fig. 2).")
    assert "Table" not in paragraph and "Stages of analysis" not in paragraph


def test_sections_and_sentences_reach_the_targets(reports: dict[str, TextReport]) -> None:
    assert set(reports) == set(gold_sections())
    assert passes(list(reports.values()))
    for report in reports.values():
        assert report.sections is not None
        assert report.sections.recall >= 0.95 and report.sections.precision >= 0.95
        assert report.sections.type_accuracy >= 0.95
        assert share_broken(report.after) < 0.01


def test_no_letter_is_lost_or_invented(reports: dict[str, TextReport]) -> None:
    assert [(report.lost, report.added) for report in reports.values()] == [(0, 0)] * len(reports)


@pytest.mark.parametrize(
    ("study", "kind", "exactly"),
    [
        ("marston-2022", BlockKind.REFERENCE, 30),
        ("van-der-graaf-2023", BlockKind.REFERENCE, 41),
        ("rowley-2012", BlockKind.CAPTION, 3),
        ("rycroft-malone-2016", BlockKind.CAPTION, 13),
        ("rycroft-malone-2016", BlockKind.QUOTATION, 16),
        ("spyridonidis-2015", BlockKind.QUOTATION, 32),
        ("spyridonidis-2015", BlockKind.FOOTNOTE, 1),
        ("marston-2022", BlockKind.QUOTATION, 7),
        ("van-der-graaf-2023", BlockKind.QUOTATION, 34),
    ],
)
def test_blocks_of_each_kind(reports: dict[str, TextReport], study: str, kind: BlockKind, exactly: int) -> None:
    assert sum(block.kind is kind for block in reports[study].study.blocks) == exactly


def test_quotations_of_labelled_studies_name_their_speakers(reports: dict[str, TextReport]) -> None:
    for name in ("marston-2022", "rycroft-malone-2016", "spyridonidis-2015"):
        quotations = [block for block in reports[name].study.blocks if block.kind is BlockKind.QUOTATION]
        assert all(block.speaker for block in quotations)


def test_pages_where_the_text_tells_them(reports: dict[str, TextReport]) -> None:
    assert [page.number for page in reports["rycroft-malone-2016"].study.pages] == list(range(1, 16))
    assert not reports["marston-2022"].study.pages and not reports["rowley-2012"].study.pages
