"""The JSON contracts as checks: exact names and types, and every span resolved in the stored text."""

from __future__ import annotations

from typing import Any

STATUSES = {"exact", "normalised", "not_found"}
Texts = dict[str, str]
"""Stored text by study id."""


def check_answer(answer: dict[str, Any], texts: Texts) -> None:
    """Fails unless ``answer`` is what ``ask --json`` promises."""
    required = {"question", "answer", "abstained", "citations", "passages", "engine", "usage", "seconds"}
    assert required <= set(answer) <= required | {"id", "reason"}
    assert answer["abstained"] is ("reason" in answer)
    assert answer.get("reason", "no_evidence") in {"no_evidence", "not_retrieved", "out_of_scope"}
    assert isinstance(answer["answer"], str) and answer["answer"]
    assert isinstance(answer["seconds"], float) and answer["seconds"] >= 0
    check_engine(answer["engine"])
    assert bool(answer["citations"]) is not answer["abstained"]
    assert [citation["marker"] for citation in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    for citation in answer["citations"]:
        assert set(citation) == {"marker", "study", "quote", "start", "end", "section", "page", "status"}
        assert f"[{citation['marker']}]" in answer["answer"]
        check_span(citation, texts[citation["study"]])
        check_place(citation)
    for passage in answer["passages"]:
        assert set(passage) == {"study", "text", "start", "end", "section", "page", "score"}
        assert texts[passage["study"]][passage["start"] : passage["end"]] == passage["text"]
        assert passage["score"] > 0
        check_place(passage)


def check_candidate(candidate: dict[str, Any], texts: Texts) -> None:
    """Fails unless ``candidate`` is what ``extract --jsonl`` promises."""
    required = {
        *("id", "study", "statement", "context", "mechanism", "outcome", "evidence", "stated", "level", "polarity"),
        *("confidence", "engine", "status"),
    }
    assert set(candidate) == required | ({"request"} if candidate["engine"]["prompt"] else set())
    text = texts[candidate["study"]]
    mechanism = candidate["mechanism"]
    assert set(mechanism) == {"resource", "reasoning"}
    roles = [candidate["context"], mechanism["resource"], mechanism["reasoning"], candidate["outcome"]]
    for span in (span for role in roles for span in role):
        assert set(span) == {"quote", "start", "end", "status"}
        check_span(span, text)
    assert candidate["evidence"]
    for evidence in candidate["evidence"]:
        assert set(evidence) == {"quote", "start", "end", "status", "section", "page"}
        check_span(evidence, text)
        check_place(evidence)
    assert candidate["stated"] == {
        "context": bool(roles[0]),
        "mechanism": bool(roles[1] or roles[2]),
        "outcome": bool(roles[3]),
    }
    assert candidate["stated"]["outcome"] and (candidate["stated"]["context"] or candidate["stated"]["mechanism"])
    assert candidate["level"] in {"finding", "quote", "hypothesis", "background"}
    assert candidate["polarity"] in {"enabling", "constraining", "mixed"}
    assert 0 <= candidate["confidence"] <= 1
    assert candidate["status"] == "candidate"
    assert candidate["statement"]
    check_engine(candidate["engine"])


def check_engine(engine: dict[str, Any]) -> None:
    """Fails unless the engine names itself."""
    assert set(engine) == {"name", "model", "prompt"} and engine["name"]


def check_span(span: dict[str, Any], text: str) -> None:
    """Fails unless the span's words stand where it says."""
    assert span["status"] in STATUSES - {"not_found"}
    assert text[span["start"] : span["end"]] == span["quote"]


def check_place(entry: dict[str, Any]) -> None:
    """Fails unless section and page are of their types."""
    assert isinstance(entry["section"], str) and entry["section"]
    assert entry["page"] is None or (isinstance(entry["page"], int) and entry["page"] >= 1)
