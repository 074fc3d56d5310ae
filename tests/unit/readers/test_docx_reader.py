from __future__ import annotations

import io
from collections.abc import Sequence

import docx as library
import pytest

from assistant.domain.study import BlockKind
from assistant.errors import MalformedStudy, StudyTooLarge
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.docx import read_docx
from assistant.readers.limits import ReadingLimits
from tests.unit.readers.making import W, docx, paragraph


def kinds(study: RawStudy) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in study.blocks]


def of(blocks: Sequence[RawBlock], kind: BlockKind) -> list[RawBlock]:
    return [block for block in blocks if block.kind is kind]


@pytest.fixture(scope="module")
def made() -> RawStudy:
    """A document as python-docx, and so much like Word, writes it."""
    document = library.Document()
    document.core_properties.title, document.core_properties.author = "Microsoft Word - draft", "Jane Doe"
    document.add_paragraph("Huddles at work", style="Title")
    document.add_paragraph("By Jane Doe", style="Subtitle")
    document.add_heading("Methods", 1)
    asked = document.add_paragraph("We asked staff")
    asked.add_run("1,2").font.superscript = True
    asked.add_run(" in six homes.")
    document.add_heading("Setting", 2)
    document.add_paragraph("Six homes", style="List Bullet")
    document.add_paragraph("Twelve nurses", style="List Number")
    document.add_heading("Results", 1)
    document.add_paragraph("We just got on with it. (Nurse 3)", style="Quote")
    indented = document.add_paragraph("It was slow at first.")
    indented.paragraph_format.left_indent = library.shared.Inches(0.5)
    document.add_paragraph("(Nurse 4)", style="Quote")
    document.add_paragraph("Table 1. Homes and beds", style="Caption")
    table = document.add_table(2, 3)
    table.cell(0, 0).text, table.cell(0, 1).text = "Home", "Beds"
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).text, table.cell(1, 2).text = "A", "2"
    box = document.add_table(1, 1)
    box.cell(0, 0).text = "Words in a box."
    document.add_heading("References", 1)
    document.add_paragraph("1. Poe P. A made book.")
    buffer = io.BytesIO()
    document.save(buffer)
    return read_docx(buffer.getvalue())


def test_title_and_an_author_whom_the_text_names_are_known(made: RawStudy) -> None:
    assert made.bibliography.title == "Huddles at work"
    assert made.bibliography.authors == ("Jane Doe",)
    assert made.bibliography.year is None


def test_structure_follows_the_styles(made: RawStudy) -> None:
    assert kinds(made) == [
        ("front_matter", "Huddles at work"),
        ("front_matter", "By Jane Doe"),
        ("heading", "Methods"),
        ("paragraph", "We asked staff [1,2] in six homes."),
        ("heading", "Setting"),
        ("list_item", "Six homes"),
        ("list_item", "Twelve nurses"),
        ("heading", "Results"),
        ("quotation", "We just got on with it. (Nurse 3)"),
        ("quotation", "It was slow at first. (Nurse 4)"),
        ("caption", "Table 1. Homes and beds"),
        ("table", "Home | Beds\nA |  | 2"),
        ("paragraph", "Words in a box."),
        ("heading", "References"),
        ("reference", "1. Poe P. A made book."),
    ]
    assert [block.speaker for block in of(made.blocks, BlockKind.QUOTATION)] == ["Nurse 3", "Nurse 4"]
    assert [block.level for block in of(made.blocks, BlockKind.HEADING)] == [1, 2, 1, 1]


def test_changes_are_accepted_and_comments_ignored() -> None:
    body = (
        '<w:p><w:r><w:t>We </w:t></w:r><w:del w:id="1"><w:r><w:delText>never </w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>always </w:t></w:r></w:ins><w:commentRangeStart w:id="3"/>'
        "<w:r><w:t>asked</w:t><w:tab/><w:t>staff</w:t><w:noBreakHyphen/><w:t>members.</w:t></w:r>"
        '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> Here.</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        '<w:p><w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr><w:r><w:t>One half</w:t></w:r></w:p>'
        + paragraph("and the other.")
        + '<w:tbl><w:tr><w:trPr><w:del w:id="5"/></w:trPr><w:tc>'
        + paragraph("x")
        + "</w:tc></w:tr></w:tbl>"
    )
    study = read_docx(docx(body))
    assert kinds(study) == [
        ("paragraph", "We always asked staff-members. Here."),
        ("paragraph", "One half and the other."),
    ]
    assert "as if all were accepted" in study.notes[0].message


