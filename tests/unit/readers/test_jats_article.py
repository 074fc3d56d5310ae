# ruff: noqa: E501 - the article stands as journals write theirs, in long lines.
"""One article written for these tests, with what the formats of journals have between them."""

import pytest

from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.errors import MalformedStudy
from assistant.readers.builder import build_study
from assistant.readers.jats import read_jats

FRONT = """<front><journal-meta><journal-title-group><journal-title>Journal of Made Things</journal-title>
</journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">https://doi.org/10.1/ABC.d</article-id>
<title-group><article-title>Huddles in <italic>care</italic> homes</article-title><subtitle>a study</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane A</given-names></name>
<xref ref-type="aff">1</xref></contrib>
<contrib contrib-type="author"><name><surname>Roe</surname><given-names>Rick</given-names><suffix>Jr</suffix></name></contrib>
<contrib contrib-type="author"><name-alternatives><name><surname>Poe</surname></name></name-alternatives></contrib>
<contrib contrib-type="author"><string-name>Solo Name</string-name></contrib>
<contrib contrib-type="author"><collab>the Huddle Group<contrib-group><contrib contrib-type="author">
<name><surname>Member</surname></name></contrib></contrib-group></collab></contrib>
<contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib></contrib-group>
<pub-date pub-type="pmc-release"><year>2018</year></pub-date><pub-date pub-type="ppub"><year>2021</year></pub-date>
<pub-date pub-type="epub"><year>2020</year></pub-date>
<permissions><copyright-year>2019</copyright-year><license><license-p>Open, see <ext-link xmlns:xlink="http://www.w3.org/1999/xlink"
 xlink:href="http://x.example/about">this</ext-link> and https://creativecommons.org/licenses/by/4.0/.</license-p></license></permissions>
<abstract><sec><title>Aim:</title><p>We asked why huddles last.</p></sec><sec><title>Trial registration</title><p>None.</p></sec></abstract>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<abstract abstract-type="author-highlights"><p>Huddles last.</p></abstract>
<trans-abstract xml:lang="fr"><p>En bref.</p></trans-abstract>
<kwd-group><kwd>huddles</kwd><kwd>care homes</kwd></kwd-group></article-meta></front>"""

BODY = """<body><sec sec-type="intro"><label>1</label><title>Why huddles</title>
<p>Huddles are short<xref ref-type="bibr" rid="r1">1</xref><xref ref-type="bibr" rid="r2">2</xref> and daily.<sup><xref ref-type="bibr" rid="r1">1</xref></sup> They
 help [<xref ref-type="bibr" rid="r2">2</xref>, <xref ref-type="bibr" rid="r1">1</xref>] a lot (Roe, <xref ref-type="bibr" rid="r2">2010</xref>).</p>
<p>We looked at <list list-type="order"><list-item><label>1.</label><p>who spoke</p></list-item>
<list-item><label>•</label><p>who listened<list><list-item><p>and how</p></list-item></list></p></list-item></list> and at what
 <fig><label>Figure 1</label><caption><title>A huddle</title><p>Seen from above.</p></caption><graphic/></fig>followed.</p></sec>
<sec sec-type="materials|methods"><title>What we did</title><sec><title>Ethics</title><p>We had leave<xref ref-type="fn" rid="f">a</xref>.</p></sec></sec>
<sec><title>Results</title>
<disp-quote><p>We all felt heard.</p><attrib>Nurse, Site A</attrib></disp-quote>
<disp-quote><p>So we came back.</p><p>(Carer, Site B)</p></disp-quote>
<disp-quote><p>It gave me a reason to stay.</p></disp-quote><disp-quote><p>Cook, rural home</p></disp-quote>
<disp-quote><disp-quote><p>Q: And then?</p><p>We stayed on. (P4)</p></disp-quote></disp-quote>
<p>“It was ours from the start.” (P5, Site C)</p>
<table-wrap><label>Table 1</label><caption><p>Homes</p></caption><table><thead><tr><th rowspan="2">Home</th><th colspan="2">Huddles</th></tr>
<tr><th>2019</th><th>2020</th></tr></thead><tbody><tr><td>A</td><td>3<sup>a</sup></td><td>4 | 5</td></tr><tr><td/><td/><td/></tr></tbody></table>
<table-wrap-foot><fn><label>a</label><p>Partly.</p></fn><p>Counts a week.</p></table-wrap-foot></table-wrap>
<boxed-text><label>Box 1</label><caption><title>Rules</title></caption><p>Speak in turn.</p></boxed-text>
<p>Area rose by 5 m<sup>2</sup> and CO<sub>2</sub> fell<fn><label>b</label><p>A note.</p></fn>; see <ext-link xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://x.example"/>.</p>
<def-list><title>Terms</title><def-item><term>MDT</term><def><p>team of many trades</p></def></def-item><def-item><term>Bare</term></def-item></def-list>
<p>Then <disp-formula><label>(1)</label><alternatives><math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac><mo>=</mo><msup><mi>b</mi><mn>2</mn></msup></math><graphic/></alternatives></disp-formula> holds.</p></sec>
<sec sec-type="discussion"><title>Meaning</title><p>Trust came first.</p></sec>
<sec sec-type="supplementary-material"><supplementary-material><label>File 1</label><caption><p>Guide</p></caption></supplementary-material></sec></body>"""

