"""Documents in the layouts that extraction leaves behind, with sentences of our own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.errors import EmptyStudy, UnsupportedFormat
from assistant.readers.builder import build_study
from assistant.readers.text import read_text

SOURCE = SourceFile("wards.txt", "0" * 64, "text")

COLUMN = """ Abstract

Background: Night rounds on wards are often planned by one person
and are seldom talked through with those who walk them.
Results: Talking first made the rounds calmer.
\fBackground
Wards differ in how they hand over work at night, and no-
body has yet followed the same ward through two winters.
This made us curious about what a shared plan would do.
We had two questions in mind when we began to visit, each

of them about trust.

Methods
Setting
We walked with staff on three wards, one of which was new
and two of which had stood for years, and wrote down what
they told us over tea, in the corridor and after the rou-
\fJournal of Night Work 2031 Page 3 of 9

Fig. 1 How the plan was made

Table 1 Wards and beds

Ward Beds Nurses

North 12 4

South 30 11

\fnds had ended. Two of us then read the notes aloud to each
other and agreed on what they meant.

We asked about the following:

\ufffd The plan that staff had made for the night, and

\ufffd What they would have done without it (if any-
thing at all).

One nurse put the change into words:

It used to be that we just waited for the bell
and hoped, but now I know who is where. (Nurse,
North ward)

Planning as a shared habit
The habit spread from one ward to the next without anyone
asking for it, and outlasted the winter.

References
1. Roe A. Rounds at night. J Night Work 2029;1:2–9.
2. Poe B, Doe C. A very long title on wards that goes over
the end of its line. Ward Stud 2030;4:11.
"""


def read(text: str | bytes) -> Study:
    data = text if isinstance(text, bytes) else text.encode()
    return build_study("wards", SOURCE, read_text(data))


def texts(study: Study, *kinds: BlockKind) -> list[str]:
    return [block.span.of(study.text) for block in study.blocks if block.kind in kinds]


@pytest.fixture(scope="module")
def column() -> Study:
    return read(COLUMN)


def test_finds_the_sections_and_types_them(column: Study) -> None:
    assert [(section.title, section.type.value) for section in column.sections] == [
        ("Abstract", "abstract"),
        ("Background", "background"),
        ("Methods", "methods"),
        ("Setting", "methods"),
        ("Planning as a shared habit", "methods"),
        ("References", "references"),
    ]
    headings = [block for block in column.blocks if block.kind is BlockKind.HEADING]
    assert [block.level for block in headings] == [1, 1, 1, 2, 2, 1]


def test_a_sentence_reads_whole_over_page_head_figure_and_table(column: Study) -> None:
    (walked,) = [text for text in texts(column, BlockKind.PARAGRAPH) if text.startswith("We walked")]
    assert "after the rounds had ended. Two of us" in walked
    assert walked.endswith("agreed on what they meant.")


def test_what_interrupted_it_follows_as_blocks_of_their_own(column: Study) -> None:
    assert texts(column, BlockKind.CAPTION) == ["Fig. 1 How the plan was made", "Table 1 Wards and beds"]
    assert texts(column, BlockKind.TABLE) == ["Ward Beds Nurses\nNorth 12 4\nSouth 30 11"]
    assert texts(column, BlockKind.RUNNING_HEAD) == ["Journal of Night Work 2031 Page 3 of 9"]
    kinds = [block.kind for block in column.blocks]
    assert kinds.index(BlockKind.CAPTION) == kinds.index(BlockKind.RUNNING_HEAD) + 1
    assert kinds[kinds.index(BlockKind.RUNNING_HEAD) - 1] is BlockKind.PARAGRAPH


def test_paragraphs_open_at_an_indented_line_cut_off_by_a_blank_one(column: Study) -> None:
    background = [text for text in texts(column, BlockKind.PARAGRAPH) if "questions in mind" in text]
    assert background == ["We had two questions in mind when we began to visit, each of them about trust."]


def test_labels_of_the_abstract_open_no_section(column: Study) -> None:
    abstract = [text for text in texts(column, BlockKind.PARAGRAPH) if text.startswith(("Background:", "Results:"))]
    assert len(abstract) == 2


def test_items_have_an_even_bullet(column: Study) -> None:
    assert texts(column, BlockKind.LIST_ITEM) == [
        "• The plan that staff had made for the night, and",
        "• What they would have done without it (if anything at all).",
    ]


def test_a_quotation_knows_its_speaker(column: Study) -> None:
    (quotation,) = [block for block in column.blocks if block.kind is BlockKind.QUOTATION]
    assert quotation.speaker == "Nurse, North ward"
    assert quotation.span.of(column.text).endswith("who is where. (Nurse, North ward)")


def test_references_are_joined_by_their_numbers(column: Study) -> None:
    first, second = texts(column, BlockKind.REFERENCE)
    assert first.startswith("1. Roe") and second.endswith("the end of its line. Ward Stud 2030;4:11.")


def test_pages_are_known_where_form_feeds_tell(column: Study) -> None:
    assert [page.number for page in column.pages] == [1, 2, 3, 4]


DOUBLE = """ Abstract

