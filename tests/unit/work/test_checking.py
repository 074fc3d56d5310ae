"""Altered quotes are set apart, whoever draws them up."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import Claim
from assistant.domain.spans import QuoteStatus
from assistant.domain.study import Study
from assistant.work.checking import Checker
from tests.unit.conftest import CHOIR, GARDEN, ROTA, made_study

STUDIES: Mapping[str, Study] = {
    "rota": made_study("rota", ROTA),
    "garden": made_study("garden", GARDEN),
    "choir": made_study("choir", CHOIR),
}
SENTENCES = {
    name: sections[-1 if name != "rota" else 1][1].split()
    for name, sections in (("rota", ROTA), ("garden", GARDEN), ("choir", CHOIR))
}


@st.composite
def altered(draw: st.DrawFn) -> tuple[str, str]:
    """A study and a quote that it does not hold."""
    study = draw(st.sampled_from(sorted(SENTENCES)))
    words = SENTENCES[study]
    start = draw(st.integers(0, len(words) - 5))
    run = words[start : start + draw(st.integers(5, 12))]
    at = draw(st.integers(1, len(run) - 2))
    other = draw(st.sampled_from([name for name in sorted(SENTENCES) if name != study]))
    quote = draw(
        st.sampled_from(
            [
                [*run[:at], draw(st.sampled_from(["not", "hardly", "12", "and", run[at][:-1] + "q"])), *run[at:]],
                run[:at] + run[at + 1 :],
                [*run[: at - 1], run[at], run[at - 1], *run[at + 1 :]],
                [*run[:at], run[at].swapcase(), *run[at + 1 :]],
                [*run[:at], f"{run[at]}s", *run[at + 1 :]],
                SENTENCES[other][:6],
                [*run[:at], *SENTENCES[other][:2]],
            ]
        )
    )
    return study, " ".join(quote)


@given(st.lists(altered(), min_size=1, max_size=4))
def test_no_altered_quote_passes(pairs: list[tuple[str, str]]) -> None:
    lost = [(study, quote) for study, quote in pairs if quote not in STUDIES[study].text]
    checker = Checker(STUDIES.__getitem__)
    for study, quote in lost:
        assert checker.add(Claim("A claim.", ((study, quote),))) == ""
    checked = checker.checked()
    assert checked.unsupported == len(lost) and all(
        one.quote.status is QuoteStatus.NOT_FOUND for one in checked.citations
    )


@given(
    st.sampled_from(sorted(SENTENCES)),
    st.integers(0, 20),
    st.integers(1, 12),
    st.sampled_from(["\u00a0", "\n", "\u2009 "]),
)
def test_what_is_shown_as_checked_stands_in_the_study(study: str, start: int, length: int, space: str) -> None:
    words = SENTENCES[study][start : start + length]
    checker = Checker(STUDIES.__getitem__)
    checker.add(Claim("A claim.", ((study, space.join(words)),)))
    for citation in checker.checked().citations:
        assert citation.quote.span is not None
        assert citation.quote.span.of(STUDIES[study].text) == citation.quote.text
        assert citation.quote.text.split() == words
