from __future__ import annotations

import io
import json

import pytest

from assistant.readers.pdf import worker
from assistant.readers.pdf.document import PdfDocument, Refused
from assistant.readers.pdf.glyphs import DocumentInfo, Face, PageContent, PageFault, Word
from assistant.readers.pdf.wire import MALFORMED, TOO_LARGE, decode, encode

from .pdf_sheets import LEFT, PROSE, column, draw, line, one_page, raw_pdf, stream


def pages(data: bytes) -> list[PageContent]:
    document = PdfDocument.open(data)
    found = [page for page in document if isinstance(page, PageContent)]
    document.close()
    return found


def test_words_have_their_place_and_face() -> None:
    (page,) = pages(draw(lambda canvas: line(canvas, "Beans and peas", 100, 742, size=12, font="Times-Bold")))
    assert [word.text for word in page.words] == ["Beans", "and", "peas"]
    first = page.words[0]
    assert first.face == Face("Times-Bold", 12.0, bold=True)
    assert (round(first.x0), round(first.y)) == (100, 100)
    assert first.x1 < page.words[1].x0
    assert [word.spaced for word in page.words] == [False, True, True]


def test_a_hyphen_at_a_line_end_stays_a_hyphen() -> None:
    def on(canvas: object) -> None:
        line(canvas, "they were in-", LEFT, 700)
        line(canvas, "vited to dig", LEFT, 688)

    (page,) = pages(draw(on))
    assert [word.text for word in page.words] == ["they", "were", "in-", "vited", "to", "dig"]


def test_a_mark_in_smaller_type_is_a_word_of_its_own() -> None:
    content = stream(b"BT /F 10 Tf 40 700 Td (peas) Tj /F 6 Tf 0 4 Td 20 0 Td (12) Tj ET")
    fonts = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    (page,) = pages(raw_pdf(one_page(content, fonts)))
    assert [(word.text, word.face.size) for word in page.words] == [("peas", 10.0), ("12", 6.0)]


def test_rules_are_thin_and_lie_flat() -> None:
    def on(canvas: object) -> None:
        canvas.line(50, 700, 300, 700)  # type: ignore[attr-defined]
        canvas.line(50, 600, 50, 700)  # type: ignore[attr-defined]
        canvas.rect(50, 400, 200, 100)  # type: ignore[attr-defined]

    (page,) = pages(draw(on))
    (rule,) = page.rules
    assert (rule.x0, rule.x1, rule.y) == pytest.approx((50, 300, 142), abs=1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_are_described_as_they_are_shown(turn: int) -> None:
    objects = one_page(
        stream(b"BT /F 10 Tf 40 700 Td (peas) Tj ET"), b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    )
    objects[2] = objects[2].replace(b"/Parent", b"/Rotate %d/Parent" % turn)
    (page,) = pages(raw_pdf(objects))
    assert (page.width, page.height) == ((600, 800) if turn in (0, 180) else (800, 600))
    (word,) = page.words or page.turned
    assert bool(page.words) is (turn == 0)
    expected = {0: (40, 100), 90: (700, 40), 180: (560, 700), 270: (100, 560)}[turn]
    assert (
        abs(word.y - expected[1]) < 1
        and abs(min(word.x0, word.x1, key=lambda x: abs(x - expected[0])) - expected[0]) < 8
    )


@pytest.mark.parametrize(
    ("name", "weight", "bold", "italic"),
    [
        ("ABCDEF+Times-Bold", 400, True, False), ("AdvTTaf7f9f4f.B", 0, True, False),
        ("AdvTT837b8832.BI", 0, True, True),
        ("Times-Italic", 400, False, True), ("Frutiger-Black", 400, True, False), ("Garamond", 700, True, False),
        ("Bookman", 400, False, False), ("Humanist777BT-RomanCondensedB", 400, False, False),
    ],
)  # fmt: skip
def test_bold_and_italic_are_told_by_name_or_weight(name: str, weight: int, bold: bool, italic: bool) -> None:
    face = Face.of(name, 10, weight, 0)
    assert (face.bold, face.italic) == (bold, italic)
    assert "+" not in face.name


def test_what_crosses_the_pipe_comes_out_as_it_went_in() -> None:
    face = Face("F", 9.5, False, True)
    page = PageContent(3, 595.0, 842.0, (Word("Grün\u2028", 1.25, 2.5, 3.0, face, True),), (), (), True, 2)
    for sent in (page, PageFault(4, "it is damaged"), DocumentInfo("T", "A")):
        assert decode(json.loads(json.dumps(encode(sent)))) == sent


def test_the_worker_answers_in_lines_of_json() -> None:
    sink = io.BytesIO()
    worker.serve(draw(lambda canvas: column(canvas, PROSE, LEFT, 700)), sink)
    answers = [json.loads(answer) for answer in sink.getvalue().splitlines()]
    assert [next(iter(answer)) for answer in answers] == ["info", "page", "done"]


def test_the_worker_says_why_it_refuses() -> None:
    sink = io.BytesIO()
    worker.serve(b"%PDF-1.7 nothing", sink)
    assert json.loads(sink.getvalue())["refused"] == MALFORMED


def test_too_many_pages_are_refused() -> None:
    objects = one_page(stream(b""))
    objects[1] = b"<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 1000000>>"
    with pytest.raises(Refused) as caught:
        PdfDocument.open(raw_pdf(objects))
    assert caught.value.kind == TOO_LARGE


def test_a_page_with_more_than_any_page_holds_is_left_out() -> None:
    rows = (b"BT /F 1 Tf 10 %d Td (%b) Tj ET\n" % (20 + 2 * row, b"ab " * 130) for row in range(350))
    content = stream(b"".join(rows))
    fonts = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    (found,) = list(PdfDocument.open(raw_pdf(one_page(content, fonts))))
    assert isinstance(found, PageFault) and "characters" in found.reason
