"""Explicit role labels, as realist authors print them: "staff shortages (context)", "Mechanism: fear of blame"."""

from __future__ import annotations

import re

from assistant.domain.cmo import Role
from assistant.tagging.phrases import lead_end, trim
from assistant.tagging.roles import RoleRun

_NAMES = {
    "context": Role.CONTEXT,
    "c": Role.CONTEXT,
    "resource": Role.RESOURCE,
    "mechanism resource": Role.RESOURCE,
    "mechanism: resource": Role.RESOURCE,
    "m resource": Role.RESOURCE,
    "mechanism": Role.REASONING,
    "m": Role.REASONING,
    "reasoning": Role.REASONING,
    "response": Role.REASONING,
    "mechanism reasoning": Role.REASONING,
    "mechanism response": Role.REASONING,
    "mechanism: response": Role.REASONING,
    "mechanism: reasoning": Role.REASONING,
    "m response": Role.REASONING,
    "m reasoning": Role.REASONING,
    "outcome": Role.OUTCOME,
    "o": Role.OUTCOME,
}
_WORD = (
    r"(?:(?:mechanism|m)[\s:–-]+(?:resource|response|reasoning)|contexts?|mechanisms?|outcomes?|resources?|"
    r"reasoning|response)"
)
_AFTER = re.compile(rf"\s[(\[](?P<label>(?i:{_WORD})|[CMO])\s?\d?[)\]]")
_BEFORE = re.compile(rf"(?:^|[\s(\[])(?P<label>(?i:{_WORD})|[CMO])\s?\d?\s?[:=]\s")
_OPENS = re.compile(r"(?:where|when|if|given|because of|because|in)\s", re.IGNORECASE)
_JOINS = re.compile(
    r"[\s,;]*(?:(?:and|which|that|this|these|it|then|so|thus|thereby|therefore|over time|in turn|may|can|could|"
    r"will|would|also|"
    r"has|have|had|\w+ly)[\s,]+)*(?:(?:lead|leads|led|leading) to|result(?:s|ed|ing)? in|so that|trigger(?:s|ed|ing)?|"
    r"prompt(?:s|ed|ing)?|caus(?:es?|ed|ing)|generat(?:es?|ed|ing)|mean(?:s|t|ing) that|enabl(?:es?|ed|ing)|"
    r"allow(?:s|ed|ing)?|produc(?:es?|ed|ing)|creat(?:es?|ed|ing)|because(?: of)?|through|due to)?\s*",
    re.IGNORECASE,
)


def labelled_runs(text: str) -> tuple[RoleRun, ...]:
    """The runs that a sentence labels with their role; empty where it labels none.

    A label in brackets follows its run and needs a second one of another role to count, because "(context)"
    alone may be a remark; a label with a colon opens its run.
    """
    opened = _labelled_before(text)
    if opened:
        return opened
    closed = _labelled_after(text)
    return closed if len({role for role, _ in closed}) > 1 else ()


def _role(label: str) -> Role:
    bare = re.sub(r"\s+", " ", re.sub(r"[–-]", " ", label.lower())).strip()
    return _NAMES.get(bare) or _NAMES[bare.removesuffix("s")]


def _labelled_before(text: str) -> tuple[RoleRun, ...]:
    labels = list(_BEFORE.finditer(text))
    if not labels or (labels[0].start() > 3 and len(labels) < 2):
        return ()
    runs: list[RoleRun] = []
    for place, match in enumerate(labels):
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        run = trim(text, match.end(), end)
        if run is not None:
            runs.append((_role(match["label"]), run))
    return tuple(runs)


def _labelled_after(text: str) -> tuple[RoleRun, ...]:
    runs: list[RoleRun] = []
    start = lead_end(text)
    for match in _AFTER.finditer(text):
        joins = (_JOINS if runs else _OPENS).match(text, start, match.start())
        start = joins.end() if joins else start
        run = trim(text, start, match.start())
        if run is not None:
            runs.append((_role(match["label"]), run))
        start = match.end()
    return tuple(runs)
