from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import BlockKind, SectionType, Study
from assistant.errors import EmptyStudy, ReadingError, StudyTooLarge
from assistant.readers.html import read_html
from assistant.readers.html.parsing import parse_page, parse_xhtml
from assistant.readers.limits import ReadingLimits
from assistant.readers.registry import read_study

LONG = "Staff told us at length how the daily huddle changed what they dared to say to the senior people on the ward."
PAGE = f"""<!DOCTYPE html><html><head><title>Site | Huddles</title>
<meta name="citation_title" content="Huddles in care homes">
<meta name="citation_author" content="Jane Doe"><meta name="citation_author" content="Rick Roe">
<meta name="dc.creator" content="Doe, Jane"><meta name="dc.creator" content="Roe, Rick">
<meta name="citation_publication_date" content="2020/05/01"><meta name="citation_journal_title" content="Made Journal">
<meta name="citation_doi" content="doi:10.1234/ABC"></head>
<body class="has-nav cookie-shown">
<nav><a href="/">Home</a></nav>
<div class="cookie-consent">
<p>We use cookies, and we tell you so in a sentence that is long enough to look like text.</p></div>
<div id="page"><header><h1>Huddles in care homes</h1><p class="authors">Jane Doe, Rick Roe</p></header>
<div class="content">
<section><h2>Abstract</h2><p>{LONG} It began slowly.</p></section>
<p><b>Funding:</b> Nobody paid for this work, which was made for a test and for nothing else.</p>
<section class="part"><h3>Introduction</h3><div>{LONG}<sup><a href="#r1">1</a>,<a href="#r2">2</a></sup> More
 <em>running</em> text.<ul><li>first point</li><li>second point</li></ul>After the list.</div></section>
<section><h3>Methods</h3><p>{LONG}</p><h4>Setting</h4><p>Six homes took part [<a href="#r2">2</a>].</p></section>
<section><h3>Results</h3><p>{LONG}</p>
<blockquote><p>We just got on with it, really.</p><footer>(Nurse 3, Home B)</footer></blockquote>
<figure><img src="x.png" alt="x"><figcaption>Figure 1. How huddles spread.</figcaption></figure>
<table><caption>Table 1. Homes</caption><tr><th>Home</th><th colspan="2">Beds</th></tr>
<tr><td>A</td><td>12</td><td>n<sup>2</sup></td></tr></table>
<div style="display:none"><p>Hidden words that nobody sees on the page, whatever their number may be.</p></div>
<aside class="related"><p>Related articles that you may like to read as well, says the publisher.</p></aside></section>
<section><h3>Discussion</h3><p>{LONG}</p></section>
<section><h3>References</h3><ol><li id="r1">Poe P. A made book. 2001.
 <a href="#">Google Scholar</a> | <a>PubMed</a></li>
<li id="r2"><p>Loe L. Another. 2002.<p>In print.</p></li></ol></section>
<div class="footnotes"><ol><li>A note below. <a href="#b1">↩</a></li></ol></div>
</div></div><footer>
<p>© The publisher, whose terms and conditions go on for a while in this line at the foot.</p></footer>
<script>var x = "<p>not text</p>";</script></body></html>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path = tmp_path_factory.mktemp("html") / "page.pdf"
    path.write_text(PAGE, "utf-8")
    return read_study(path)


def texts(study: Study, kind: BlockKind) -> list[str]:
    return [block.span.of(study.text) for block in study.blocks if block.kind is kind]


def test_metadata_comes_from_the_tags_with_families_first_where_a_tag_says_so(made: Study) -> None:
    known = made.bibliography
    assert (known.title, known.authors) == ("Huddles in care homes", ("Doe, Jane", "Roe, Rick"))
    assert (known.year, known.journal, known.doi) == (2020, "Made Journal", "10.1234/abc")


def test_a_page_named_pdf_is_read_with_a_note(made: Study) -> None:
    assert made.source.format == "HTML"
    assert any("named .pdf" in note.message for note in made.notes)


def test_sections_stand_side_by_side_whatever_rank_the_abstract_has(made: Study) -> None:
    assert [(section.path, section.type.value) for section in made.sections] == [
        ((), "back_matter"),
        (("Abstract",), "abstract"),
        (("Introduction",), "background"),
        (("Methods",), "methods"),
        (("Methods", "Setting"), "methods"),
        (("Results",), "results"),
        (("Discussion",), "discussion"),
        (("References",), "references"),
    ]


def test_what_frames_the_article_is_left_out(made: Study) -> None:
    for words in (
        "cookies",
        "Home\n",
        "Hidden words",
        "Related articles",
        "not text",
        "Google Scholar",
        "PubMed",
        "|\n",
    ):
        assert words not in made.text


def test_running_text_of_a_container_is_one_paragraph_to_each_side_of_a_list(made: Study) -> None:
    assert f"{LONG}[1,2] More running text." in texts(made, BlockKind.PARAGRAPH)
    assert texts(made, BlockKind.LIST_ITEM) == ["first point", "second point"]
    assert "After the list." in texts(made, BlockKind.PARAGRAPH)


def test_quotations_have_their_speakers(made: Study) -> None:
    quotation = next(block for block in made.blocks if block.kind is BlockKind.QUOTATION)
    assert quotation.span.of(made.text) == "We just got on with it, really. (Nurse 3, Home B)"
    assert quotation.speaker == "Nurse 3, Home B"


def test_captions_tables_references_notes_and_front_matter_are_set_apart(made: Study) -> None:
    assert texts(made, BlockKind.CAPTION) == ["Figure 1. How huddles spread.", "Table 1. Homes."]
    assert texts(made, BlockKind.TABLE) == ["Home | Beds\nA | 12 | n²"]
    assert texts(made, BlockKind.REFERENCE) == ["1. Poe P. A made book. 2001.", "2. Loe L. Another. 2002. In print."]
    assert texts(made, BlockKind.FOOTNOTE) == ["[1] A note below."]
    front = texts(made, BlockKind.FRONT_MATTER)
    assert front[0] == "Huddles in care homes" and front[-1].startswith("Funding:")


def raw(body: str, head: str = "") -> list[tuple[BlockKind, str]]:
    study = read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    return [(block.kind, block.text) for block in study.blocks]


def test_a_page_without_headings_takes_its_title_from_the_window() -> None:
    assert read_html(b"<title>A page</title><p>Some words here.</p>").bibliography.title == "A page"


def test_bold_lines_are_headings_and_bold_sentences_are_not() -> None:
    blocks = raw("<p><b>Methods</b></p><p>We asked.</p><p><strong>We asked them all.</strong></p>")
    assert [kind for kind, _ in blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_a_table_that_lays_out_the_page_is_unfolded() -> None:
    blocks = raw("<table><tr><td><h2>Methods</h2><p>We asked.</p></td><td>Beside</td></tr></table>")
    assert blocks == [
        (BlockKind.HEADING, "Methods"),
        (BlockKind.PARAGRAPH, "We asked."),
        (BlockKind.PARAGRAPH, "Beside"),
    ]


def test_definitions_layouts_and_lists_in_lists() -> None:
    blocks = raw("<dl><dt>CMO</dt><dd>A configuration.</dd></dl><ul><li>One<ol><li>Inner</li></ol></li></ul>")
    assert blocks == [
        (BlockKind.LIST_ITEM, "CMO: A configuration."),
        (BlockKind.LIST_ITEM, "One"),
        (BlockKind.LIST_ITEM, "Inner"),
    ]


def test_text_before_the_first_heading_is_evidence_unless_it_is_a_title_page() -> None:
    study = read_html(b"<h1>A short essay</h1><p>" + LONG.encode() * 4 + b"</p><h2>Setting out</h2><p>More.</p>")
    paragraph = next(block for block in study.blocks if block.kind is BlockKind.PARAGRAPH)
    assert paragraph.section_type is SectionType.BODY
    assert study.bibliography.title == "A short essay"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('<meta charset="iso-8859-1"><p>caf\xe9 \x93said\x94</p>'.encode("latin-1"), "café “said”"),
        ('<meta charset="utf-8"><p>café</p>'.encode("cp1252"), "café"),
        ("<p>café ’</p>".encode("cp1252"), "café ’"),
        ("\ufeff<p>café</p>".encode("utf-16"), "café"),
        ("<?xml version='1.0' encoding='utf-8'?><p>café</p>".encode(), "café"),
        (b'<meta charset="utf-16"><p>plain</p>', "plain"),
        (b'<meta charset="nonsense"><p>plain</p>', "plain"),
    ],
)
def test_encodings_are_told_by_what_holds(data: bytes, words: str) -> None:
    assert words in [block.text for block in read_html(data).blocks]


def test_a_page_without_words_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<html><body><script>1</script></body></html>")
    with pytest.raises(EmptyStudy):
        read_study(path)


def test_bounds_on_tags_and_depth_hold() -> None:
    with pytest.raises(StudyTooLarge, match="tags"):
        read_html(b"<p>x</p>" * 10, ReadingLimits(max_xml_elements=10))
    with pytest.raises(StudyTooLarge, match="nests deeper"):
        read_html(b"<div>" * 5_000 + b"words")


def test_xhtml_that_is_not_well_formed_is_read_as_html() -> None:
    assert parse_xhtml(b"<html><body><a id='x'/><p>one</p></body></html>").root.find("body/a/p") is None
    assert parse_xhtml(b"<html><body><p>one<p>two</body></html>").root.tag == "html"
    with pytest.raises(EmptyStudy):
        parse_page(b"  ")


@given(st.text(alphabet=st.sampled_from("<>/ abphtd=\"'&;1!-\x00\u0301\u05d0"), max_size=200))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    try:
        study = read_html(f"<html><body>{markup}".encode())
    except ReadingError:
        return
    assert all("\x00" not in block.text for block in study.blocks)
