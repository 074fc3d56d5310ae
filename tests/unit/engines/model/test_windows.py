"""Windows: all that may be coded is sent, sections whole where they fit, and nothing but the study's own words."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.engines.model.windows import Window, WindowSize, surroundings, whole_sections, windows
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.tagging.places import codable_sentences

from .scripted import METHODS, PARAGRAPH, REFERENCE, study_of


def long_study(*sizes: int) -> Study:
    """A section for each size, of as many sentences; two sentences a paragraph."""
    blocks: list[RawBlock] = []
    for number, size in enumerate(sizes, 1):
        blocks.append(RawBlock(BlockKind.HEADING, f"Part {number}", level=1, section_type=SectionType.RESULTS))
        sentences = [f"Claim {at} of part {number} holds." for at in range(size)]
        pairs = [" ".join(sentences[at : at + 2]) for at in range(0, size, 2)]
        blocks.extend(RawBlock(BlockKind.PARAGRAPH, pair) for pair in pairs)
    return build_study("long", SourceFile("long.txt", "0" * 64, "text"), RawStudy(blocks))


def cut(study: Study, most: int, overlap: int = 0) -> tuple[Window, ...]:
    sentences = codable_sentences(study)
    return windows(study.text, sentences, whole_sections(sentences), WindowSize(most, overlap))


def test_methods_and_references_are_not_sent() -> None:
    (only,) = cut(study_of(), 5_000)
    assert PARAGRAPH.strip() in only.text and "# Results" in only.text
    assert METHODS not in only.text and REFERENCE not in only.text


def test_sections_stay_whole_where_they_fit() -> None:
    study = long_study(4, 4, 4)
    two, one = cut(study, 230)
    assert [sentence.path for sentence in two.sentences] == [("Part 1",)] * 4 + [("Part 2",)] * 4
    assert [sentence.path for sentence in one.sentences] == [("Part 3",)] * 4
    assert two.text.count("# Part") == 2 and [two.number, one.number] == [1, 2]


def test_only_a_section_that_is_cut_is_sent_twice_in_part() -> None:
    study = long_study(12, 2)
    parts = cut(study, 150, 60)
    seen = [sentence.text for part in parts for sentence in part.sentences]

    assert {sentence.text for sentence in codable_sentences(study)} == set(seen)
    for before, after in pairwise(parts):
        shared = set(before.sentences) & set(after.sentences)
        assert (len(shared) == 2) is (after.sentences[0].path == before.sentences[-1].path)


def test_a_sentence_longer_than_a_window_is_sent_whole() -> None:
    long = "One claim that goes on " + "and on " * 100 + "and ends."
    parts = cut(study_of(f"Short claim. {long} Short end."), 200, 100)
    assert any(long in part.text for part in parts)


def test_gaps_are_shown_and_sections_do_not_run_together() -> None:
    study = long_study(6, 3)
    sentences = codable_sentences(study)
    stretches = surroundings(sentences, {0, 5, 6}, 1)
    (only,) = windows(study.text, sentences, stretches, WindowSize())

    assert stretches == [(0, 1), (4, 5), (6, 7)]
    assert only.text == (
        "# Part 1\nClaim 0 of part 1 holds. Claim 1 of part 1 holds.\n\n[...]\n\n"
        "Claim 4 of part 1 holds. Claim 5 of part 1 holds.\n\n# Part 2\n"
        "Claim 0 of part 2 holds. Claim 1 of part 2 holds."
    )
    assert [span.of(study.text)[:20] for span in only.spans] == [
        "Claim 0 of part 1 ho",
        "Claim 4 of part 1 ho",
        "Claim 0 of part 2 ho",
    ]


def test_a_study_with_nothing_to_code_has_no_window() -> None:
    blocks = [RawBlock(BlockKind.PARAGRAPH, METHODS, section_type=SectionType.METHODS)]
    study = build_study("bare", SourceFile("bare.txt", "0" * 64, "text"), RawStudy(blocks))
    sentences = codable_sentences(study)
    assert windows(study.text, sentences, whole_sections(sentences), WindowSize()) == sentences == ()


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(30, 400), st.integers(0, 200))
def test_nothing_is_lost_and_every_window_but_of_one_sentence_fits(sizes: list[int], most: int, overlap: int) -> None:
    study = long_study(*sizes)
    parts = cut(study, most, overlap)
    sentences = codable_sentences(study)

    assert list(dict.fromkeys(one for part in parts for one in part.sentences)) == list(sentences)
    for part in parts:
        assert len(part.sentences) == 1 or sum(len(one.span) for one in part.sentences) <= most
        assert all(one.text in part.text for one in part.sentences)
        assert sum(len(span) for span in part.spans) >= sum(len(one.span) for one in part.sentences)
