"""What a question asks for, read off its words: content terms, names, and the kind of answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.retrieval.cues import Cue
from assistant.text.words import STOPWORDS, fold, stem, words

_FURNITURE = frozenset(
    """many much long often far old big does get got kind kinds type types thing things way ways please study studies
    paper papers article articles evidence research find finding findings report reports reported mean meant""".split()
)
"""Words that shape a question about studies and seldom stand in its answer."""

_KINDS: tuple[tuple[Cue, re.Pattern[str]], ...] = tuple(
    (cue, re.compile(pattern, re.I | re.X))
    for cue, pattern in (
        (
            Cue.SPEECH,
            r"\bquot(?:e|es|ed|ation)|\bwords\ of\b|\bwho\ (?:said|complained|compared|called|described)"
            r"|\bdid\ .{2,40}\ say\b|\bwas\ said\b",
        ),
        (
            Cue.QUANTITY,
            r"\bhow\ (?:many|much|long|often|old|big|large|far)\b|\bnumbers?\ of\b|%|\bn\s*="
            r"|\b(?:percent\w*|proportion|share|rates?|total|average|mean|median|max|maximum|minimum|range|score"
            r"|distance|sample\ size|cost|price)\b",
        ),
        (
            Cue.TIME,
            r"^\W*when\b|\bwhen\ (?:was|were|did|do|does|is)\b|\b(?:what|which)\ (?:year|date|month|period)"
            r"|\bduration\b|\bdates?\b",
        ),
        (
            Cue.PLACE,
            r"\bwhere\b|\b(?:which|what)\ (?:country|countries|city|region|hospitals?|sites?|towns?|setting)\b",
        ),
        (
            Cue.PROCEDURE,
            r"\bmethod\w*|\bhow\ (?:was|were)\ .{3,60}(?:analy[sz]ed|measured|recruited|sampled|trained|allocated"
            r"|collected|coded|selected|randomi[sz]ed)|\bstatistical\ test\b|\bsoftware\b|\bstudy\ design\b"
            r"|\blimit(?:s|ations?)\b|\bdata\ sources?\b|\bsources\ of\ data\b",
        ),
        (
            Cue.REASON,
            r"\bwhy\b|\breasons?\b|\bexplain\w*|\bbarriers?\b|\bfacilitat\w*|\bhow\ come\b|\bcauses?\b|\beffects?\b"
            r"|\bimpact\b|\bhinder\w*|\bconcerns?\b|\bproblems?\b|\bin\ the\ way\b|\brole\ of\b"
            r"|\bwhat\ (?:made|makes|stopp?ed|stops|kept|put|changed|gets|got|turned|went)\b"
            r"|\bhow\ (?:do|does|did|can|could|might|is|are)\b|^\W*(?:does|did|do|is|are|was|were|has|have|should)\b",
        ),
        (Cue.PERSON, r"(?:^\W*|\band\ )who(?:m|se)?\b|\bwhich\ (?:people|person|staff|groups?)\b"),
    )
)
"""The first that fits decides: a question for a number stays one although it also says why."""
_NAME = re.compile(r"\b(?:[A-Z]{2,}[\w-]*|[A-Z][a-z]+[A-Z]\w*|[A-Z][\w’'-]+)")
_NUMBER = re.compile(r"\b\d[\d.,]*\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart."""

    text: str
    """As it is searched for."""
    terms: tuple[str, ...]
    """Content words, folded, in order, one for each stem."""
    stems: tuple[str, ...]
    """Their stems, without repeats."""
    names: frozenset[str]
    """Stems of proper names, acronyms and numbers in it, the first word of the question left out unless an acronym."""
    kind: Cue | None
    """What kind of answer is asked for; None where the words do not tell."""


def analyse(text: str) -> Asked:
    """Takes a question apart; any text is accepted, and an empty one has no stems."""
    by_stem = _content(text)
    return Asked(text=text, terms=tuple(by_stem.values()), stems=tuple(by_stem), names=_names(text), kind=_kind(text))


def _content(text: str) -> dict[str, str]:
    """Content words by stem, in order; furniture is left out unless nothing else remains."""
    found = [word for word in words(text) if word not in STOPWORDS]
    telling = [word for word in found if word not in _FURNITURE]
    by_stem: dict[str, str] = {}
    for word in telling or found:
        by_stem.setdefault(stem(word), word)
    return by_stem


def _kind(text: str) -> Cue | None:
    return next((cue for cue, pattern in _KINDS if pattern.search(text)), None)


def _names(text: str) -> frozenset[str]:
    opening = len(text) - len(text.lstrip())
    found = [match[0] for match in _NAME.finditer(text) if match.start() > opening or match[0][:2].isupper()]
    found += _NUMBER.findall(text)
    parts = (part for name in found for part in words(name))
    return frozenset(stem(part) for part in parts if fold(part) not in STOPWORDS)
