import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.spans import Span
from assistant.domain.study import (
    Bibliography,
    Block,
    BlockKind,
    Page,
    PageBox,
    PrintedLine,
    ReadingNote,
    Section,
    SectionType,
    SourceFile,
    Study,
)
from assistant.store import codec

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
MAYBE = st.none() | st.integers(1, 9)
POINTS = st.floats(73, 600, allow_nan=False)


@st.composite
def bibliographies(draw: st.DrawFn) -> Bibliography:
    return Bibliography(
        title=draw(st.just("") | WORDS),
        authors=tuple(draw(st.lists(WORDS, max_size=3))),
        year=draw(st.none() | st.integers(1900, 2100)),
        journal=draw(WORDS),
        doi=draw(WORDS),
        licence=draw(WORDS),
    )


@st.composite
def studies(draw: st.DrawFn) -> Study:
    texts = draw(st.lists(WORDS, min_size=1, max_size=6))
    spans, offset = [], 0
    for text in texts:
        spans.append(Span(offset, offset + len(text)))
        offset += len(text) + 2
    whole = Span(0, offset - 2)
    return Study(
        id=draw(WORDS),
        text="\n\n".join(texts),
        blocks=tuple(
            Block(draw(st.sampled_from(BlockKind)), span, 0, draw(MAYBE), draw(MAYBE), draw(st.none() | WORDS))
            for span in spans
        ),
        sections=(Section(draw(st.sampled_from(SectionType)), tuple(draw(st.lists(WORDS, max_size=3))), whole),),
        bibliography=draw(bibliographies()),
        source=SourceFile(draw(WORDS), "ab" * 32, draw(WORDS)),
        pages=tuple(draw(st.lists(st.builds(Page, st.integers(1, 9), st.just(whole)), max_size=2))),
        notes=tuple(draw(st.lists(st.builds(ReadingNote, WORDS, MAYBE), max_size=2))),
        lines=tuple(PrintedLine(span, PageBox(1, 72.0, 80.5, draw(POINTS), 92.25)) for span in spans),
    )


@given(studies())
def test_a_study_comes_back_as_it_was(study: Study) -> None:
    back = codec.study_from_bytes(codec.study_to_bytes(study), study.bibliography)
    assert back == study
    assert back.sha256 == study.sha256


@given(bibliographies())
def test_a_bibliography_comes_back_as_it_was(bibliography: Bibliography) -> None:
    assert codec.bibliography_from_json(codec.bibliography_to_json(bibliography)) == bibliography


@given(st.lists(st.builds(lambda start, size: Span(start, start + size), st.integers(0, 99), st.integers(1, 9))))
def test_spans_come_back_as_they_were(spans: list[Span]) -> None:
    assert codec.spans_from_json(codec.spans_to_json(spans)) == tuple(spans)


STUDY = Study("one", "Some words.", (), (), Bibliography(), SourceFile("one.txt", "ab" * 32, "text"))


def test_a_text_that_changed_is_noticed() -> None:
    body = json.loads(zlib.decompress(codec.study_to_bytes(STUDY)))
    changed = zlib.compress(json.dumps({**body, "text": "Other words"}).encode())
    with pytest.raises(ValueError, match="hash"):
        codec.study_from_bytes(changed, Bibliography())


@pytest.mark.parametrize("raw", [b"", b"not packed", zlib.compress(b"{}"), zlib.compress(b"[1]"), zlib.compress(b"{")])
def test_what_is_no_study_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        codec.study_from_bytes(raw, Bibliography())
