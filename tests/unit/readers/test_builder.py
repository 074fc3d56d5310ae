from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import BlockKind, SectionType, SourceFile
from assistant.errors import EmptyStudy
from assistant.readers.builder import RawBlock, RawStudy, build_study, clean

SOURCE = SourceFile("wards.txt", "0" * 64, "text")


def build(*blocks: RawBlock):
    return build_study("wards", SOURCE, RawStudy(blocks))


def test_lays_blocks_out_and_finds_sections_and_pages() -> None:
    study = build(
        RawBlock(BlockKind.HEADING, "Methods", page=1, level=1),
        RawBlock(BlockKind.PARAGRAPH, "We  asked\nstaff.", page=1),
        RawBlock(BlockKind.HEADING, "Sites", page=2, level=2),
        RawBlock(BlockKind.TABLE, "Site | Beds\n\nA |  12", page=2),
    )
    assert study.text == "Methods\n\nWe asked staff.\n\nSites\n\nSite | Beds\nA | 12"
    assert [section.path for section in study.sections] == [("Methods",), ("Methods", "Sites")]
    assert [section.type for section in study.sections] == [SectionType.METHODS, SectionType.METHODS]
    assert [(page.number, page.span.of(study.text)[:5]) for page in study.pages] == [(1, "Metho"), (2, "Sites")]


def test_a_block_may_open_a_section_without_a_heading() -> None:
    study = build(
        RawBlock(BlockKind.HEADING, "Abstract", level=1),
        RawBlock(BlockKind.PARAGRAPH, "In short."),
        RawBlock(BlockKind.PARAGRAPH, "At length.", section_type=SectionType.BACKGROUND),
        RawBlock(BlockKind.HEADING, "Wards", level=2),
        RawBlock(BlockKind.PARAGRAPH, "More."),
    )
    assert [section.type for section in study.sections][:2] == [SectionType.ABSTRACT, SectionType.BACKGROUND]
    assert [section.title for section in study.sections] == ["Abstract", "", "Wards"]
    assert study.sections[2].path == ("Wards",)


@pytest.mark.parametrize("blocks", [(), (RawBlock(BlockKind.PARAGRAPH, " … \n"),)])
def test_refuses_what_holds_no_word(blocks: tuple[RawBlock, ...]) -> None:
    with pytest.raises(EmptyStudy, match=r"wards\.txt"):
        build(*blocks)


def test_cleaning_takes_controls_and_evens_space() -> None:
    assert clean("a\x00b\u202ec\t d\r\ne\u00adf") == "abc d ef"
    assert clean("a  b\r\n\r\n c", keep_lines=True) == "a b\nc"


raw_blocks = st.builds(
    RawBlock,
    kind=st.sampled_from(list(BlockKind)),
    text=st.text(max_size=40),
    page=st.none() | st.integers(1, 5),
    level=st.none() | st.integers(1, 4),
    section_type=st.none() | st.sampled_from(list(SectionType)),
)


@given(st.lists(raw_blocks, max_size=12))
def test_every_block_and_section_resolves(blocks: list[RawBlock]) -> None:
    study = build(*blocks, RawBlock(BlockKind.PARAGRAPH, "Last words."))
    kept = [text for block in blocks if (text := clean(block.text, keep_lines=block.kind is BlockKind.TABLE))]
    assert [block.span.of(study.text) for block in study.blocks] == [*kept, "Last words."]
    covered = [block for section in study.sections for block in study.blocks if section.span.covers(block.span)]
    assert covered == list(study.blocks)
    assert all(study.section_of(block).span.covers(block.span) for block in study.blocks)
