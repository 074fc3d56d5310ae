"""Which role each piece of a causal chain plays: by its place in the chain first, then by its words.

The last rank is the outcome; what stands between is the mechanism's reasoning; where the chain starts, and
what conditions it, the words decide between context, resource and reasoning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.cmo import Role
from assistant.tagging.chains import Chain, Node
from assistant.tagging.cues import CueForm, count, sign
from assistant.tagging.forms import Form, form_of
from assistant.tagging.phrases import Run, trim, words_in

_HEAD_END = re.compile(
    r"\s(?:of|for|with|in|on|at|from|that|which|who|to|by|among|between|about|where|when)\s", re.IGNORECASE
)
_FELT = re.compile(
    r"\b(?:felt|feel|feeling|(?:knew|know)(?= that\b| they\b| it\b| he\b| she\b| there\b)|trust(?:ed|s)?|"
    r"believed?|perceived?|saw|realised|realized|confident|motivated|"
    r"afraid|fear(?:ed)?|"
    r"worried|wanted|interested|valued|understood|understand|thought|willing|reluctant|comfortable|distrust\w*|"
    r"uneasy|wary|on their guard|disliked|inferred|concluded|resented|ashamed|embarrassed|convinced)\b",
    re.IGNORECASE,
)
_PEOPLE_CLAUSE = re.compile(
    r"^(?:they|he|she|we|i|people|participants|staff|patients|women|men|parents|mothers|nurses|clients|"
    r"managers|teachers|\w+ers|\w+ors|\w+ants)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?|their|its|this|perceived)\s", re.IGNORECASE)
_ACTIVITY = re.compile(r"(?!being|having|lacking|living|feeling|existing|during|knowing)\w{3,}ing\s", re.IGNORECASE)
_AND_THEN = re.compile(r",?\s(?:and|so|and so)\s(?!\w+ing\b)", re.IGNORECASE)
_TO_VERB = re.compile(r"\sto\s(?=[a-z])")

_GIVES_REASON = frozenset({CueForm.BACKWARD, CueForm.OPENING})

RoleRun = tuple[Role, Run]
"""A role and the run that plays it, in one sentence."""


def source_role(text: str, node: Node) -> Role:
    """The role of a piece that starts a chain or conditions it."""
    words = node.run.of(text)
    if node.rank is None:
        return Role.REASONING if _FELT.search(words) and _opens_with_when(node) else Role.CONTEXT
    weights = {role: _weight(role, words) for role in (Role.REASONING, Role.RESOURCE, Role.CONTEXT)}
    lacking = sign("lacking").match(_ARTICLE.sub("", words))
    if lacking:
        weights[Role.CONTEXT] += 3.0
    if _FELT.search(words) and _PEOPLE_CLAUSE.match(words):
        weights[Role.REASONING] += 3.0
    if (
        node.hit is not None
        and form_of(words) is Form.CLAUSE
        and not sign("resource").search(" ".join(words.split()[:4]))
    ):
        weights[Role.RESOURCE] = 0.0
    if node.hit is None and _ACTIVITY.match(words):
        weights[Role.RESOURCE] += 2.0
    best = max(weights.values())
    if best == 0.0:
        return _default_role(text, node)
    return next(role for role, weight in weights.items() if weight == best)


def role_runs(text: str, chain: Chain) -> tuple[RoleRun, ...]:
    """The runs of a chain in their roles, in the order of the text; empty where no cause or no outcome is said."""
    ranked = chain.ranked
    if not ranked:
        return ()
    last = max(node.rank or 0.0 for node in ranked)
    first = min(node.rank or 0.0 for node in ranked)
    causes = [
        (_cause_role(text, node, ranked, first), node) for node in chain.nodes if node.rank is None or node.rank < last
    ]
    causes = _explained(causes)
    responds = all(role is not Role.REASONING for role, _ in causes)
    runs = [(role, node.run) for role, node in causes]
    for node in ranked:
        if node.rank == last:
            runs.extend(_outcome_runs(text, node, responds=responds))
    return _merged(text, sorted(runs, key=lambda pair: pair[1]))


def _cause_role(text: str, node: Node, ranked: Sequence[Node], first: float) -> Role:
    return (
        source_role(text, node) if node.rank is None or node.rank == first else _middle_role(text, node, ranked, first)
    )


def _explained(causes: list[tuple[Role, Node]]) -> list[tuple[Role, Node]]:
    """``causes`` with the stated reason as reasoning where everything else is a condition: "where C, O because M"."""
    reasons = [place for place, (_, node) in enumerate(causes) if node.hit and node.hit.cue.form in _GIVES_REASON]
    conditions = [node for _, node in causes if node.rank is None]
    if conditions and reasons and all(role is Role.CONTEXT for role, _ in causes):
        place = reasons[-1]
        causes = [*causes[:place], (Role.REASONING, causes[place][1]), *causes[place + 1 :]]
    return causes


def _opens_with_when(node: Node) -> bool:
    return node.hit is not None and node.hit.cue.strength < 2


def _weight(role: Role, words: str) -> float:
    """How much the words of a phrase speak for a role; its head counts twice."""
    end = _HEAD_END.search(words)
    head = words[: end.start()] if end else words
    return count(role.value, words) + count(role.value, head)


def _default_role(text: str, node: Node) -> Role:
    """The role of a cause whose words say nothing: a means is offered, a reason lies there already."""
    if node.hit is None:
        return Role.RESOURCE
    means = re.match(r"(?:by|through|via|thanks)", text[node.hit.start : node.hit.end], re.IGNORECASE)
    return Role.RESOURCE if means else Role.CONTEXT


def _middle_role(text: str, node: Node, ranked: Sequence[Node], first: float) -> Role:
    """The role of a piece between cause and outcome: the response, unless it is plainly something offered."""
    words = node.run.of(text)
    reasoning, resource = _weight(Role.REASONING, words), _weight(Role.RESOURCE, words)
    offered = resource > 0 and reasoning == 0 and not _PEOPLE_CLAUSE.match(words)
    source_is_context = any(source_role(text, one) is Role.CONTEXT for one in ranked if one.rank == first)
    return Role.RESOURCE if offered and source_is_context else Role.REASONING


def _outcome_runs(text: str, node: Node, *, responds: bool) -> list[RoleRun]:
    """The outcome, without the response that the cue itself names ("motivated staff" to stay) or that comes first.

    Args:
        text: The sentence.
        node: The piece at the end of the chain.
        responds: Whether the response may stand in it: "carers were wary and the group fell silent".
    """
    if responds and (parts := _response_first(text, node.run)):
        return parts
    held = node.hit.cue.holds if node.hit else None
    if node.hit is not None and held is not None and node.hit.cue.form is CueForm.FORWARD:
        match = _TO_VERB.search(text, node.hit.end, node.run.end)
        if match and words_in(text[node.hit.end : match.start()]) <= 6:
            response, effect = trim(text, node.run.start, match.start()), trim(text, match.end(), node.run.end)
            if response and effect:
                return [(held, response), (Role.OUTCOME, effect)]
    return [(Role.OUTCOME, node.run)]


def _response_first(text: str, run: Run) -> list[RoleRun]:
    """A response and what follows from it, joined by "and" or "so"; empty where the run is no such pair."""
    for match in _AND_THEN.finditer(text, run.start, run.end):
        first, second = trim(text, run.start, match.start()), trim(text, match.end(), run.end)
        if first and second and _FELT.search(first.of(text)) and not _FELT.search(second.of(text)):
            if words_in(first.of(text)) >= 3 and words_in(second.of(text)) >= 3:
                return [(Role.REASONING, first), (Role.OUTCOME, second)]
    return []


def _merged(text: str, runs: list[RoleRun]) -> tuple[RoleRun, ...]:
    """Neighbouring runs of one role with only a joining word between them as one run; none overlap."""
    merged: list[RoleRun] = []
    for role, run in runs:
        if merged and run.start < merged[-1][1].end:
            continue
        if (
            merged
            and merged[-1][0] is role
            and re.fullmatch(r"[\s,]*(?:and|or)?[\s,]*", text[merged[-1][1].end : run.start])
        ):
            merged[-1] = (role, Run(merged[-1][1].start, run.end))
        else:
            merged.append((role, run))
    return tuple(merged)