BACK = """<back><ack><sec><title>Thanks</title><p>To all homes.</p></sec></ack><ack><p>And all staff.</p></ack>
<fn-group><fn fn-type="conflict"><p>None declared.</p></fn></fn-group>
<glossary><def-list><def-item><term>GP</term><def><p>general practitioner</p></def></def-item></def-list></glossary>
<app-group><app><title>Appendix 1</title><p>Questions.</p></app></app-group><sec><title>Conclusion</title><p>Huddles last.</p></sec>
<notes><title>Funding</title><p>None.</p></notes>
<ref-list><ref id="r1"><label>1</label><element-citation><person-group><name><surname>Doe</surname><given-names>J</given-names></name><collab>The Group</collab><etal/></person-group>
<article-title>On huddles</article-title><source>J Made</source><year>2010</year><volume>3</volume><issue>2</issue><fpage>7</fpage><lpage>9</lpage>
<pub-id pub-id-type="doi">10.1/x</pub-id></element-citation></ref>
<ref id="r2"><mixed-citation><string-name><surname>Roe</surname><given-names>R</given-names></string-name>. <article-title>More huddles</article-title>. <source>J Made</source> <year>2010</year>;<volume>4</volume>:<fpage>1</fpage>.<pub-id>10.1/y</pub-id></mixed-citation></ref>
<ref-list><title>Further reading</title><ref><mixed-citation>Anon. A leaflet.</mixed-citation></ref></ref-list></ref-list></back>"""


def study_of(xml: str) -> Study:
    return build_study("made", SourceFile("made.xml", "", "jats"), read_jats(xml.encode()))


def article(front: str = FRONT, body: str = BODY, back: str = BACK, rest: str = "") -> Study:
    return study_of(f"<article>{front}{body}{back}{rest}</article>")


def body(inner: str) -> list[tuple[BlockKind, str]]:
    study = article("", f"<body>{inner}</body>", "")
    return [(block.kind, block.span.of(study.text)) for block in study.blocks if block.kind is not BlockKind.HEADING]


@pytest.fixture(scope="module")
def made() -> Study:
    return article()


def texts(study: Study, kind: BlockKind) -> list[str]:
    return [block.span.of(study.text) for block in study.blocks if block.kind is kind]


