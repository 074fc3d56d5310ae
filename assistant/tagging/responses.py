"""Claims without a connective: a response is told, and then what people did.

"The nurse's visits signalled that they mattered, and they came back" ties nothing by name; what makes it a claim is
that a response stands first and an effect after "and".
"""

from __future__ import annotations

import re

from assistant.domain.cmo import Role
from assistant.tagging.chains import Chain, Node, opening_of
from assistant.tagging.cues import sign
from assistant.tagging.forms import Form, form_of
from assistant.tagging.phrases import Run, lead_end, trim, words_in
from assistant.tagging.roles import RoleRun, source_role

STRENGTH = 1.8
"""What such a claim is worth beside a cue's 0 to 3."""

_THEN = re.compile(r"[,;]\s(?:and so|and|so)\s|;\s|\s(?:and so|and)\s(?!\w+ing\b)", re.IGNORECASE)
_STOP = re.compile(r";\s|,\s(?:but|while|whereas|although)\s|:\s")
_MIN_WORDS, _MAX_WORDS = 3, 32


def response_claim(text: str) -> tuple[Chain, tuple[RoleRun, ...]] | None:
    """The response, what follows from it, and what stands before it; None where the sentence tells no such pair."""
    opening = opening_of(text, lead_end(text), len(text))
    for match in _THEN.finditer(text, opening.main_start):
        first = trim(text, opening.main_start, match.start())
        stop = _STOP.search(text, match.end())
        second = trim(text, match.end(), stop.start() if stop else len(text))
        if first is None or second is None or not _is_pair(text, first, second, match[0]):
            continue
        conditions = tuple((source_role(text, node), node.run) for node in opening.nodes)
        runs = (*conditions, *_response_runs(text, first), (Role.OUTCOME, second))
        return Chain(opening.nodes, opening.hits, opening.consequence), runs
    return None


def _is_pair(text: str, first: Run, second: Run, joint: str) -> bool:
    """Whether a response clause and another clause stand on the two sides of a joint."""
    if not all(_MIN_WORDS <= words_in(run.of(text)) <= _MAX_WORDS for run in (first, second)):
        return False
    response = sign("response").search(first.of(text))
    if response is None or sign("response").search(second.of(text)):
        return False
    if form_of(first.of(text)) is not Form.CLAUSE and not sign("conveys").search(first.of(text)):
        return False
    return form_of(second.of(text)) is Form.CLAUSE if joint[0] in ",;" else _opens_with_past(second.of(text))


def _opens_with_past(words: str) -> bool:
    """Whether a predicate in the past stands first: "left before they could be asked"."""
    return (
        re.match(
            r"(?:\w+ed|left|went|came|took|kept|stayed|chose|began|got|gave|made|did not|were|was|became)\b", words
        )
        is not None
    )


def _response_runs(text: str, run: Run) -> tuple[RoleRun, ...]:
    """A response clause as what brings the response about and the response, where a verb that conveys it parts them."""
    verb = sign("conveys").search(text, run.start, run.end) or sign("response").search(text, run.start, run.end)
    subject = trim(text, run.start, verb.start(), cue_follows=True) if verb else None
    if verb is None or subject is None or words_in(subject.of(text)) < 2 or not _parts(text, subject, verb):
        return ((Role.REASONING, run),)
    response = trim(text, verb.start(), run.end)
    if response is None or words_in(response.of(text)) < 2:
        return ((Role.REASONING, run),)
    return ((source_role(text, Node(subject, 0.0)), subject), (Role.REASONING, response))


def _parts(text: str, subject: Run, verb: re.Match[str]) -> bool:
    """Whether the subject is a part of its own: a thing that conveys, or people told apart by a clause."""
    if sign("conveys").match(text, verb.start()):
        return True
    return re.search(r"\b(?:who|whose|with|without)\b", subject.of(text)) is not None
