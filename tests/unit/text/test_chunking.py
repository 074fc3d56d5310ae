import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import PROSE_KINDS, BlockKind, SectionType, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.text.chunking import ChunkSize, chunk, embedding_text
from assistant.text.sentences import sentence_spans


def count(texts: Sequence[str]) -> list[int]:
    """A token a word, and two special ones."""
    return [len(text.split()) + 2 for text in texts]


def make(*blocks: RawBlock) -> Study:
    return build_study("s", SourceFile("s.txt", "0", "text"), RawStudy(blocks))


HEAD = RawBlock(BlockKind.HEADING, "Results", level=1)
SIZE = ChunkSize(target=12, limit=20)


def paragraph(text: str) -> RawBlock:
    return RawBlock(BlockKind.PARAGRAPH, text)


def test_passages_hold_whole_sentences_up_to_the_target() -> None:
    study = make(HEAD, paragraph("One two three four five. Six seven eight nine ten. Eleven twelve. Thirteen."))
    passages = chunk(study, count, SIZE)
    assert [passage.text for passage in passages] == [
        "One two three four five. Six seven eight nine ten.",
        "Eleven twelve. Thirteen.",
    ]
    assert passages[0].path == ("Results",)
    assert embedding_text(passages[0]).startswith("Results\nOne two")
    assert [passage.tokens for passage in passages] == count([embedding_text(passage) for passage in passages])
    assert [passage.id for passage in passages] == ["s:0", "s:1"]


def test_a_sentence_beyond_the_limit_is_cut_at_clauses() -> None:
    long = "alpha beta gamma delta epsilon zeta eta theta, iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon."
    passages = chunk(make(HEAD, paragraph(long)), count, SIZE)
    assert [passage.text.split()[0] for passage in passages] == ["alpha", "iota"]
    assert all(passage.tokens <= SIZE.limit for passage in passages)


def test_sections_tables_and_floats_do_not_share_passages() -> None:
    study = make(
        HEAD,
        paragraph("One."),
        RawBlock(BlockKind.TABLE, "a | b\nc | d"),
        paragraph("Two."),
        RawBlock(BlockKind.RUNNING_HEAD, "A journal 12"),
        paragraph("Three."),
        RawBlock(BlockKind.HEADING, "Discussion", level=1),
        paragraph("Four."),
    )
    assert [passage.text for passage in chunk(study, count, SIZE)] == [
        "One.",
        "a | b\nc | d",
        "Two.",
        "Three.",
        "Four.",
    ]


def test_references_and_back_matter_give_no_passages() -> None:
    study = make(
        HEAD,
        paragraph("One."),
        RawBlock(BlockKind.HEADING, "Acknowledgements", level=1),
        paragraph("We thank everyone."),
        RawBlock(BlockKind.HEADING, "References", level=1),
        RawBlock(BlockKind.REFERENCE, "Osei A. Trust. 2020."),
        paragraph("Osei A. Trust. 2020."),
    )
    assert [passage.text for passage in chunk(study, count, SIZE)] == ["One."]


def test_headings_that_would_fill_the_passage_are_left_out() -> None:
    study = make(RawBlock(BlockKind.HEADING, " ".join(["long"] * 15), level=1), paragraph("One two."))
    (passage,) = chunk(study, count, SIZE)
    assert passage.path == () and passage.tokens == 4


words = st.lists(st.sampled_from(["Trust", "grew", "as,", "staff;", "met.", "Why?", "x" * 30]), min_size=1, max_size=60)
blocks = st.lists(
    st.tuples(st.sampled_from([*PROSE_KINDS, BlockKind.HEADING, BlockKind.TABLE]), words), min_size=1, max_size=8
)


@given(blocks, st.integers(4, 12))
def test_the_sentences_of_all_passages_partition_the_evidence(
    content: list[tuple[BlockKind, list[str]]], limit: int
) -> None:
    study = make(paragraph("Start."), *(RawBlock(kind, " ".join(tokens), level=1) for kind, tokens in content))
    passages = chunk(study, count, ChunkSize(target=min(4, limit), limit=limit))
    assert all(passage.text == passage.span.of(study.text) for passage in passages)
    assert all(passage.tokens <= limit for passage in passages)
    assert [passage.index for passage in passages] == list(range(len(passages)))
    pieces = [span for passage in passages for span in passage.sentences]
    assert all(before.end <= after.start for before, after in itertools.pairwise(pieces))
    got = "".join(char for span in pieces for char in span.of(study.text) if not char.isspace())
    expected = "".join(
        char
        for block in study.blocks
        if block.kind is not BlockKind.HEADING and study.section_of(block).type is not SectionType.REFERENCES
        for span in sentence_spans(study.text, block.span.start, block.span.end)
        for char in span.of(study.text)
        if not char.isspace()
    )
    assert got == expected