def test_bibliography(made: Study) -> None:
    known = made.bibliography
    assert known.title == "Huddles in care homes: a study"
    assert known.authors == ("Doe, Jane A", "Roe, Rick, Jr", "Poe", "Solo Name", "the Huddle Group")
    assert (known.year, known.journal, known.doi) == (2020, "Journal of Made Things", "10.1/abc.d")
    assert known.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_front_matter_comes_first_and_is_no_evidence(made: Study) -> None:
    assert texts(made, BlockKind.FRONT_MATTER) == [
        "Huddles in care homes: a study",
        "Doe, Jane A; Roe, Rick, Jr; Poe; Solo Name; the Huddle Group",
        "Keywords: huddles; care homes",
    ]
    assert made.sections[0].type is SectionType.BACK_MATTER


def test_sections_are_typed_by_the_file_then_by_their_headings(made: Study) -> None:
    assert [(len(section.path), section.title, section.type.value) for section in made.sections[1:]] == [
        (1, "Abstract", "abstract"),
        (2, "Aim", "abstract"),
        (2, "Trial registration", "back_matter"),
        (1, "Highlights", "abstract"),
        (1, "1 Why huddles", "background"),
        (1, "What we did", "methods"),
        (2, "Ethics", "methods"),
        (1, "Results", "results"),
        (1, "Meaning", "discussion"),
        (1, "Supplementary material", "back_matter"),
        (1, "Thanks", "back_matter"),
        (1, "Acknowledgements", "back_matter"),
        (1, "Notes", "back_matter"),
        (1, "Abbreviations", "back_matter"),
        (1, "Appendix 1", "back_matter"),
        (1, "Conclusion", "conclusion"),
        (1, "Funding", "back_matter"),
        (1, "References", "references"),
        (2, "Further reading", "references"),
    ]


def test_paragraphs_read_whole_with_their_marks(made: Study) -> None:
    assert texts(made, BlockKind.PARAGRAPH)[3:] == [
        "Huddles are short [1,2] and daily.[1] They help [2, 1] a lot (Roe, 2010).",
        "We looked at",
        "and at what followed.",
        "We had leave [a].",
        "Speak in turn.",
        "Area rose by 5 m² and CO2 fell [b]; see http://x.example.",
        "Terms",
        "Then a/2 = b^2 (1) holds.",
        "Trust came first.",
        "To all homes.",
        "And all staff.",
        "Questions.",
        "Huddles last.",
        "None.",
    ]


def test_lists_quotations_tables_captions_footnotes(made: Study) -> None:
    assert texts(made, BlockKind.LIST_ITEM) == [
        "1. who spoke",
        "who listened",
        "and how",
        "MDT: team of many trades",
        "Bare",
        "GP: general practitioner",
    ]
    assert [
        (block.span.of(made.text), block.speaker) for block in made.blocks if block.kind is BlockKind.QUOTATION
    ] == [
        ("We all felt heard. (Nurse, Site A)", "Nurse, Site A"),
        ("So we came back. (Carer, Site B)", "Carer, Site B"),
        ("It gave me a reason to stay. (Cook, rural home)", "Cook, rural home"),
        ("Q: And then?", "Q"),
        ("We stayed on. (P4)", "P4"),
        ("“It was ours from the start.” (P5, Site C)", "P5, Site C"),
    ]
    assert texts(made, BlockKind.TABLE) == ["Home | Huddles\n| 2019 | 2020\nA | 3 [a] | 4 / 5"]
    assert texts(made, BlockKind.CAPTION) == [
        "Figure 1. A huddle. Seen from above.",
        "Table 1. Homes.",
        "Box 1. Rules.",
        "File 1. Guide.",
    ]
    assert texts(made, BlockKind.FOOTNOTE) == ["[a] Partly.", "Counts a week.", "[b] A note.", "None declared."]


def test_references_are_readable(made: Study) -> None:
    assert texts(made, BlockKind.REFERENCE) == [
        "1. Doe J, The Group, et al. On huddles. J Made. 2010;3(2):7–9. doi:10.1/x.",
        "Roe R. More huddles. J Made 2010;4:1. 10.1/y",
        "Anon. A leaflet.",
    ]


