from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.domain.answers import AbstentionReason, Answer, Claim, DraftAnswer, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.passages import RetrievedPassage
from assistant.domain.spans import QuoteStatus
from assistant.engines.extractive import ExtractiveEngine
from assistant.engines.protocol import ShowClaim
from assistant.engines.waiting import result_of
from assistant.errors import UsageError
from assistant.retrieval.retriever import Retriever
from assistant.tagging.rules import RuleTagger
from assistant.work.answering import LONGEST_QUESTION, Asker, readable

WALKED = "Residents walked more once the garden had benches."
RESTED = "Nurses liked the new rota because it left them time to rest."


@dataclass(frozen=True)
class Saying:
    """An engine that says what it is told to."""

    draft_answer: DraftAnswer
    streamed: int = 0
    record: EngineRecord = field(default_factory=lambda: EngineRecord("saying/1"))

    async def answer(
        self, question: Question, passages: Sequence[RetrievedPassage], show: ShowClaim | None = None
    ) -> DraftAnswer:
        for one in self.draft_answer.claims[: self.streamed] if show else ():
            show(one)
        return self.draft_answer


@pytest.fixture
def asker(memory_index: Any, stem_encoder: Any, small_world: Any) -> Any:
    def make(*claims: Claim, reason: AbstentionReason | None = None, drop: bool = False, streamed: int = 0) -> Asker:
        store = SimpleNamespace(
            study=small_world.__getitem__,
            studies=lambda: [SimpleNamespace(id=one.id, bibliography=one.bibliography) for one in small_world.values()],
        )
        engine = Saying(DraftAnswer(claims, reason), streamed)
        return Asker(cast(Any, store), Retriever(memory_index, stem_encoder), cast(Any, engine), drop=drop)

    return make


def claim(study: str, quote: str, at: int | None = None, text: str = "") -> Claim:
    return Claim(text or quote, ((study, quote),), (at,))


def test_every_citation_stands_in_its_study(asker: Any, small_world: Any) -> None:
    answer: Answer = asker(claim("rota", RESTED), claim("garden", WALKED)).ask("what helped?")
    for citation in answer.citations:
        assert citation.quote.span is not None
        assert citation.quote.span.of(small_world[citation.study].text) == citation.quote.text
    assert [(one.marker, one.section, one.page) for one in answer.citations] == [(1, "Results", 2), (2, "Findings", 2)]
    assert answer.engine.name == "saying/1" and answer.seconds > 0


def test_statements_stand_under_their_study_with_their_markers(asker: Any) -> None:
    text = asker(claim("rota", RESTED), claim("garden", WALKED)).ask("what helped?").text
    assert text == f"Reed 2019 (rota):\n{RESTED} [1]\n\ngarden:\n{WALKED} [2]"


def test_a_quote_cited_twice_has_one_number(asker: Any) -> None:
    answer = asker(claim("rota", RESTED, text="One."), claim("rota", RESTED, text="Two.")).ask("what helped?")
    assert [one.marker for one in answer.citations] == [1]
    assert "One. [1] Two. [1]" in answer.text


def test_a_quote_that_is_not_there_is_set_apart_and_never_numbered(asker: Any) -> None:
    made_up = "Nurses hated the new rota."
    answer = asker(claim("rota", made_up), claim("garden", WALKED)).ask("what helped?")
    found, apart = answer.citations
    assert (found.marker, found.quote.status) == (1, QuoteStatus.EXACT)
    assert (apart.marker, apart.quote.status, apart.quote.text) == (2, QuoteStatus.NOT_FOUND, made_up)
    assert "[2]" not in answer.text
    assert answer.text.endswith(made_up) and "Set apart" in answer.text
    assert answer.reason is None


def test_an_answer_that_rests_on_nothing_found_is_none(asker: Any) -> None:
    answer = asker(claim("rota", "Nurses hated the new rota.")).ask("what helped?")
    assert answer.reason is AbstentionReason.NO_EVIDENCE
    assert [one.quote.found for one in answer.citations] == [False]


def test_of_several_places_the_one_named_is_taken(asker: Any, small_world: Any) -> None:
    text = small_world["rota"].text
    later = text.rindex("rota")
    (citation,) = asker(claim("rota", "rota", at=later)).ask("what helped?").citations
    assert citation.quote.span.start == later != text.index("rota")


@pytest.mark.parametrize("reason", list(AbstentionReason))
def test_an_abstention_says_why_and_cites_nothing(asker: Any, reason: AbstentionReason) -> None:
    answer = asker(reason=reason).ask("why did nurses rest?")
    assert answer.abstained and answer.reason is reason
    assert answer.citations == () and answer.text.endswith(".")
    assert answer.passages