Night rounds on wards are often planned by just one person and are seldom talked through

with those who walk them, which is why we followed three wards over two winters.

Findings

Planning as a shared habit

Talking first

The habit of talking before the round spread from one ward to the next without anyone at

all asking for it, and the wards that took it up kept it when the winter had ended. What
     had begun as a chat became a rule, and the rule outlasted the manager who had first

written it down on the board. Staff told us how the rule had helped them in the nights:

It used to be that we just waited for the bell and

hoped. Now I know who is where. (Nurse)

And I never wait. (Porter)

The rule had its price, as the nurses who came from the other wards soon found when they

arrived late and could not follow what had been agreed before the lights had been turned

12

down for the night, so that they walked alone.

Conclusions

A rule that staff have made themselves is kept, and a rule that is given to them is kept

only while somebody looks, which was hardly ever the case at night.
"""


def test_double_spaced_lines_flow_together() -> None:
    study = read(DOUBLE)
    paragraphs = texts(study, BlockKind.PARAGRAPH)
    assert paragraphs[0].startswith("Night rounds") and paragraphs[0].endswith("over two winters.")
    assert any("turned down for the night, so that they walked alone." in text for text in paragraphs)
    assert texts(study, BlockKind.RUNNING_HEAD) == ["12"]
    quotations = [block for block in study.blocks if block.kind is BlockKind.QUOTATION]
    assert [block.speaker for block in quotations] == ["Nurse", "Porter"]
    levels = [(block.span.of(study.text), block.level) for block in study.blocks if block.kind is BlockKind.HEADING]
    assert ("Planning as a shared habit", 2) in levels and ("Talking first", 3) in levels


LINES = """Working nights together: what a shared plan did for three wards

A Roe¹, B Poe²

Abstract
Background
Night rounds are planned by one person.
Methods
We walked with staff on three wards.
Conclusions
Talking first made rounds calmer.
Keywords
wards, nights

¹Night School, Northtown

Introduction

Wards differ in how they hand over work at night, and nobody has followed the same ward for long, so that

little is known of what lasts. We asked two things:1.Who makes the plan for the night, and for whom is it made?
\xa0
2.Who walks by it when the night is long and the ward is full?

Results
Rounds became calmer on every ward that we visited, as one of the staff told us with some relief.“Now I know who \
is where, and that is a relief to everybody.”
\tThe first lesson was that plans are made by talking and not by writing
Others were less sure of it, and spoke of the time that it took away from the beds.[image: fig1.jpg]
Figure 1
                 The plan.

The wards are shown in Table 1.Table 1
     Wards and beds
\tNorth
\tSouth
\t12 beds
\t30 beds

1 Beds were counted on the first night of the study by one of us.

Figure 1 shows how the plan was made on one of the wards during the second winter of our visits.

