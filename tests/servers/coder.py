"""A coder that always codes alike: it replies to the tool's prompts in their form, quoting what it was given.

It understands nothing. What it is for is everything around a model: that calls are made once, that quotes are
looked up, that faults end as they should.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.servers.asking import Asked

_MARKED = re.compile(r"^(=====[0-9a-f]+=====)$\n(.*?)\n^\1$", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r"[A-Z“][^.!?]{20,}[.!?]”?")
_PASSAGE = re.compile(r"^(P\d+) \|[^\n]*\n(.*?)(?=\n\nP\d+ \||\Z)", re.MULTILINE | re.DOTALL)
_TASKS = ("verdicts", "configurations", "claims", "standalone", "links", "extractions", "wet")
_POINT = re.compile(r"^P(\d+) \|", re.MULTILINE)
_MOST = 3
"""Items in one reply."""


def coder(asked: Asked) -> str:
    """The reply to one of the tool's prompts, as JSON."""
    return json.dumps(_REPLIES[_task(asked)](asked, _given(asked)), ensure_ascii=False)


def _task(asked: Asked) -> str:
    """What is wanted: from the schema, or else from the words about the reply's form."""
    wanted = asked.schema.get("properties", {}) if asked.schema else asked.text
    return next((task for task in _TASKS if task in wanted), "claims")


def _given(asked: Asked) -> str:
    """What stands between the marks, the last time that any does."""
    found = [match for role, text in asked.messages if role == "user" for match in _MARKED.findall(text)]
    return found[-1][1] if found else ""


def _configurations(asked: Asked, window: str) -> Any:
    text = "\n".join(line for line in window.splitlines() if not line.startswith(("#", "[...]")))
    sentences = [match.group() for match in _SENTENCE.finditer(text) if len(match.group().split()) >= 9]
    return {"configurations": [_configuration(sentence) for sentence in sentences[:_MOST]]}


def _configuration(sentence: str) -> Any:
    """Thirds of a sentence as its roles."""
    words = sentence.rstrip(".!?”").split(" ")
    third = len(words) // 3
    parts = [" ".join(part).strip(",;: “”()") for part in (words[:third], words[third : 2 * third], words[2 * third :])]
    return {
        "passage": sentence,
        "context": [parts[0]],
        "resource": [],
        "reasoning": [parts[1]],
        "outcome": [parts[2]],
        "level": "finding",
        "polarity": "enabling",
        "proposition": f"Where {parts[0]}, {parts[2]}, because {parts[1]}.",
        "certainty": "medium",
    }


def _answer(asked: Asked, passages: str) -> Any:
    quoted = [
        {"text": f"As {label} says, this was found.", "support": [{"passage": label, "quote": sentence.group()}]}
        for label, text in _PASSAGE.findall(passages)
        if (sentence := _SENTENCE.search(text))
    ]
    return {"abstain": None, "claims": quoted[:_MOST]} if quoted else {"abstain": "no_evidence", "claims": []}


def _followup(asked: Asked, history: str) -> Any:
    return {"standalone": asked.messages[-1][1].strip().splitlines()[-1]}


def _links(asked: Asked, given: str) -> Any:
    return {"links": []}


def _verdicts(asked: Asked, answer: str) -> Any:
    """Every point with an odd number is said, in the last line of the answer."""
    points = map(int, _POINT.findall(asked.messages[-1][1].partition("=====")[0]))
    line = answer.splitlines()[-1]
    odd = [(point, point % 2 == 1) for point in points]
    return {"verdicts": [{"point": f"P{point}", "said": said, "quote": line if said else None} for point, said in odd]}


def _extractions(asked: Asked, given: str) -> Any:
    """What langextract wants, in the benches."""
    sentence = _SENTENCE.search(asked.text.rpartition("Q: ")[2])
    return {"extractions": [{"outcome": sentence.group(), "outcome_attributes": {}}] if sentence else []}


def _wet(asked: Asked, given: str) -> Any:
    return {"wet": True}  # what `realist doctor` asks


_REPLIES = {
    "verdicts": _verdicts,
    "configurations": _configurations,
    "claims": _answer,
    "standalone": _followup,
    "links": _links,
    "extractions": _extractions,
    "wet": _wet,
}