def test_what_was_left_out_is_noted(made: Study) -> None:
    assert [note.message for note in made.notes] == ["Translated abstracts were left out (fr)."]
    more = article(rest="<sub-article/><sub-article/><response/>")
    assert [note.message for note in more.notes[:2]] == [
        "Left out: 2 sub-articles attached to the article.",
        "Left out: 1 response attached to the article.",
    ]


def test_a_body_without_headings_gets_its_own_section() -> None:
    plain = article(FRONT, "<body><p>Only words.</p></body>", "")
    assert (plain.sections[-1].title, plain.sections[-1].type) == ("Main text", SectionType.BODY)
    parted = article(FRONT, "<body><p>First.</p><sec><title>Methods</title><p>Then.</p></sec></body>", "")
    assert [(section.title, section.type.value) for section in parted.sections[-2:]] == [
        ("Introduction", "background"),
        ("Methods", "methods"),
    ]


def test_a_box_before_the_first_section_and_floats_after_the_last_stand_for_themselves() -> None:
    study = article(
        "",
        "<body><boxed-text><caption><title>What is known</title></caption><p>Little.</p></boxed-text>"
        "<sec><title>Background</title><p>More.</p></sec></body>",
        "",
        "<floats-group><fig><label>Fig. 1</label><caption><p>Late</p></caption></fig></floats-group>",
    )
    assert [section.title for section in study.sections] == ["What is known", "Background", "Figures and tables"]


def test_a_whole_article_within_one_section_keeps_its_types() -> None:
    inner = "".join(f"<sec><title>{name}</title><p>Words.</p></sec>" for name in ("Methods", "Results", "Discussion"))
    study = article("", f"<body><sec><title>Findings</title>{inner}</sec></body>", "")
    assert [section.type.value for section in study.sections] == ["body", "methods", "results", "discussion"]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<p>a<break/>b</p>", "a b"),
        ("<p><bold>Bold</bold>ly <italic>g</italic>one</p>", "Boldly gone"),
        ("<p>see <xref ref-type='fig'>Fig. 1</xref>b</p>", "see Fig. 1b"),
        ("<p>short<xref ref-type='bibr'>1 2</xref>, said</p>", "short [1,2], said"),
        ("<p>short.<xref ref-type='bibr'>1</xref>–<xref ref-type='bibr'>3</xref></p>", "short.[1–3]"),
        ("<p>see ref <xref ref-type='bibr'>12</xref> there</p>", "see ref 12 there"),
        ("<p>by others<sup><xref ref-type='bibr'>1</xref></sup><sup>,</sup><sup><xref>3</xref></sup>.</p>", "by others [1,3]."),
        ("<p>by others.<xref ref-type='bibr'><sup>1</sup></xref><sup>-</sup><xref><sup>3</sup></xref> So</p>", "by others.[1–3] So"),
        ("<p>by others <xref ref-type='bibr'><sup>1</sup></xref><sup>,</sup> so</p>", "by others [1], so"),
        ("<p>word<sup>,</sup> then</p>", "word, then"),
        ("<p>by <abbrev>MDT<def><p>team</p></def></abbrev>s</p>", "by MDTs"),
        ("<p>so <inline-formula><tex-math>\\documentclass{x}\\begin{document}$x^2$\\end{document}</tex-math>"
         "</inline-formula> is</p>", "so x^2 is"),
        ("<p>so <inline-formula>n = 3<alt-text>no</alt-text></inline-formula> is</p>", "so n = 3 is"),
        ("<p>word<sup>a</sup>Then</p>", "word [a] Then"),
        ("<p>odd <styled-content>words</styled-content><unknown>!</unknown></p>", "odd words!"),
        ("<preformat>kept text</preformat>", "kept text"),
        ("<alternatives><p>one</p><p>other</p></alternatives>", "one"),
        ("<verse-group><verse-line>a line</verse-line></verse-group>", "a line"),
    ],
)  # fmt: skip
def test_inline_markup_neither_glues_nor_splits(xml: str, text: str) -> None:
    assert [block for _, block in body(xml)] == [text]


