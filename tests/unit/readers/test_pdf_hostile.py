from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from assistant.errors import EmptyStudy, MalformedStudy, ReadingError, StudyTooLarge
from assistant.readers.limits import ReadingLimits
from assistant.readers.pdf import read_pdf, service
from assistant.readers.pdf.service import open_pages

from .pdf_sheets import LEFT, PROSE, column, deflated, draw, one_page, raw_pdf, stream

FONT = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def prose_page(canvas: Any) -> None:
    column(canvas, PROSE * 3, LEFT, 780, width=480)


def scan_page(canvas: Any) -> None:
    picture = io.BytesIO()
    Image.new("L", (60, 80), 128).save(picture, "PNG")
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)


def test_a_password_that_is_empty_opens_and_another_is_refused() -> None:
    open_to_all = draw(prose_page, encrypt=StandardEncryption("", ownerPassword="owner", strength=128))
    assert read_pdf(open_to_all).blocks
    closed = draw(prose_page, encrypt=StandardEncryption("secret", strength=128))
    with pytest.raises(ReadingError, match="encrypted") as caught:
        read_pdf(closed)
    assert "password" in caught.value.remedy


def test_a_scan_is_refused_with_the_program_that_helps() -> None:
    with pytest.raises(EmptyStudy, match="no text layer") as caught:
        read_pdf(draw(scan_page, scan_page))
    assert "ocrmypdf" in caught.value.remedy


def test_a_scanned_page_among_others_is_noted() -> None:
    study = read_pdf(draw(prose_page, scan_page))
    assert [note.page for note in study.notes] == [2]
    assert "ocrmypdf" in study.notes[0].message


def test_a_text_layer_without_letters_is_refused() -> None:
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <41> <5a> <f041> endbfrange "
        b"endcmap end end"
    )
    font = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>>>"
    content = stream(b"BT /F 10 Tf 40 700 Td (ABCABCABC CBA) Tj ET")
    with pytest.raises(EmptyStudy, match="which letters") as caught:
        read_pdf(raw_pdf([*one_page(content, font), stream(to_unicode)]))
    assert "--force-ocr" in caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.4\n%%EOF", b"\x00" * 500, b"%PDF-1.7\n" + b"[" * 50_000])
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(ReadingError):
        read_pdf(data)


def test_no_words_at_all() -> None:
    with pytest.raises(EmptyStudy):
        read_pdf(draw(lambda canvas: None))


def test_more_text_than_the_limit_is_refused() -> None:
    with pytest.raises(StudyTooLarge, match="characters"):
        read_pdf(draw(prose_page, prose_page), ReadingLimits(max_characters=100))


def test_a_study_that_is_too_large_does_not_stand_in_the_way_of_the_next() -> None:
    try:
        read_pdf(draw(prose_page, prose_page), ReadingLimits(max_characters=100))
    except StudyTooLarge as error:
        assert read_pdf(draw(prose_page)).blocks
        assert error.remedy


def test_a_count_of_pages_that_no_study_has_is_refused() -> None:
    objects = one_page(stream(b""))
    objects[1] = b"<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 1000000>>"
    with pytest.raises(ReadingError):
        read_pdf(raw_pdf(objects))


def test_a_stream_that_unfolds_without_end_breaks_only_the_process_that_opens_it() -> None:
    with pytest.raises(MalformedStudy, match="memory"):
        read_pdf(raw_pdf(one_page(deflated(b"BT /F 10 Tf 10 10 Td (abcdefgh) Tj ET\n" * 20_000, 300), FONT)))
    assert read_pdf(draw(prose_page)).blocks


def test_forms_that_hold_forms_without_end_are_given_up() -> None:
    objects = one_page(stream(b"/X Do " * 10), b"<</XObject<</X 5 0 R>>>>")
    for level in range(9):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X %d 0 R>>>>" % (level + 6)
        objects.append(stream(b"/X Do " * 10, entries))
    objects.append(stream(b"BT ET", b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]"))
    with pytest.raises(ReadingError):
        list(open_pages(raw_pdf(objects), seconds=1.0))
    assert read_pdf(draw(prose_page)).blocks


def test_too_slow_is_a_reason_of_its_own() -> None:
    with pytest.raises(StudyTooLarge, match="longer than"):
        list(open_pages(draw(*[prose_page] * 30), seconds=-7.0))


def test_a_reader_that_stops_early_leaves_no_answers_behind() -> None:
    pages = open_pages(draw(prose_page, prose_page))
    next(pages)
    pages.close()
    assert read_pdf(draw(prose_page)).blocks


def test_the_process_is_used_again() -> None:
    read_pdf(draw(prose_page))
    before = service._service._process
    read_pdf(draw(prose_page))
    assert service._service._process is before is not None


SAMPLE = draw(prose_page, scan_page, prose_page)


@settings(max_examples=40)
@given(st.integers(0, len(SAMPLE)))
def test_a_truncated_file_is_read_or_refused(length: int) -> None:
    _read_or_refuse(SAMPLE[:length])


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_a_file_with_bytes_changed_is_read_or_refused(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    data = bytearray(SAMPLE)
    for _ in range(changes):
        data[chance.randrange(len(data))] = chance.randrange(256)
    _read_or_refuse(bytes(data))


@settings(max_examples=60)
@given(
    st.text(max_size=300),
    st.lists(st.tuples(st.integers(-50, 650), st.integers(-50, 900), st.integers(0, 60)), max_size=30),
)
def test_any_words_anywhere_give_a_study_or_a_reason(text: str, places: list[tuple[int, int, int]]) -> None:
    words = text.encode("latin-1", errors="ignore").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    content = b"".join(b"BT /F %d Tf %d %d Td (%b) Tj ET\n" % (size, x, y, words) for x, y, size in places)
    _read_or_refuse(raw_pdf(one_page(stream(content), FONT)))


def test_words_that_are_all_control_characters_are_no_text() -> None:
    _read_or_refuse(raw_pdf(one_page(stream(b"BT /F 1 Tf 0 0 Td ( \x1b) Tj ET"), FONT)))


def _read_or_refuse(data: bytes) -> None:
    try:
        study = read_pdf(data)
    except ReadingError as error:
        assert error.message and error.remedy
        return
    for block in study.blocks:
        assert all(0 <= line.start < line.end <= len(block.text) for line in block.lines)
