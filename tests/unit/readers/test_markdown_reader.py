# ruff: noqa: E501 - documents and what they are read as stand side by side.
import datetime

import pytest

from assistant.domain.study import BlockKind, SourceFile, Study
from assistant.errors import MalformedStudy
from assistant.readers.builder import build_study
from assistant.readers.markdown import read_markdown
from assistant.readers.markdown_front_matter import split_front_matter

FRONT = """---
id: huddles-2020
kind: digest
title: "Huddles in care homes"
authors:
  - "Doe, Jane"
  - {family: Roe, given: Rick}
  - {name: The Huddle Group}
year: 2020
journal: Journal of Made Things
doi: https://doi.org/10.1/ABC
license: CC BY 4.0
rating: 5
---
"""

BODY = """# Huddles in care homes

Short, daily and[^1] *shared*
by **all**; see [the guide](http://x.example) and `notes`.

## Methods

We asked:

- nurses
  and cooks
  1. in rural homes
- carers

  of all grades

> "It was ours from the start." (Nurse, Site A)

> We stayed on. — Chair

| Home | Huddles |
|------|---------|
| A    | *3* a \\| week |

![A huddle seen from above](huddle.png)

<!-- nothing to see -->
<div>Kept <b>words</b> &amp; signs<br/>here</div>

Area[^area] rose by 5 m<sup>2</sup>, as said<sup>12</sup>, x < y &copy; 2 \\* 3<br>now. Seen ![a chart](c.png) here.

    indented words

[^1]: A note that
    goes *on*.
[^area]: Of the garden.

Results
-------

~~~
fenced   words
~~~

***
"""


def study_of(text: str) -> Study:
    return build_study("made", SourceFile("made.md", "", "markdown"), read_markdown(text.encode()))


def shown(study: Study) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(study.text)) for block in study.blocks]


def test_blocks_in_reading_order() -> None:
    study = study_of(FRONT + BODY)
    assert shown(study) == [
        ("front_matter", "Huddles in care homes"),
        ("paragraph", "Short, daily and [1] shared by all; see the guide and notes."),
        ("heading", "Methods"),
        ("paragraph", "We asked:"),
        ("list_item", "nurses and cooks"),
        ("list_item", "in rural homes"),
        ("list_item", "carers"),
        ("list_item", "of all grades"),
        ("quotation", '"It was ours from the start." (Nurse, Site A)'),
        ("quotation", "We stayed on. — Chair"),
        ("table", "Home | Huddles\nA | 3 a / week"),
        ("caption", "A huddle seen from above"),
        ("paragraph", "Kept words & signs here"),
        ("paragraph", "Area [area] rose by 5 m², as said [12], x < y © 2 * 3 now. Seen here."),
        ("caption", "a chart"),
        ("paragraph", "indented words"),
        ("footnote", "[1] A note that goes on."),
        ("footnote", "[area] Of the garden."),
        ("heading", "Results"),
        ("paragraph", "fenced words"),
    ]
    assert [block.speaker for block in study.blocks if block.kind is BlockKind.QUOTATION] == ["Nurse, Site A", "Chair"]
    assert [(section.title, section.type.value) for section in study.sections] == [
        ("", "body"),
        ("Methods", "methods"),
        ("Results", "results"),
    ]


def test_front_matter_identifies_the_study() -> None:
    raw = read_markdown((FRONT + BODY).encode())
    known = raw.bibliography
    assert raw.id == "huddles-2020"
    assert known.title == "Huddles in care homes"
    assert known.authors == ("Doe, Jane", "Roe, Rick", "The Huddle Group")
    assert (known.year, known.journal, known.doi) == (2020, "Journal of Made Things", "10.1/abc")
    assert known.licence == "CC BY 4.0"
    assert [note.message for note in raw.notes] == ["The front matter's 'rating' is not used."]


