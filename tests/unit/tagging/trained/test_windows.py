"""Windows over sentences."""

from __future__ import annotations

from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SectionType
from assistant.embedding.vocabulary import OPENING, PARTING, packaged_tokenizer
from assistant.tagging.tags import SentenceInPlace
from assistant.tagging.trained.windows import Tokens, tokens_of, windows

TOKENIZER = packaged_tokenizer()


def sentence(index: int, *, block: int = 0, section: int = 0) -> SentenceInPlace:
    span = Span(index * 10, index * 10 + 9)
    return SentenceInPlace("Some words", span, block, BlockKind.PARAGRAPH, section, SectionType.RESULTS, ("Trust",))


def tokens(length: int) -> Tokens:
    return Tokens(tuple(range(1000, 1000 + length)), tuple((at, at + 1) for at in range(length)))


@given(st.lists(st.tuples(st.integers(0, 230), st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_the_cores_partition_the_sentences(shape: list[tuple[int, bool, bool]]) -> None:
    block = section = 0
    sentences, lengths = [], []
    for index, (length, new_block, new_section) in enumerate(shape):
        block, section = block + new_block, section + new_section
        sentences.append(sentence(index, block=block, section=section))
        lengths.append(tokens(length))
    cut = list(windows(TOKENIZER, sentences, lengths))

    assert [at for window in cut for at in window.core] == list(range(len(shape)))
    for window in cut:
        assert len(window.ids) <= 512
        for at, start in enumerate(window.starts):
            own = lengths[window.first + at].ids
            assert window.ids[start : start + len(own)] == own
            assert window.ids[start + len(own)] == PARTING
            assert sentences[window.first + at].section == sentences[window.core[0]].section


def test_windows_may_be_cut_longer_and_shorter() -> None:
    sentences, lengths = [sentence(at) for at in range(12)], [tokens(30)] * 12
    shares = cycle([0.5, 1.2])
    varied = list(windows(TOKENIZER, sentences, lengths, size=lambda: next(shares)))

    assert [at for window in varied for at in window.core] == list(range(12))
    assert len(varied) > len(list(windows(TOKENIZER, sentences, lengths)))
    assert len({len(window.core) for window in varied[:-1]}) > 1


def test_a_window_opens_with_its_section() -> None:
    (window,) = windows(TOKENIZER, [sentence(0)], [tokens(3)])

    kind, heading = (TOKENIZER.encode(word, add_special_tokens=False).ids for word in ("results", "trust"))
    assert window.ids[: window.starts[0]] == (OPENING, *kind, PARTING, *heading, PARTING)


def test_neighbours_are_read_but_tagged_elsewhere() -> None:
    first, second = windows(
        TOKENIZER, [sentence(at) for at in range(4)], [tokens(60), tokens(30), tokens(60), tokens(9)]
    )

    assert (first.core, second.core) == (range(0, 2), range(2, 4))
    assert (first.first, len(first.starts)) == (0, 2)
    assert (second.first, len(second.starts)) == (1, 3)


def test_a_sentence_alone_has_neither_place_nor_neighbours() -> None:
    cut = list(windows(TOKENIZER, [sentence(0), sentence(1)], [tokens(3), tokens(4)], alone=True))

    assert [window.ids for window in cut] == [(OPENING, *tokens(3).ids, PARTING), (OPENING, *tokens(4).ids, PARTING)]


def test_a_very_long_sentence_is_cut() -> None:
    (only,) = tokens_of(TOKENIZER, ["trust " * 400])

    assert len(only.ids) == len(only.offsets) == 224
    assert only.offsets[1] == (6, 11)
