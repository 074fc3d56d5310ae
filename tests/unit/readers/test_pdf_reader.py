from __future__ import annotations

from typing import Any

import pytest

from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.readers.builder import build_study
from assistant.readers.pdf import read_pdf
from assistant.text.sentences import sentence_spans

from .pdf_sheets import LEFT, PROSE, RIGHT, WIDTH, column, draw, line


def read(data: bytes) -> Study:
    return build_study("s", SourceFile("s.pdf", "0", "PDF"), read_pdf(data))


def texts(study: Study, kind: BlockKind) -> list[str]:
    return [block.span.of(study.text) for block in study.blocks if block.kind is kind]


def prose(study: Study) -> str:
    return " ".join(texts(study, BlockKind.PARAGRAPH))


def article(pages: int = 3) -> bytes:
    def page(number: int) -> Any:
        def on(canvas: Any) -> None:
            line(canvas, "Allotment Studies 2021", LEFT, 810, size=8, font="Times-Italic")
            line(canvas, str(number), 295, 30, size=8)
            top = 760.0
            if number == 1:
                top = line(canvas, "How allotments hold their members", LEFT, 760, size=20, font="Times-Bold")
                top = line(canvas, "Ana Prado and Jos van der Berg", LEFT, top - 4, size=11) - 10
                top = line(canvas, "Introduction", LEFT, top, size=12, font="Times-Bold")
            column(canvas, PROSE * 3, LEFT, top)
            column(canvas, PROSE * 3, RIGHT, top)

        return on

    return draw(*(page(number) for number in range(1, pages + 1)))


def test_two_columns_are_read_one_after_the_other() -> None:
    study = read(article())
    for sentence in sentence_spans(PROSE):
        assert prose(study).count(sentence.of(PROSE)) == 18


def test_running_heads_and_page_numbers_are_blocks_of_their_own() -> None:
    study = read(article())
    assert texts(study, BlockKind.RUNNING_HEAD) == [
        "Allotment Studies 2021", "1", "Allotment Studies 2021", "2", "Allotment Studies 2021", "3",
    ]  # fmt: skip
    assert "Allotment Studies" not in prose(study)


def test_title_authors_and_sections_come_from_type() -> None:
    study = read(article())
    assert study.bibliography.title == "How allotments hold their members"
    assert study.bibliography.authors == ("Prado, Ana", "van der Berg, Jos")
    assert texts(study, BlockKind.FRONT_MATTER)[0] == study.bibliography.title
    assert texts(study, BlockKind.HEADING) == ["Introduction"]
    assert {s.type for s in study.sections if s.title == "Introduction"} == {SectionType.BACKGROUND}


def test_pages_are_those_of_the_file() -> None:
    study = read(article())
    assert [page.number for page in study.pages] == [1, 2, 3]
    assert {block.page for block in study.blocks} == {1, 2, 3}


def test_every_word_leads_back_to_its_place_on_the_page() -> None:
    study = read(article())
    start = study.text.index("graft trees")
    (box,) = study.boxes(Span(start, start + len("graft")))
    assert box.page == 1
    assert LEFT <= box.x0 < box.x1 <= LEFT + WIDTH
    assert 60 < box.y0 < box.y1 < 200
    sentence = next(span for span in sentence_spans(study.text) if "graft trees" in span.of(study.text))
    assert len(study.boxes(sentence)) >= 2


def test_printed_lines_lie_on_the_stored_text_in_order() -> None:
    study = read(article())
    end = 0
    for printed in study.lines:
        assert printed.span.start >= end
        assert not printed.span.of(study.text).startswith(" ")
        end = printed.span.end
    assert end <= len(study.text)


def _sentence_with(study: Study, words: str) -> str:
    return next(s.of(study.text) for s in sentence_spans(study.text) if words in s.of(study.text))


def test_a_table_in_mid_sentence_is_lifted_out() -> None:
    def page(canvas: Any) -> None:
        column(canvas, PROSE * 4 + "Most of those who were asked said that the shed", LEFT, 780)
        y = line(canvas, "Table 1. Plots by year", RIGHT, 780, size=8, font="Times-Bold")
        canvas.line(RIGHT, y, RIGHT + WIDTH, y)
        for cells in (("Year", "Plots"), ("2019", "31"), ("2020", "44"), ("2021", "52")):
            y -= 11
            for number, cell in enumerate(cells):
                line(canvas, cell, RIGHT + 90 * number, y, size=8)
        canvas.line(RIGHT, y - 5, RIGHT + WIDTH, y - 5)
        column(canvas, "had become the place where news was told. " + PROSE * 3, RIGHT, y - 30)

    study = read(draw(page))
    assert _sentence_with(study, "Most of those") == (
        "Most of those who were asked said that the shed had become the place where news was told."
    )
    assert texts(study, BlockKind.CAPTION) == ["Table 1. Plots by year"]
    assert texts(study, BlockKind.TABLE) == ["Year | Plots\n2019 | 31\n2020 | 44\n2021 | 52"]