@pytest.mark.parametrize(
    ("text", "front", "sections"),
    [
        ("# A Title\n\n## Methods\n\nWe asked.", ["A Title"], [("", 1), ("Methods", 1)]),
        ("# Methods\n\nWe asked.", [], [("Methods", 1)]),
        ("# Methods\n\nWe asked.\n\n# Results\n\nSome.", [], [("Methods", 1), ("Results", 1)]),
        ("## Methods\n\nWe asked.", [], [("Methods", 1)]),
        ("---\ntitle: A title!\n---\n# A Title\n\nLead.\n\n# Methods\n\nWe asked.", ["A Title"], [("", 1), ("Methods", 1)]),
        ("---\ntitle: T\nauthors: Doe, J; Roe, R\n---\n# Methods\n\nWe asked.", ["T", "Doe, J; Roe, R"], [("", 1), ("Methods", 1)]),
        ("Words first.\n\n# Then\n\nMore.", [], [("", 1), ("Then", 1)]),
    ],
)  # fmt: skip
def test_a_title_is_front_matter_and_sections_stand_on_top(
    text: str, front: list[str], sections: list[tuple[str, int]]
) -> None:
    study = study_of(text)
    assert [words for kind, words in shown(study) if kind == "front_matter"] == front
    assert [(section.title, max(len(section.path), 1)) for section in study.sections] == sections


def test_front_matter_alone_is_back_matter_and_lead_text_below_a_title_is_not() -> None:
    assert study_of("# A Title\n\n## Methods\n\nWe asked.").sections[0].type.value == "back_matter"
    assert study_of("# A Title\n\nLead.\n\n## Methods\n\nWe asked.").sections[0].type.value == "body"
    assert study_of("---\ntitle: T\n---\nLead.").sections[0].type.value == "body"


@pytest.mark.parametrize(
    ("yaml", "authors", "year"),
    [
        ("author: Jane Doe and Rick Roe", ("Jane Doe", "Rick Roe"), None),
        ("authors: [Doe, 5]", ("Doe", "5"), None),
        ("authors: {a: b}", (), None),
        ("date: 2019-05-06", (), 2019),
        ("year: in 2018 or so", (), 2018),
        ("year: last", (), None),
        ("title: [not, a, line]", (), None),
    ],
)
def test_odd_values_are_taken_as_far_as_they_are_clear(yaml: str, authors: tuple[str, ...], year: int | None) -> None:
    front = split_front_matter(f"---\n{yaml}\n---\nWords.")
    assert (front.bibliography.authors, front.bibliography.year, front.bibliography.title) == (authors, year, "")
    assert front.body == "Words."
    assert bool(front.notes) == ("last" in yaml)


@pytest.mark.parametrize(
    "text", ["---\n\nA rule, then words.\n\n---\n", "--- not a rule", "---\nno end: here\n", "---\n---\nx"]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text).body == text


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("title: [unclosed", "not valid YAML in line"),
        ("a: b: c", "line 2"),
        ("a: !!python/object/apply:os.system [x]", "not valid YAML"),
        ("a: &x [1, 2]\nb: [*x, *x]", "aliases"),
        ("d: 2020-99-99", "not valid YAML"),
        ("a: " + "[" * 60_000, "nests deeper than 20 levels"),
        ("- " * 30_000 + "a", "nests deeper than 20 levels"),
    ],
)
def test_bad_front_matter_is_refused_with_its_place(yaml: str, reason: str) -> None:
    with pytest.raises(MalformedStudy, match=reason) as caught:
        split_front_matter(f"---\n{yaml}\n---\nWords.")
    assert "dashes" in caught.value.remedy


def test_broken_bytes_are_replaced_and_noted() -> None:
    raw = read_markdown("Größe, ".encode() + b"br\xffken and caf\xc3\xa9s")
    assert len(raw.notes) == 1
    assert "br\ufffdken and cafés" in raw.blocks[0].text


def test_line_ends_and_the_byte_order_mark_do_not_matter() -> None:
    assert study_of("\ufeff# T\r\n\r\nOne\r\ntwo\r").text == "T\n\nOne two"


def test_what_lies_too_deep_is_noted() -> None:
    raw = read_markdown(b"> " * 200 + b"deep\n\nand a paragraph")
    assert any("nest deeper" in note.message for note in raw.notes)
    assert raw.blocks[-1].text == "and a paragraph"
    assert not read_markdown(b"> > > - - quite deep").notes


def test_scripts_and_unended_comments_leave_no_words() -> None:
    assert study_of("Words.\n\n<script>\nlet x = 1;\n</script>\n\nMore.\n\n<!-- never\nended").text == "Words.\n\nMore."
    assert study_of("Left <script>alert(1)</script>.").text == "Left alert(1)."


def test_a_date_is_a_year() -> None:
    assert datetime.date(2019, 5, 6).year == split_front_matter("---\nyear: 2019-05-06\n---\n").bibliography.year
