"""What a chat model may reply to each task: closed forms, and what is forgiven before they are applied.

Every field is required and nothing else is allowed, as providers with native structured output ask of a schema.
Models without it stray; what is put right, and only that, is said at each ``mended``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from assistant.domain.answers import AbstentionReason
from assistant.domain.cmo import Level, Polarity

Json = dict[str, Any]


class Closed(BaseModel):
    """An object of a reply; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Support(Closed):
    """A quote and the passage that it is from."""

    passage: str
    quote: str


class StatedClaim(Closed):
    """A statement of an answer."""

    text: str
    support: list[Support]


class AnswerReply(Closed):
    """Claims, or the reason why there are none."""

    model_config = ConfigDict(title="answer")

    abstain: AbstentionReason | None
    claims: list[StatedClaim]


class FollowupReply(Closed):
    """A question that stands alone."""

    model_config = ConfigDict(title="followup")

    standalone: str


class Certainty(StrEnum):
    """How sure the model says it is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class StatedConfiguration(Closed):
    """A configuration in verbatim quotes."""

    passage: str
    context: list[str]
    resource: list[str]
    reasoning: list[str]
    outcome: list[str]
    level: Level
    polarity: Polarity
    proposition: str
    certainty: Certainty


class DraftReply(Closed):
    """The configurations of a window."""

    model_config = ConfigDict(title="configurations")

    configurations: list[StatedConfiguration]


class Relation(StrEnum):
    """How a configuration bears on a statement of a programme theory."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    REFINES = "refines"
    EXTENDS = "extends"


class StatedLink(Closed):
    """A configuration and the statement that it bears on, by their labels."""

    configuration: str
    statement: str
    relation: Relation
    reason: str


class LinkReply(Closed):
    """The links between configurations and statements."""

    model_config = ConfigDict(title="links")

    links: list[StatedLink]


class StatedVerdict(Closed):
    """Whether an answer makes a point, by the point's label, and in which words."""

    point: str
    said: bool
    quote: str | None


class JudgeReply(Closed):
    """A verdict for each point."""

    model_config = ConfigDict(title="verdicts")

    verdicts: list[StatedVerdict]


def label_of(said: str) -> str:
    """A label as it was given (``P3``), however the model writes it: ``[p3]``, ``3``."""
    return f"P{said.strip().strip('[]()').upper().removeprefix('P').strip()}"


def schema_of(reply: type[Closed]) -> Json:
    """The JSON schema of a reply, with a title and a description of the whole only.

    Those of its parts would be paid for with every request, and a better word in a docstring would make every cached
    reply worthless.
    """
    schema = reply.model_json_schema()
    return {"title": schema.pop("title"), "description": schema.pop("description"), **_bare(schema)}


def _bare(schema: Any) -> Any:
    """``schema`` without titles and descriptions; no field of a reply is called so."""
    if isinstance(schema, dict):
        return {key: _bare(part) for key, part in schema.items() if key not in {"title", "description"}}
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema


Item = TypeVar("Item", bound=Closed)


@dataclass(frozen=True, slots=True)
class Form(Generic[Item]):
    """The form of a reply that is a list of items."""

    reply: type[Closed]
    """The whole."""
    key: str
    """Under which its items stand."""
    item: type[Item]
    """One of them."""
    mended: Callable[[Json], Json]
    """An item as it came to one that the closed form takes, where the rules allow."""


_LEVELS = {
    "findings": Level.FINDING,
    "result": Level.FINDING,
    "conclusion": Level.FINDING,
    "quotation": Level.QUOTE,
    "participant": Level.QUOTE,
    "theory": Level.HYPOTHESIS,
    "literature": Level.BACKGROUND,
}
_POLARITIES = {
    "positive": Polarity.ENABLING,
    "enabled": Polarity.ENABLING,
    "negative": Polarity.CONSTRAINING,
    "constrained": Polarity.CONSTRAINING,
    "inhibiting": Polarity.CONSTRAINING,
    "neutral": Polarity.MIXED,
    "both": Polarity.MIXED,
}
_CERTAINTIES = {"moderate": Certainty.MEDIUM, "very high": Certainty.HIGH, "very low": Certainty.LOW}
_ROLES = ("context", "resource", "reasoning", "outcome")


def mended_claim(item: Json) -> Json:
    """A lone support, or a quote and its passage beside the text, become a list of one."""
    support = item.get("support")
    if isinstance(support, Mapping):
        support = [support]
    if support is None and "quote" in item:
        support = [item]
    if not isinstance(support, list):
        return _only(item, ("text", "support"))
    kept = [_only(one, ("passage", "quote")) for one in support if isinstance(one, Mapping)]
    return {"text": item.get("text"), "support": [_with_text(one, "passage") for one in kept]}


def mended_configuration(item: Json) -> Json:
    """Absent roles are empty and a lone phrase is a list of one; a mechanism in one piece is split, or is reasoning.

    Values of ``level``, ``polarity`` and ``certainty`` are taken in any case and by common synonyms; where they
    are absent or unknown the level is ``finding``, the polarity ``mixed`` and the certainty ``low``.
    """
    mechanism = item.get("mechanism")
    parts = mechanism if isinstance(mechanism, Mapping) else {"reasoning": mechanism}
    roles = {role: _phrases(item.get(role) or parts.get(role)) for role in _ROLES}
    return {
        **roles,
        "passage": item.get("passage") or "",
        "level": _variant(item.get("level"), Level, _LEVELS, Level.FINDING),
        "polarity": _variant(item.get("polarity"), Polarity, _POLARITIES, Polarity.MIXED),
        "proposition": item.get("proposition") or "",
        "certainty": _variant(item.get("certainty"), Certainty, _CERTAINTIES, Certainty.LOW),
    }


def mended_link(item: Json) -> Json:
    """The relation is taken in any case; an unknown one is refused, for none stands for "something"."""
    relation = item.get("relation")
    known = {**item, "relation": relation.strip().lower() if isinstance(relation, str) else relation}
    return _only(known, tuple(StatedLink.model_fields))


def mended_verdict(item: Json) -> Json:
    """The quote may be absent or empty; whether the point is said is never guessed."""
    return {**_with_text(_only(item, ("point", "said")), "point"), "quote": item.get("quote") or None}


def _variant(value: object, kind: type[StrEnum], synonyms: Mapping[str, StrEnum], otherwise: StrEnum) -> StrEnum:
    name = " ".join(value.replace("_", " ").lower().split()) if isinstance(value, str) else ""
    if name in {one.value for one in kind}:
        return kind(name)
    return synonyms.get(name, otherwise)


def _phrases(value: object) -> object:
    """A list of the phrases that say something."""
    if value is None:
        return []
    if isinstance(value, str):
        value = [value]
    return (
        [one for one in value if not (isinstance(one, str) and not one.strip())] if isinstance(value, list) else value
    )


def _only(item: Mapping[str, Any], keys: tuple[str, ...]) -> Json:
    return {key: item[key] for key in keys if key in item}


def _with_text(item: Json, key: str) -> Json:
    """Labels that came as numbers, as text."""
    value = item.get(key)
    return {**item, key: str(value)} if isinstance(value, int) else item


CLAIMS = Form(AnswerReply, "claims", StatedClaim, mended_claim)
CONFIGURATIONS = Form(DraftReply, "configurations", StatedConfiguration, mended_configuration)
LINKS = Form(LinkReply, "links", StatedLink, mended_link)
VERDICTS = Form(JudgeReply, "verdicts", StatedVerdict, mended_verdict)
