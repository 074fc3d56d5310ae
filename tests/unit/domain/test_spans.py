import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.spans import Quote, QuoteStatus, Span

spans = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2)])
def test_empty_or_negative_spans_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start, end)


@given(st.text(min_size=1), st.data())
def test_an_exact_quote_is_what_its_span_marks(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    quote = Quote.at(text, span)
    assert text[span.start : span.end] == quote.text
    assert quote.found and len(quote.span or "") == len(quote.text)


@given(spans, spans)
def test_overlap_is_symmetric_and_follows_from_cover(one: Span, other: Span) -> None:
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    if one.covers(other):
        assert one.overlaps(other)
        assert len(shared) == len(other)


def test_shifting_keeps_the_length() -> None:
    assert Span(2, 5).shifted(10) == Span(12, 15)


def test_status_and_span_must_agree() -> None:
    with pytest.raises(ValueError, match="status"):
        Quote("trust", None, QuoteStatus.EXACT)
    with pytest.raises(ValueError, match="status"):
        Quote("trust", Span(0, 5), QuoteStatus.NOT_FOUND)
    with pytest.raises(ValueError, match="5 code points"):
        Quote("trust", Span(0, 6), QuoteStatus.EXACT)


def test_a_quote_cannot_leave_its_text() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Quote.at("short", Span(2, 9))