References
\t1.
Roe A. Rounds at night. J Night Work. 2029.
"""


def test_one_line_a_paragraph() -> None:
    study = read(LINES)
    assert study.bibliography.title.startswith("Working nights together")
    assert [section.title for section in study.sections] == [
        "",
        "Abstract",
        "Background",
        "Methods",
        "Conclusions",
        "Introduction",
        "Results",
        "References",
    ]
    assert [section.type for section in study.sections[1:5]] == [SectionType.ABSTRACT] * 4
    assert texts(study, BlockKind.FRONT_MATTER)[2:] == ["Keywords", "wards, nights", "¹Night School, Northtown"]
    assert any("for long, so that little is known" in text for text in texts(study, BlockKind.PARAGRAPH))
    assert texts(study, BlockKind.LIST_ITEM)[:2] == [
        "1. Who makes the plan for the night, and for whom is it made?",
        "2. Who walks by it when the night is long and the ward is full?",
    ]
    assert len(texts(study, BlockKind.QUOTATION)) == 1
    assert texts(study, BlockKind.CAPTION) == ["Figure 1 The plan.", "Table 1 Wards and beds"]
    assert texts(study, BlockKind.TABLE) == ["North\nSouth\n12 beds\n30 beds"]
    assert texts(study, BlockKind.FOOTNOTE)[0].startswith("1 Beds were counted")
    assert texts(study, BlockKind.RUNNING_HEAD) == ["[image: fig1.jpg]"]
    assert any(text.startswith("Figure 1 shows") for text in texts(study, BlockKind.PARAGRAPH))
    assert texts(study, BlockKind.REFERENCE) == ["1. Roe A. Rounds at night. J Night Work. 2029."]


def test_plain_notes_without_headings_stay_plain() -> None:
    study = read("We met on Monday and talked about the wards.\r\nNobody took notes.\r\n\r\nOn Tuesday we met again.")
    assert texts(study, BlockKind.PARAGRAPH) == [
        "We met on Monday and talked about the wards.",
        "Nobody took notes.",
        "On Tuesday we met again.",
    ]
    assert not texts(study, BlockKind.HEADING) and not study.pages


def test_wrapped_notes_without_blank_lines() -> None:
    first = "the wards that we had seen in the first winter were not the\n" * 3
    study = read(f"All {first}same. We left.\nAnd {first}same again, so that we left them for good.\n")
    assert [text[:3] for text in texts(study, BlockKind.PARAGRAPH)] == ["All", "And"]


def test_ligatures_and_spaces_are_evened_out() -> None:
    assert texts(read("The e\ufb00ect of \ufb01ve\u2009wards\u00a0was o\ufb03cial."), BlockKind.PARAGRAPH) == [
        "The effect of five wards was official."
    ]


def test_numbered_headings_take_their_level_from_the_number() -> None:
    body = "The wards that we had seen in the first winter were not the ones that we saw in the second one."
    study = read(
        f"1 Introduction\n\n{body}\n\n2 Methods\n\n{body}\n\n2.1 The three wards\n\n{body}\n\n2.1.1 North\n\n{body}"
    )
    levels = [(block.level, block.span.of(study.text)) for block in study.blocks if block.kind is BlockKind.HEADING]
    assert levels == [(1, "1 Introduction"), (1, "2 Methods"), (2, "2.1 The three wards"), (3, "2.1.1 North")]


def test_an_untitled_introduction_is_no_abstract() -> None:
    body = "The wards that we had seen in the first winter were not the ones that we saw in the second one."
    study = read(f"Abstract\n\n{body}\n\f{body} {body}\n\nMethods\n\n{body}\n")
    assert [section.type for section in study.sections] == [
        SectionType.ABSTRACT,
        SectionType.BACKGROUND,
        SectionType.METHODS,
    ]


def test_broken_bytes_are_noted_and_binary_is_refused() -> None:
    assert "replaced" in read("The ward’s stairs – ".encode() * 3 + b"\xff end.").notes[0].message
    with pytest.raises(UnsupportedFormat):
        read(b"\x00\x01\x02" * 100)


@pytest.mark.parametrize("data", [b"", b"\n\n \t\n", b"...\n---\n"])
def test_nothing_to_read_is_said(data: bytes) -> None:
    with pytest.raises(EmptyStudy):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"We met on the ward and talked. " * 35_000,
        b"a" * 1_000_000,
        b"(" * 500_000 + b"a",
        ("“" * 300_000 + "a").encode(),
        b"a b c d e f g h i\t" * 50_000,
        b"\t" * 1_000_000 + b"a",
        "¹,".encode() * 300_000,
        b"changed-\n" * 20_000,
        b"the ward of the whole team then said to people\n\n" * 10_000,
        b"Table 1 Something\nthe ward of the team then said to people\n" * 4_000,
    ],
    ids=["prose", "word", "brackets", "quotes", "tabs", "blanks", "marks", "hyphens", "gaps", "captions"],
)
def test_long_input_is_read_in_linear_time(data: bytes) -> None:
    began = time.process_time()
    read_text(data)
    assert time.process_time() - began < 10


lines = st.lists(
    st.sampled_from(
        [
            "Methods",
            "Abstract",
            "the ward of the",
            "We met staff.",
            "• one thing",
            "1. First",
            "2.",
            "Table 1 Beds",
            "",
            "7",
            "“Now I know.”",
            "(Nurse)",
            "They said:",
            "\x0c",
            " the night",
            "\tNorth",
            "Page 3 of 9",
            "rou-",
            "References",
        ]
    )
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30),
    max_size=40,
)


@given(lines)
@settings(max_examples=300)
def test_loses_and_invents_no_letter(parts: list[str]) -> None:
    from assistant.readers.layout.lines import split_lines

    source = "\n".join(["The ward.", *parts])
    blocks = read_text(source.encode()).blocks
    written = sorted(char for block in blocks for char in block.text if char.isalnum())
    assert written == sorted(char for line in split_lines(source) for char in line.text if char.isalnum())
