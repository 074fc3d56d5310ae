from __future__ import annotations

import pytest

from assistant.domain.study import BlockKind
from assistant.errors import MalformedStudy
from assistant.readers.bmc import read_bmc
from assistant.readers.builder import RawStudy

ARTICLE = b"""<?xml version='1.0'?><!DOCTYPE art SYSTEM 'http://www.biomedcentral.com/xml/article.dtd'>
<art><ui>1</ui><fm><dochead>Research</dochead><bibl><title><p>Huddles <it>at work</it></p></title><aug>
<au id="A1"><snm>Doe</snm><mi>A</mi><fnm>Jane</fnm></au><au><snm>Roe</snm><fnm>Rick</fnm><suf>Jr</suf></au>
<au type="on_behalf"><cnm>The Huddle Group</cnm></au></aug><source>Made Journal</source><pubdate>2011</pubdate>
<xrefbib><pubidlist><pubid idtype="doi">10.9999/X</pubid></pubidlist></xrefbib></bibl>
<cpyrt><year>2011</year><note>Open access (<url>http://creativecommons.org/licenses/by/2.0</url>)</note></cpyrt>
<kwdg><kwd>huddle</kwd></kwdg>
<abs><sec><st><p>Abstract</p></st><sec><st><p>Aim</p></st><p>To try.</p></sec></sec></abs></fm>
<bdy><sec><st><p>Methods</p></st><p>We asked staff <abbrgrp><abbr bid="B1">1</abbr><abbr bid="B2">2</abbr></abbrgrp>.
See Table <tblr tid="T1">1</tblr> for <ul>more</ul>.</p>
<ul><li><p>first</p></li><li><p>second</p></li></ul>
<blockquote><p>We got on with it. (Nurse 3)</p></blockquote>
<table id="T1"><title><p>Table 1</p></title><caption><p>Homes</p></caption><tgroup cols="3"><thead><row>
<entry colname="c1"><p>Home</p></entry><entry namest="c2" nameend="c3"><p>Beds</p></entry></row></thead>
<tbody><row><entry morerows="1"><p>A</p></entry><entry><p>1</p></entry><entry><p>2</p></entry></row>
<row><entry><p>3</p></entry><entry><p>4</p></entry></row></tbody></tgroup><tfoot><p>Counted twice.</p></tfoot></table>
<fig id="F1"><title><p>Figure 1</p></title><caption><p>A picture</p></caption><text><p>Of huddles.</p></text></fig>
</sec></bdy><bm><ack><sec><st><p>Acknowledgements</p></st><p>We thank them.</p></sec></ack>
<refgrp><bibl id="B1"><title><p>A made book</p></title><aug><au><snm>Poe</snm><fnm>P</fnm></au><etal/></aug>
<source>J Made</source><pubdate>2001</pubdate><volume>3</volume><fpage>1</fpage><lpage>9</lpage></bibl>
<bibl id="B2"><aug><cnm>Huddle Society</cnm></aug><title><p>Another</p></title><url>http://example.org</url></bibl>
</refgrp></bm></art>"""


@pytest.fixture(scope="module")
def made() -> RawStudy:
    return read_bmc(ARTICLE)


def texts(study: RawStudy, kind: BlockKind) -> list[str]:
    return [" ".join(block.text.split(" ")) for block in study.blocks if block.kind is kind]


def test_the_article_is_identified(made: RawStudy) -> None:
    known = made.bibliography
    assert known.title == "Huddles at work"
    assert known.authors == ("Doe, Jane A", "Roe, Rick, Jr", "The Huddle Group")
    assert (known.year, known.journal, known.doi) == (2011, "Made Journal", "10.9999/x")
    assert known.licence == "http://creativecommons.org/licenses/by/2.0"


def test_sections_nest_and_the_abstract_has_one_heading(made: RawStudy) -> None:
    headings = [(block.text, block.level) for block in made.blocks if block.kind is BlockKind.HEADING]
    assert headings == [("Abstract", 1), ("Aim", 2), ("Methods", 1), ("Acknowledgements", 1), ("References", 1)]


def test_marks_lists_and_quotations(made: RawStudy) -> None:
    paragraph = next(text for text in texts(made, BlockKind.PARAGRAPH) if text.startswith("We asked"))
    assert " ".join(paragraph.split()) == "We asked staff [1,2]. See Table 1 for more."
    assert texts(made, BlockKind.LIST_ITEM) == ["first", "second"]
    quotation = next(block for block in made.blocks if block.kind is BlockKind.QUOTATION)
    assert quotation.speaker == "Nurse 3"


def test_floats_and_references(made: RawStudy) -> None:
    captions = [" ".join(text.split()) for text in texts(made, BlockKind.CAPTION)]
    assert captions == ["Table 1. Homes.", "Figure 1. A picture. Of huddles."]
    assert texts(made, BlockKind.TABLE) == ["Home | Beds\nA | 1 | 2\n | 3 | 4"]
    assert texts(made, BlockKind.REFERENCE) == [
        "1. Poe P, et al. A made book. J Made. 2001;3:1–9.",
        "2. Huddle Society. Another. http://example.org.",
    ]


def test_another_root_is_refused() -> None:
    with pytest.raises(MalformedStudy, match="no BMC article"):
        read_bmc(b"<art2/>")
