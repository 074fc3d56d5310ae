"""Answers of a scripted model: claims that are checked, mended, set apart, streamed; and the reasons for none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from assistant.domain.answers import AbstentionReason, Claim, DraftAnswer, Question
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.study import Study
from assistant.engines.model.answering import ModelAnswering
from assistant.engines.model.requests import ModelReply, Usage
from assistant.errors import ModelError
from assistant.text.chunking import ChunkSize, chunk
from assistant.work.checking import Checker
from evals.grounding.alterations import ALTERATIONS
from tests.unit.conftest import StemEncoder

from .scripted import PROMPTS, Scripted, given

RESTED = "it left them time to rest"
WALKED = "Residents walked more once the garden had benches."


@pytest.fixture(scope="module")
def passages(small_world: Mapping[str, Study]) -> list[RetrievedPassage]:
    made: list[Passage] = []
    for name in ("rota", "garden"):
        made += chunk(small_world[name], StemEncoder().count_tokens, ChunkSize(30, 60))
    return [RetrievedPassage(passage, 1.0, 0.5) for passage in made]


def label(passages: Sequence[RetrievedPassage], words: str) -> str:
    return next(f"P{number}" for number, one in enumerate(passages, 1) if words in one.passage.text)


def claim(text: str, passage: str, quote: str) -> dict[str, Any]:
    return {"text": text, "support": [{"passage": passage, "quote": quote}]}


def reply(*claims: Any, abstain: str | None = None) -> dict[str, Any]:
    return {"abstain": abstain, "claims": list(claims)}


def answer(caller: Scripted, passages: Sequence[RetrievedPassage], shown: list[Claim] | None = None) -> DraftAnswer:
    answering = ModelAnswering(caller, PROMPTS)
    return asyncio.run(answering.answer(Question("Why?"), passages, None if shown is None else shown.append))


def test_claims_carry_their_study_and_the_place_of_their_quote(
    passages: list[RetrievedPassage], small_world: Mapping[str, Study]
) -> None:
    caller = Scripted([reply(claim("They could rest.", label(passages, RESTED), RESTED))])
    (only,) = answer(caller, passages).claims
    assert only.text == "They could rest." and only.support == (("rota", RESTED),)
    (at,) = only.at
    assert at is not None and small_world["rota"].text.startswith(RESTED, at)
    assert len(caller.asked) == 1


def test_passages_are_sent_under_labels_between_marks(passages: list[RetrievedPassage]) -> None:
    caller = Scripted([reply(abstain="no_evidence")])
    answer(caller, passages)
    sent = given(caller.asked[0])
    assert sent.startswith("P1 | study rota | ") and all(one.passage.text in sent for one in passages)
    assert caller.asked[0].messages[-1].text.endswith("Question: Why?")


@pytest.mark.parametrize("spelling", ["{}", "p{}", "[P{}]", " P{} ", "({})"])
def test_labels_are_taken_as_models_write_them(passages: list[RetrievedPassage], spelling: str) -> None:
    number = label(passages, RESTED)[1:]
    assert len(answer(Scripted([reply(claim("a", spelling.format(number), RESTED))]), passages).claims[0].support) == 1


@pytest.mark.parametrize(
    ("passage", "quote", "why"),
    [
        ("RESTED", "it left them no time to rest", "Not found"),
        ("RESTED", "left them time", ""),
        ("RESTED", "to rest", "shorter than 3 words"),
        ("RESTED", "“ — … !", "shorter than 3 words"),
        ("RESTED", WALKED, "Not found"),
        ("P99", RESTED, "no passage P99"),
        ("", RESTED, "no passage"),
    ],
)
def test_a_quote_must_stand_in_the_study_that_is_named(
    passages: list[RetrievedPassage], passage: str, quote: str, why: str
) -> None:
    named = label(passages, RESTED) if passage == "RESTED" else passage
    caller = Scripted([reply(claim("a claim", named, quote))])
    answer(caller, passages)
    assert len(caller.asked) == (2 if why else 1)
    assert why in caller.asked[-1].messages[-1].text


def test_a_quote_of_the_same_study_under_another_label_is_found(passages: list[RetrievedPassage]) -> None:
    other = next(
        f"P{at}" for at, one in enumerate(passages, 1) if one.passage.study == "rota" and RESTED not in one.passage.text
    )
    caller = Scripted([reply(claim("They could rest.", other, RESTED))])
    assert answer(caller, passages).claims[0].at[0] is not None and len(caller.asked) == 1


def test_verbatim_words_that_were_not_sent_are_asked_for_again_and_then_looked_up(
    passages: list[RetrievedPassage], small_world: Mapping[str, Study]
) -> None:
    sent = [one for one in passages if RESTED not in one.passage.text]
    rota = next(f"P{number}" for number, one in enumerate(sent, 1) if one.passage.study == "rota")
    caller = Scripted([reply(claim("They could rest.", rota, RESTED))])
    (only,) = answer(caller, sent).claims
    checker = Checker(small_world.__getitem__)
    checker.add(only)
    assert len(caller.asked) == 2 and only.at == (None,)
    assert [citation.quote.text for citation in checker.checked().citations if citation.quote.found] == [RESTED]


def test_a_claim_is_mended_once_and_comes_after_those_that_needed_none(passages: list[RetrievedPassage]) -> None:
    bad = claim("They could rest.", label(passages, RESTED), "it left them so much time to rest")
    good = claim("They walked.", label(passages, WALKED), WALKED)
    caller = Scripted(
        [reply(bad, good), reply({**bad, "support": [{"passage": label(passages, RESTED), "quote": RESTED}]})]
    )
    found = answer(caller, passages)
    assert [one.text for one in found.claims] == ["They walked.", "They could rest."]
    assert all(at is not None for one in found.claims for at in one.at)
    assert found.usage == {"calls": 2, "tokens_in": 200, "tokens_out": 20}


def test_a_claim_that_stays_unfounded_comes_last(passages: list[RetrievedPassage]) -> None:
    bad = claim("They slept.", label(passages, RESTED), "they slept all day long")
    good = claim("They walked.", label(passages, WALKED), WALKED)
    found = answer(Scripted([reply(bad, good), reply({**bad, "support": []})]), passages)
    assert [one.text for one in found.claims] == ["They walked.", "They slept."]
    assert found.claims[1].support == (("rota", "they slept all day long"),) and found.claims[1].at == (None,)


def test_quotes_that_carry_nothing_are_left_out(passages: list[RetrievedPassage]) -> None:
    found = answer(
        Scripted([reply(claim("They slept.", label(passages, RESTED), "rest"), claim("a", "P77", RESTED))]), passages
    )
    assert [one.support for one in found.claims] == [(), ()]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (reply(abstain="no_evidence"), AbstentionReason.NO_EVIDENCE),
        (reply(abstain="not_retrieved"), AbstentionReason.NOT_RETRIEVED),
        (reply(abstain="Out of scope"), AbstentionReason.OUT_OF_SCOPE),
        (reply(abstain="bored"), AbstentionReason.NO_EVIDENCE),
        (reply(), AbstentionReason.NO_EVIDENCE),
    ],
)
def test_the_reasons_for_no_answer(passages: list[RetrievedPassage], said: Any, reason: AbstentionReason) -> None:
    caller = Scripted([said])
    found = answer(caller, passages)
    assert (found.claims, found.reason) == ((), reason) and len(caller.asked) == 1


def test_without_passages_nothing_is_asked() -> None:
    caller = Scripted([reply()])
    assert answer(caller, ()).reason is AbstentionReason.NOT_RETRIEVED and not caller.asked


def test_a_claim_that_is_found_outweighs_a_reason(passages: list[RetrievedPassage]) -> None:
    found = answer(Scripted([reply(claim("a", label(passages, WALKED), WALKED), abstain="no_evidence")]), passages)
    assert found.reason is None and len(found.claims) == 1


@pytest.mark.parametrize("said", ["Because.", ModelReply("", Usage(3), 1.0, problem="the endpoint answers 500")])
def test_no_reply_is_an_error_and_no_abstention(passages: list[RetrievedPassage], said: Any) -> None:
    with pytest.raises(ModelError, match="not answered"):
        answer(Scripted([said]), passages)


@pytest.mark.parametrize("pieces", [1, 5, 40, 10_000])
@pytest.mark.parametrize("breaks_off", [False, True])
def test_claims_are_shown_as_they_come_if_and_only_if_their_quotes_are_found(
    passages: list[RetrievedPassage], pieces: int, breaks_off: bool
) -> None:
    entries = [
        claim("They could rest.", label(passages, RESTED), RESTED),
        claim("They slept.", label(passages, RESTED), "they slept all day long"),
        claim("They walked.", label(passages, WALKED), WALKED),
        claim("A daughter saw it.", label(passages, "daughter"), "her mother slept better"),
    ]
    shown: list[Claim] = []
    found = answer(Scripted([reply(*entries)], pieces=pieces, breaks_off=breaks_off), passages, shown)

    assert list(found.claims[: len(shown)]) == shown
    assert [one.text for one in found.claims] == [
        "They could rest.",
        "They walked.",
        "A daughter saw it.",
        "They slept.",
    ]
    assert all(at is not None for one in shown for at in one.at)
    assert shown and (breaks_off or len(shown) == 3)
    calls = 2 + breaks_off  # the stream, the whole reply where it broke off, and the repair
    assert found.usage == {"calls": calls, "tokens_in": calls * 100, "tokens_out": calls * 10}


def test_what_is_missing_of_a_reply_is_said(passages: list[RetrievedPassage]) -> None:
    good = claim("They walked.", label(passages, WALKED), WALKED)
    found = answer(Scripted([reply(good, {"text": []}), "Sorry."]), passages)
    assert len(found.claims) == 1 and found.problem == "1 of its items could not be read"
    assert not answer(Scripted([reply(good)]), passages).problem


def test_thoughts_are_not_shown(passages: list[RetrievedPassage]) -> None:
    thought = json.dumps(reply(claim("They walked.", label(passages, WALKED), WALKED)))
    said = json.dumps(reply(claim("They could rest.", label(passages, RESTED), RESTED)))
    shown: list[Claim] = []
    found = answer(Scripted([f"<think>{thought}</think>\n{said}"]), passages, shown)
    assert [one.text for one in shown] == [one.text for one in found.claims] == ["They could rest."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@drawn(st.sampled_from([*ALTERATIONS, "another study's"]), st.integers(0, 999), st.data())
def test_no_altered_quote_is_cited_as_checked(
    passages: list[RetrievedPassage], small_world: Mapping[str, Study], kind: str, choice: int, data: st.DataObject
) -> None:
    """Altered by code that knows nothing of the tool's own, and looked for by plain comparison."""
    number = data.draw(st.integers(1, len(passages)))
    passage = passages[number - 1].passage
    words = passage.text.split()
    start = data.draw(st.integers(0, max(0, len(words) - 6)))
    quote = " ".join(words[start : start + data.draw(st.integers(5, 14))])
    other = next(one.passage for one in passages if one.passage.study != passage.study)
    altered = " ".join(other.text.split()[:8]) if kind not in ALTERATIONS else ALTERATIONS[kind](quote, choice)
    assume(" ".join(altered.split()) not in " ".join(small_world[passage.study].text.split()))

    checker = Checker(small_world.__getitem__)
    for stated in answer(Scripted([reply(claim("So it is.", f"P{number}", altered))]), passages).claims:
        checker.add(stated)
    checked = checker.checked()
    assert checked.unsupported == 1 and not any(citation.quote.found for citation in checked.citations)