def test_notes_follow_their_paragraph_and_endnotes_the_text() -> None:
    body = (
        '<w:p><w:r><w:t>We asked.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        + paragraph("Next.")
        + '<w:p><w:r><w:t>Last</w:t></w:r><w:r><w:endnoteReference w:id="7"/></w:r></w:p>'
    )
    footnotes = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Twelve in all.")}</w:footnote></w:footnotes>'
    )
    endnotes = f'<w:endnotes {W}><w:endnote w:id="7">{paragraph("At the end.")}</w:endnote></w:endnotes>'
    study = read_docx(docx(body, parts={"word/footnotes.xml": footnotes, "word/endnotes.xml": endnotes}))
    assert kinds(study) == [
        ("paragraph", "We asked.[1]"),
        ("footnote", "[1] Twelve in all."),
        ("paragraph", "Next."),
        ("paragraph", "Last [1]"),
        ("footnote", "[1] At the end."),
    ]


def test_without_styles_main_headings_and_bold_lines_are_headings() -> None:
    body = "".join(
        [
            paragraph("Methods"),
            paragraph("Who was asked", run="<w:b/>"),
            paragraph("We asked them.", run="<w:b/>"),
            paragraph("Not bold", run='<w:b w:val="0"/>'),
            paragraph("Results"),
            paragraph("They told us."),
        ]
    )
    assert [text for kind, text in kinds(read_docx(docx(body))) if kind == "heading"] == [
        "Methods",
        "Who was asked",
        "Results",
    ]


def test_outline_levels_lists_boxes_fields_and_contents() -> None:
    body = "".join(
        [
            paragraph("Findings", properties='<w:outlineLvl w:val="0"/>'),
            paragraph("Findings 3", style="TOC1"),
            paragraph("One", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'),
            "<w:sdt><w:sdtContent>" + paragraph("In a control.") + "</w:sdtContent></w:sdt>",
            "<w:p><w:r><w:drawing><w:txbxContent>"
            + paragraph("In a box.")
            + "</w:txbxContent></w:drawing></w:r></w:p>",
            '<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:fldSimple w:instr="REF"><w:r><w:t> 3</w:t>'
            "</w:r></w:fldSimple></w:p>",
            paragraph("References hang.", properties='<w:ind w:left="720" w:hanging="720"/>'),
            paragraph("“We got on with it” (Nurse 3)"),
            paragraph("Figure 2: How they met"),
        ]
    )
    assert kinds(read_docx(docx(body))) == [
        ("heading", "Findings"),
        ("paragraph", "Findings 3"),
        ("list_item", "One"),
        ("paragraph", "In a control."),
        ("paragraph", "In a box."),
        ("paragraph", "A link 3"),
        ("paragraph", "References hang."),
        ("quotation", "“We got on with it” (Nurse 3)"),
        ("caption", "Figure 2: How they met"),
    ]


def test_what_is_no_document_or_hostile_is_refused() -> None:
    with pytest.raises(MalformedStudy, match="damaged or cut off"):
        read_docx(docx(paragraph("words"))[:800])
    with pytest.raises(MalformedStudy, match="declares entities"):
        read_docx(docx(parts={"word/footnotes.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}))
    with pytest.raises(StudyTooLarge, match="nests deeper"):
        read_docx(docx("<w:sdt>" * 300 + "</w:sdt>" * 300))
    with pytest.raises(StudyTooLarge, match="unfolds to"):
        read_docx(docx(paragraph("x" * 5_000)), ReadingLimits(max_unpacked_bytes=10_000))
    with pytest.raises(StudyTooLarge, match="parts"):
        read_docx(docx(paragraph("x")), ReadingLimits(max_parts=3))
