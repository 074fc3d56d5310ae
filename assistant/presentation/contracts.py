"""The JSON that programs read. Names here are fixed; fields may be added, none renamed or dropped.

Spans are half-open, in Unicode code points of the study's stored text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.domain.answers import Answer, Citation
    from assistant.domain.cmo import CmoConfiguration, Evidence
    from assistant.domain.engine import EngineRecord
    from assistant.domain.passages import RetrievedPassage
    from assistant.domain.spans import Quote

Json = dict[str, Any]


def answer_json(answer: Answer, id: str | None = None) -> Json:
    """One answer, as ``ask --json`` prints it.

    Args:
        answer: What was answered.
        id: The question's id in a batch; left out if None.
    """
    reason = {"reason": answer.reason.value} if answer.reason else {}
    return {
        **({"id": id} if id is not None else {}),
        "question": answer.question.text,
        "answer": answer.text,
        "abstained": answer.abstained,
        **reason,
        "citations": [_citation(citation) for citation in answer.citations],
        "passages": [_passage(retrieved) for retrieved in answer.passages],
        "engine": engine_json(answer.engine),
        "usage": answer.usage,
        **({"unsupported": answer.unsupported} if answer.unsupported else {}),
        **({"problem": answer.problem} if answer.problem else {}),
        "seconds": round(answer.seconds, 4),
    }


def candidate_json(candidate: CmoConfiguration) -> Json:
    """One candidate configuration, as ``extract --jsonl`` prints it."""
    stated = candidate.stated
    return {
        "id": candidate.id,
        "study": candidate.study,
        "statement": candidate.statement,
        "context": _quotes(candidate.context),
        "mechanism": {
            "resource": _quotes(candidate.mechanism.resource),
            "reasoning": _quotes(candidate.mechanism.reasoning),
        },
        "outcome": _quotes(candidate.outcome),
        "evidence": [_evidence(evidence) for evidence in candidate.evidence],
        "stated": {"context": stated.context, "mechanism": stated.mechanism, "outcome": stated.outcome},
        "level": candidate.level.value,
        "polarity": candidate.polarity.value,
        "confidence": round(candidate.confidence, 4),
        "engine": engine_json(candidate.engine),
        **({"request": candidate.request} if candidate.request else {}),
        "status": candidate.status.value,
    }


def engine_json(engine: EngineRecord) -> Json:
    """Who made a statement."""
    prompt = {"id": engine.prompt.id, "hash": engine.prompt.hash} if engine.prompt else None
    return {"name": engine.name, "model": engine.model, "prompt": prompt}


def quote_json(quote: Quote) -> Json:
    """A span: its words, its place, and how they stand there; no place where they were not found."""
    return {
        "quote": quote.text,
        "start": quote.span.start if quote.span else None,
        "end": quote.span.end if quote.span else None,
        "status": quote.status.value,
    }


def _quotes(quotes: Sequence[Quote]) -> list[Json]:
    return [quote_json(quote) for quote in quotes]


def _evidence(evidence: Evidence) -> Json:
    return {**quote_json(evidence.quote), "section": evidence.section, "page": evidence.page}


def _citation(citation: Citation) -> Json:
    place = {"section": citation.section, "page": citation.page}
    return {"marker": citation.marker, "study": citation.study, **quote_json(citation.quote), **place}


def _passage(retrieved: RetrievedPassage) -> Json:
    passage = retrieved.passage
    return {
        "study": passage.study,
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "section": passage.path[-1] if passage.path else passage.section.value,
        "page": passage.page,
        "score": round(retrieved.score, 6),
    }