def test_a_sentence_goes_on_over_the_page() -> None:
    def first(canvas: Any) -> None:
        y = column(canvas, PROSE * 7, LEFT, 780, width=480)
        column(canvas, "Those who stayed the longest were the ones who had been asked to teach", LEFT, y, width=480)

    def second(canvas: Any) -> None:
        column(canvas, "others how the soil was mended. " + PROSE * 3, LEFT, 780, width=480)

    study = read(draw(first, second))
    assert "had been asked to teach others how the soil was mended." in study.text


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [("the imple-", "mentation of it", "the implementation of it"), ("a top-", "down plan", "a top-down plan")],
)
def test_words_broken_at_line_ends_are_mended_only_where_right(left: str, right: str, joined: str) -> None:
    def page(canvas: Any) -> None:
        y = column(canvas, PROSE * 2, LEFT, 780, width=480)
        y = line(canvas, f"Everyone who had once been in the room at the parish spoke up in favour of {left}", LEFT, y)
        column(canvas, f"{right} when the water ran low. {PROSE}", LEFT, y, width=480)

    assert joined in read(draw(page)).text


def test_superscript_marks_become_brackets_and_exponents_stay() -> None:
    def page(canvas: Any) -> None:
        y = column(canvas, PROSE * 3, LEFT, 780, width=480)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(LEFT, y, "Gardens keep people well")
        x = LEFT + canvas.stringWidth("Gardens keep people well", "Times-Roman", 10)
        canvas.setFont("Times-Roman", 6)
        canvas.drawString(x, y + 3.5, "4,7")
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(x + 9, y, "on plots of 50 m")
        x += 9 + canvas.stringWidth("on plots of 50 m", "Times-Roman", 10)
        canvas.setFont("Times-Roman", 6)
        canvas.drawString(x, y + 3.5, "2")
        line(canvas, "and more.", x + 6, y)

    text = read(draw(page)).text
    assert "people well [4,7] on plots of 50 m² and more." in text


def test_headings_take_their_level_from_their_type() -> None:
    def page(canvas: Any) -> None:
        y = 780.0
        for heading, size, font in (
            ("Methods", 13, "Times-Bold"), ("Visits to the shed", 10, "Times-Bold"),
            ("Talks over tea", 10, "Times-Italic"),
            ("Results", 13, "Times-Bold"), ("Those who stayed", 10, "Times-Bold"),
        ):  # fmt: skip
            y = line(canvas, heading, LEFT, y - 8, size=size, font=font)
            y = column(canvas, PROSE, LEFT, y, width=480)

    study = read(draw(page))
    levels = [(b.level, b.span.of(study.text)) for b in study.blocks if b.kind is BlockKind.HEADING]
    assert levels == [
        (1, "Methods"), (2, "Visits to the shed"), (3, "Talks over tea"), (1, "Results"), (2, "Those who stayed"),
    ]  # fmt: skip


def test_lists_quotations_footnotes_and_references_are_told_apart() -> None:
    def page(canvas: Any) -> None:
        y = line(canvas, "Results", LEFT, 780, size=13, font="Times-Bold")
        y = column(canvas, PROSE * 2 + "They named three reasons:", LEFT, y, width=480)
        for item in ("the pump and who mended it;", "tea in the shed on Sundays;", "a say in what was planted."):
            y = line(canvas, f"\u2022 {item}", LEFT + 10, y)
        y = column(canvas, PROSE + "One of them put it so:", LEFT, y - 8, width=480) - 8
        quote = "\u201cI came for the beans and I stayed because nobody here ever asked me what I used to do.\u201d"
        y = column(canvas, f"{quote} (Plot holder, North)", LEFT + 24, y, width=420) - 8
        y = column(canvas, PROSE * 2, LEFT, y, width=480)
        y = line(canvas, "References", LEFT, y - 10, size=13, font="Times-Bold")
        for number in (1, 2, 3):
            y = line(
                canvas,
                f"{number}. Berg J, Prado A. Sheds and talk. Soil 2019, {number}:1-9.",
                LEFT,
                y,
                size=8,
            )
        canvas.line(LEFT, 90, LEFT + 100, 90)
        line(canvas, "* Parish is used here for the council too.", LEFT, 78, size=7.5)

    study = read(draw(page))
    assert texts(study, BlockKind.LIST_ITEM)[0] == "• the pump and who mended it;"
    assert len(texts(study, BlockKind.LIST_ITEM)) == 3
    quotation = next(block for block in study.blocks if block.kind is BlockKind.QUOTATION)
    assert quotation.speaker == "Plot holder, North"
    assert [text[:2] for text in texts(study, BlockKind.REFERENCE)] == ["1.", "2.", "3."]
    assert texts(study, BlockKind.FOOTNOTE) == ["* Parish is used here for the council too."]