def test_a_short_answer_is_no_label_of_the_words_before_it() -> None:
    quotes = "<disp-quote><p>Did it help you?</p></disp-quote><disp-quote><p>Yes it did</p></disp-quote>"
    assert body(quotes) == [(BlockKind.QUOTATION, "Did it help you?"), (BlockKind.QUOTATION, "Yes it did")]


def test_stray_text_between_blocks_is_kept() -> None:
    assert body("<sec><title>T</title>stray<p>a</p>more</sec>") == [
        (BlockKind.PARAGRAPH, "stray"),
        (BlockKind.PARAGRAPH, "a"),
        (BlockKind.PARAGRAPH, "more"),
    ]


@pytest.mark.parametrize(
    ("math", "line"),
    [
        ("<msub><mi>x</mi><mi>i</mi></msub>", "x_i"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_i^2"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x + 1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi></mtd></mtr></mtable>", "a; b"),
        ("<semantics><mi>a</mi><annotation>no</annotation></semantics>", "a"),
    ],
)
def test_formulas_are_one_line(math: str, line: str) -> None:
    assert body(f"<p>Thus <math>{math}</math> holds.</p>") == [(BlockKind.PARAGRAPH, f"Thus {line} holds.")]


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ('<license xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href=" http://x.example/l "><p>T</p></license>', "http://x.example/l"),
        ("<license><license-p>Free to share.</license-p></license>", "Free to share."),
        (f"<license><license-p>{'Long words. ' * 50}</license-p></license>", ("Long words. " * 50)[:200] + "…"),
        ("<license/>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_licence_is_given_as_stated(licence: str, said: str) -> None:
    front = f"<front><article-meta><permissions>{licence}</permissions></article-meta></front>"
    assert article(front).bibliography.licence == said.strip()


def test_what_is_unknown_stays_empty() -> None:
    known = article("").bibliography
    assert (known.title, known.authors, known.year, known.doi) == ("", (), None, "")
    stub = study_of("<article><front-stub><title-group/></front-stub><body><p>Words.</p></body></article>")
    assert stub.bibliography.title == ""
    odd = "<front><article-meta><contrib-group><contrib><name><surname>Doe</surname></name></contrib><contrib/></contrib-group>"
    odd += "<pub-date><year>n.d.</year></pub-date></article-meta></front>"
    assert article(odd).bibliography.authors == ("Doe",)
    assert article(odd).bibliography.year is None


def test_wrapped_articles_are_found_and_extra_ones_noted() -> None:
    study = study_of("<pmc-articleset><article><body><p>First.</p></body></article><article/></pmc-articleset>")
    assert "First." in study.text
    assert study.notes[0].message == "The file holds 2 articles; only the first was read."
    abstract_only = study_of(f"<article>{FRONT}</article>")
    assert "no body" in abstract_only.notes[0].message
    with pytest.raises(MalformedStudy, match="no article"):
        read_jats(b"<book/>")


def test_spans_of_cells_that_lie_are_bounded() -> None:
    rows = '<tr><td colspan="999999999" rowspan="x">a</td></tr><tr><td rowspan="-3">b</td><td rowspan="9999"/><td>c</td></tr>'
    rows += "<tr><td>d</td><td>e</td></tr>"
    kinds = dict(body(f"<table-wrap><table>{rows}</table></table-wrap>"))
    assert kinds[BlockKind.TABLE] == "a\nb | | c\nd | | e"


def test_a_table_of_nothing_but_spans_stays_small() -> None:
    rows = '<tr><td colspan="1000" rowspan="1000">a</td></tr>' * 500
    assert len(body(f"<table>{rows}</table>")[0][1]) < 500 * 400