def test_no_claims_and_no_reason_is_no_evidence(asker: Any) -> None:
    assert asker().ask("why did nurses rest?").reason is AbstentionReason.NO_EVIDENCE


def test_keeps_to_the_asker_s_studies(asker: Any) -> None:
    made = asker(claim("garden", WALKED))
    narrowed = Asker(made.store, made.retriever, made.engine, studies=("garden",), limit=1)
    answer = narrowed.ask("why did nurses rest?")
    assert [one.passage.study for one in answer.passages] == ["garden"]


def test_labels_are_citations_or_ids(asker: Any) -> None:
    assert asker().labels == {"rota": "Reed 2019", "garden": "garden", "choir": "Bell 2021"}


def test_tracing_stays_off(asker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "none")
    assert asker(claim("garden", WALKED)).ask("what helped?").citations


@pytest.mark.parametrize("text", ["why did nurses rest?", "what does the moon weigh?"])
def test_the_default_engine_answers_as_the_chain_does(asker: Any, word_reranker: Any, text: str) -> None:
    made = asker()
    default = replace(made, engine=ExtractiveEngine(word_reranker, RuleTagger()))
    answer = default.ask(text)
    chained = result_of(default.chain(Question(text)).ainvoke(text))
    assert answer.passages and replace(answer, seconds=0.0) == chained


def test_any_other_engine_answers_in_the_chain(asker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    chain = Asker.chain
    monkeypatch.setattr(Asker, "chain", lambda self, *about: asked.append(about[0].text) or chain(self, *about))
    asker(claim("garden", WALKED)).ask("what helped?")
    assert asked == ["what helped?"]


@pytest.mark.parametrize("text", ["", "  \n ", "?!…", "\x1b[2J\x00"])
def test_a_question_without_words_is_refused(text: str) -> None:
    if any(char.isalnum() for char in text):
        assert readable(Question(text)).text == "[2J"
        return
    with pytest.raises(UsageError, match="no words"):
        readable(Question(text))


def test_a_question_of_a_document_s_length_is_refused_by_its_limit(asker: Any) -> None:
    with pytest.raises(UsageError, match=r"100,000 characters.*2,000"):
        asker().ask("a" * 100_000)
    assert readable(Question("why " * (LONGEST_QUESTION // 4))).text


def test_control_characters_are_left_out() -> None:
    question = readable(Question("why\x1b[31m\tdid\u202enurses\u200b rest\r\n?", standalone="why \x07rest"))
    assert question.text == "why [31m did nurses rest ?"
    assert question.standalone == "why rest"


def test_a_statement_without_a_quote_is_dropped_if_so_set_and_counted_either_way(asker: Any) -> None:
    claims = (claim("rota", "Nurses hated the new rota."), claim("garden", WALKED))
    shown, dropped = (asker(*claims, drop=drop).ask("what helped?") for drop in (False, True))
    assert shown.unsupported == dropped.unsupported == 1
    assert "hated" in shown.text and "hated" not in dropped.text
    assert [one.quote.status for one in dropped.citations] == [QuoteStatus.EXACT]
    alone = asker(claims[0], drop=True).ask("what helped?")
    assert alone.reason is AbstentionReason.NO_EVIDENCE and "hated" not in alone.text and alone.unsupported == 1


def test_what_is_shown_while_it_comes_is_how_the_answer_begins(asker: Any) -> None:
    made_up = claim("rota", "Nurses hated the new rota.")
    claims = (claim("rota", RESTED), claim("rota", RESTED, text="Again."), claim("garden", WALKED), made_up)
    for streamed in range(len(claims) + 1):
        pieces: list[str] = []
        answer = asker(*claims, streamed=streamed).answer(Question("what helped?"), pieces.append)
        assert answer.text.startswith("".join(pieces)) and len(pieces) == min(streamed, 3)


def test_references_are_never_evidence(asker: Any) -> None:
    answer = asker(claim("rota", "Rota design for nurses"), claim("garden", WALKED)).ask("what helped?")
    assert [one.quote.status for one in answer.citations] == [QuoteStatus.EXACT, QuoteStatus.NOT_FOUND]


def test_warming_reads_a_word_and_leaves_the_store_alone(asker: Any, recording_reranker: Any) -> None:
    replace(asker(), store=None, engine=ExtractiveEngine(recording_reranker, RuleTagger())).warm()
    assert [one.text for one in recording_reranker.read] == ["word"]
    asker().warm()