def test_a_structured_abstract_with_bold_labels_gives_headings_and_paragraphs() -> None:
    def page(canvas: Any) -> None:
        y = line(canvas, "How allotments hold their members", LEFT, 780, size=20, font="Times-Bold")
        y = line(canvas, "Abstract", LEFT, y - 8, size=12, font="Times-Bold")
        for label in ("Background:", "Methods:", "Results:"):
            canvas.setFont("Times-Bold", 10)
            canvas.drawString(LEFT, y, label)
            x = LEFT + canvas.stringWidth(label + " ", "Times-Bold", 10)
            words = PROSE.split()
            y = line(canvas, " ".join(words[:14]), x, y)
            y = column(canvas, " ".join(words[14:]), LEFT, y, width=480)
        y = line(canvas, "Keywords: sheds, pumps, parishes", LEFT, y - 8)
        y = line(canvas, "Introduction", LEFT, y - 10, size=12, font="Times-Bold")
        column(canvas, PROSE * 4, LEFT, y, width=480)

    study = read(draw(page))
    assert texts(study, BlockKind.HEADING) == ["Abstract", "Background", "Methods", "Results", "Introduction"]
    assert [s.type for s in study.sections if s.title == "Methods"] == [SectionType.ABSTRACT]
    assert study.section_of(study.blocks[-1]).type is SectionType.BACKGROUND
    assert texts(study, BlockKind.PARAGRAPH)[0].startswith("Volunteers kept")
    assert "Keywords: sheds, pumps, parishes" in texts(study, BlockKind.FRONT_MATTER)


def test_doi_year_and_journal_are_taken_where_they_are_printed() -> None:
    def page(canvas: Any) -> None:
        line(canvas, "Prado et al. Soil and Society 2019, 15:511", LEFT, 810, size=8)
        y = line(canvas, "How allotments hold their members", LEFT, 760, size=20, font="Times-Bold")
        column(canvas, PROSE * 4, LEFT, y - 10, width=480)
        line(canvas, "https://doi.org/10.1234/Soil.2019.5", LEFT, 40, size=8)

    known = read(draw(page)).bibliography
    assert (known.journal, known.year, known.doi) == ("Soil and Society", 2019, "10.1234/soil.2019.5")


def test_what_is_not_printed_stays_unknown() -> None:
    known = read(draw(lambda canvas: column(canvas, PROSE * 4, LEFT, 760, width=480))).bibliography
    assert known.title == known.journal == known.doi == ""
    assert known.year is None and known.authors == ()


def test_ligatures_are_spelled_out() -> None:
    from assistant.readers.pdf.lines import spelled

    assert spelled("eﬃcient ﬂow") == "efficient flow"


def test_words_set_sideways_do_not_disturb_the_text() -> None:
    def page(canvas: Any) -> None:
        column(canvas, PROSE * 4, LEFT, 760, width=480)
        canvas.saveState()
        canvas.rotate(90)
        line(canvas, "Preprint not reviewed", 300, -20, size=8)
        canvas.restoreState()

    study = read(draw(page))
    assert "Preprint" not in prose(study)
    assert "Preprint not reviewed" in texts(study, BlockKind.RUNNING_HEAD)


def test_a_page_that_is_shown_turned_is_read_upright() -> None:
    def page(canvas: Any) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        canvas.translate(0, -595)
        column(canvas, PROSE * 4, 40, 560, width=700)

    study = read(draw(page))
    for sentence in sentence_spans(PROSE):
        assert sentence.of(PROSE) in study.text
    assert all(0 <= printed.box.x0 <= 842 and 0 <= printed.box.y0 <= 595 for printed in study.lines)
