from __future__ import annotations

import zipfile

import pytest

from assistant.domain.study import BlockKind
from assistant.errors import MalformedStudy, StudyTooLarge, UnsupportedFormat
from assistant.readers.archive import open_archive, part_beside
from assistant.readers.builder import RawStudy
from assistant.readers.epub import read_epub
from assistant.readers.limits import ReadingLimits
from assistant.readers.odt import read_odt
from assistant.readers.rtf import read_rtf
from tests.unit.readers.making import epub, odt, zipped

XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'


def kinds(study: RawStudy) -> list[tuple[str, str]]:
    return [(block.kind.value, " ".join(block.text.split())) for block in study.blocks]


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    pages = {
        "two.xhtml": XHTML.format("<h1>Methods</h1><a id='x'/><p>We asked.</p>"),
        "one.xhtml": XHTML.format(
            "<h1>Results</h1><p>They told us.</p><blockquote><p>We got on with it. (Nurse 3)</p></blockquote>"
            '<aside epub:type="footnote"><p>A note.</p></aside>'
        ),
    }
    study = read_epub(epub(pages))
    assert kinds(study) == [
        ("front_matter", "Huddles at work"),
        ("heading", "Methods"),
        ("paragraph", "We asked."),
        ("heading", "Results"),
        ("paragraph", "They told us."),
        ("quotation", "We got on with it. (Nurse 3)"),
        ("footnote", "A note."),
    ]
    known = study.bibliography
    assert (known.title, known.authors, known.year) == ("Huddles at work", ("Doe, Jane",), 2019)
    assert (known.journal, known.doi) == ("Made Press", "10.9999/huddle")


def test_a_broken_page_of_a_book_is_left_out_and_noted() -> None:
    study = read_epub(epub({"a.xhtml": "", "b.xhtml": XHTML.format("<p>Words.</p>")}))
    assert ("paragraph", "Words.") in kinds(study)
    assert "1 of 2 pages" in study.notes[0].message
    with pytest.raises(MalformedStudy, match="none of the e-book's 1 pages"):
        read_epub(epub({"a.xhtml": ""}))


def test_protected_and_oversized_books_are_refused() -> None:
    cipher = '<encryption><CipherReference URI="OEBPS/a.xhtml"/></encryption>'
    with pytest.raises(UnsupportedFormat, match="protected"):
        read_epub(epub({"a.xhtml": XHTML.format("<p>x</p>")}, {"META-INF/encryption.xml": cipher}))
    read_epub(epub({"a.xhtml": XHTML.format("<p>x</p>")}, {"META-INF/encryption.xml": "<encryption/>"}))
    many = {f"{n}.xhtml": XHTML.format("<p>" + "x " * 400 + "</p>") for n in range(3)}
    with pytest.raises(StudyTooLarge, match="pages have more"):
        read_epub(epub(many), ReadingLimits(max_part_bytes=2_000))
    with pytest.raises(MalformedStudy, match="names no package"):
        read_epub(zipped({"META-INF/container.xml": "<container/>"}))


def test_an_open_document_keeps_its_structure() -> None:
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Quotations"/>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>'
    )
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        '<text:p text:style-name="Title">Huddles at work</text:p>'
        '<text:h text:outline-level="1">Methods</text:h>'
        '<text:p>We asked staff<text:span text:style-name="T1">1,2</text:span><text:s/>in<text:tab/>six '
        "<text:annotation><text:p>a comment</text:p></text:annotation>homes.<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>first</text:p></text:list-item></text:list>"
        '<text:h text:outline-level="1">Results</text:h>'
        '<text:p text:style-name="P1">We got on with it. (Nurse 3)</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>Home</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Beds</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    study = read_odt(odt(body, styles))
    assert kinds(study) == [
        ("front_matter", "Huddles at work"),
        ("heading", "Methods"),
        ("paragraph", "We asked staff [1,2] in six homes.[1]"),
        ("footnote", "[1] A note."),
        ("list_item", "first"),
        ("heading", "Results"),
        ("quotation", "We got on with it. (Nurse 3)"),
        ("table", "Home | | | Beds"),
    ]
    assert study.bibliography.title == "Huddles at work"


def test_an_open_document_without_text_is_refused() -> None:
    with pytest.raises(MalformedStudy, match="no text"):
        read_odt(zipped({"content.xml": "<document-content/>"}))
    with pytest.raises(MalformedStudy, match="no part content"):
        read_odt(zipped({"meta.xml": "<a/>"}))


def test_rich_text_gives_its_words() -> None:
    data = rb"{\rtf1\ansi\b Methods\b0\par We asked caf\'e9 staff in six homes.\par Results\par They told us.\par}"
    study = read_rtf(data)
    assert [block.text for block in study.blocks if block.kind is BlockKind.HEADING] == ["Methods", "Results"]
    assert "We asked café staff in six homes." in [block.text for block in study.blocks]
    assert "plain text" in study.notes[-1].message


def test_parts_of_an_archive_are_bounded_and_intact() -> None:
    data = zipped({"a": "".join(str(number) for number in range(2_000))})
    with pytest.raises(StudyTooLarge, match="unfolds to more"):
        open_archive(data, ReadingLimits(max_part_bytes=10)).read("a")
    broken = bytearray(data)
    broken[40] ^= 0xFF
    with pytest.raises(MalformedStudy, match="damaged"):
        open_archive(bytes(broken)).read("a")
    encrypted = bytearray(data)
    at = encrypted.index(b"PK\x01\x02")
    encrypted[at + 8] |= 1
    with pytest.raises(UnsupportedFormat, match="encrypted"):
        open_archive(bytes(encrypted))
    assert isinstance(open_archive(data).parts, zipfile.ZipFile)


def test_links_lead_to_parts_beside() -> None:
    assert part_beside("OEBPS/book.opf", "text/a%20b.xhtml#x") == "OEBPS/text/a b.xhtml"
    assert part_beside("book.opf", "../a.xhtml") == "../a.xhtml"
    assert part_beside("a/b.opf", "#x") == "a/b.opf"
