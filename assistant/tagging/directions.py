"""Which way the source's own words take an outcome, where its span leaves them out.

"The rota hindered contact" marks contact as the outcome: the words between the marks say that it is held back, and a
statement that joins the spans alone would turn the claim round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from assistant.domain.spans import Span

_NOT = (
    r"(?:not(?! only)|never|n['’]t|cannot|no longer|hardly|rarely|fail(?:s|ed|ing)? (?:to|in)|unable to|"
    r"(?:un|less )likely to|without|nor|"
    r"ineffective (?:in|at|for)|(?:no|little|few|fewer|less|lack of|absence of|loss of|failure (?:of|to)|"
    r"inability to|lack(?:s|ed|ing)?)(?: (?:any|real|sufficient|clear))?)"
)
_AGAINST = (
    r"(?:(?:hinder|hamper|imped|inhibit|prevent|undermin|constrain|discourag|obstruct|thwart|demotivat|jeopardi[sz]|"
    r"erod|stifl|preclud|reduc|limit|restrict|weaken|disrupt|block|diminish|delay|lower|decreas|lessen|alleviat|"
    r"mitigat|eas|reliev|threaten|damag|compromis|deter|avoid|counter|overcom)(?:e?d|red|e?s|ing|ring|e)?|overcame|"
    r"interfer(?:e[ds]?|ing) with|stand(?:s|ing)? in the way of|stood in the way of|protect(?:s|ed|ing)? against|"
    r"barriers? (?:to|for|against)|obstacles? to|impediments? to|hindrances? to|threats? to|problems? (?:in|with|of)|"
    r"difficult(?:y|ies)? (?:in|with|to|for)|hard(?:er)? (?:to|for)|cop(?:e|es|ed|ing) with|"
    r"relief (?:of|from)|freed? from)"
)
_EITHER = (
    r"(?:influenc|affect|shap|determin|mediat|moderat)(?:e?d|e?s|ing|e)?|(?:influence|effect|impact|bearing) (?:up)?on"
)
_HEDGE = (
    r"(?:may|might|could|perhaps|possibly|potentially|probably|partly|partially|likely to|seem(?:s|ed)? to|"
    r"appear(?:s|ed)? to|tend(?:s|ed)? to|(?:aim|hop|intend|expect|design|assum|suppos)(?:s|ed|ing)? (?:to|at)|"
    r"presented as|perceived (?:as|to))"
)
_BETWEEN = (
    r"(?:to|be|been|being|have|has|had|also|often|further|even|then|only|always|in|at|for|from|of|the|an?|any|their|"
    r"its|his|her|our|this|that|these|it|them|more|much|very|as|do|does|did|would|will|can|should|\w+ly|help(?:s|ed)?|"
    r"lead(?:s|ing)?|led|result(?:s|ed|ing)?|contribut(?:e|es|ed|ing)|enabl(?:e|es|ed|ing)|allow(?:s|ed|ing)?|"
    r"creat(?:e|es|ed|ing)|produc(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|encourag(?:e|es|ed|ing)|"
    r"facilitat(?:e|es|ed|ing)|promot(?:e|es|ed|ing)|deliver(?:s|ed|ing)?|achiev(?:e|es|ed|ing)|"
    r"provid(?:e|es|ed|ing)|mak(?:e|es|ing)|made|hav(?:e|ing)|caus(?:e|es|ed|ing)|bring(?:s|ing)?|brought|about|"
    r"find(?:s|ing)?|found|feel(?:s|ing)?|felt|becom(?:e|es|ing)|became|get(?:s|ting)?)"
)
"""What may stand between such a word and the outcome that it governs."""
_NEAR = 110
"""Code points beside an outcome in which what governs it stands."""
_ENDS = re.compile(r"[.!?:;…](?:\s|$)|\n\s*\n")
_SIGNS = re.compile(
    rf"(?:(?<![\w-])|(?=n['’]t))(?:(?P<denied>{_NOT})|(?P<against>{_AGAINST})|(?P<either>{_EITHER})|(?P<hedge>{_HEDGE}))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_RUN = re.compile(
    rf"(?:(?:^|(?<=[\s,(])|(?=n['’]t))(?>(?:{_NOT}|{_AGAINST}|{_EITHER}|{_HEDGE}|{_BETWEEN})(?:,?\s+|$)))+$",
    re.IGNORECASE,
)
"""The words that lead without a break to an outcome; atomic, since many of them can be read in more than one way."""
_BE = r"(?:is|are|was|were|be|been|being|gets?|got)"
_AFTER = re.compile(
    rf"\s+(?:(?:(?P<hedge>may|might|could|perhaps|possibly)|(?P<denied>not|never|cannot)|can|will|would|has|have|had|"
    rf"{_BE}|did|does|do|also|often|further|\w+ly)\s+){{0,5}}"
    rf"(?:(?<=\s)(?P<against>{_AGAINST})|(?P<either>{_EITHER})|(?:improv|achiev|occurr?|happen|follow|result|"
    r"materiali[sz])(?:e?d|e|s)?)(?=\s+(?:by|through|due|because|when|where|if|as|since|in|with)\b|[\s.,;]*$)",
    re.IGNORECASE,
)
"""What is said of an outcome that comes first: "contact was hindered by", "uptake did not improve because"."""


_VERB_NEXT = re.compile(
    r"(?:\b(?:may|might|could|can|cannot|will|would|should|must|not)|n['’]t)(?: (?:also|even|then|further|\w+ly))*\s+$",
    re.IGNORECASE,
)
"""Words after which an outcome opens with a verb."""


class Way(Enum):
    """What becomes of an outcome."""

    COMES = auto()
    """It follows."""
    FAILS = auto()
    """It does not."""
    HELD_BACK = auto()
    """Something is in its way, or makes less of it."""
    AFFECTED = auto()
    """It changes, either way."""


class Direction(NamedTuple):
    """Which way an outcome is taken, and whether for sure."""

    way: Way = Way.COMES
    hedged: bool = False
    """Whether the source only says that it may."""
    verbal: bool = False
    """Whether its words open with a verb that those before it govern: "may [settle down]"."""


def direction_of(text: str, outcome: Span, others: Iterable[Span]) -> Direction:
    """The way that a study's text takes an outcome.

    Args:
        text: As stored.
        outcome: Where it stands.
        others: The other marks of its claim, beyond which is not looked.
    """
    others = list(others)
    start = max([outcome.start - _NEAR, 0, *(one.end for one in others if one.end <= outcome.start)])
    end = min([outcome.end + _NEAR, *(one.start for one in others if one.start >= outcome.end)])
    return direction(_ENDS.split(text[start : outcome.start])[-1], _ENDS.split(text[outcome.end : end])[0])


def direction(before: str, after: str) -> Direction:
    """The way that the words round an outcome's span take it.

    Args:
        before: What stands before it in its sentence, up to the next mark.
        after: What stands after it, up to the next mark or the sentence's end.
    """
    run = _RUN.search(before)
    signs = list(_SIGNS.finditer(run[0])) if run else []
    if not signs and (said := _AFTER.match(after)):
        signs = list(_SIGNS.finditer(said[0]))
    kinds = [sign.lastgroup for sign in signs]
    denied, against = kinds.count("denied") % 2, kinds.count("against") % 2
    if "either" in kinds and not denied:
        way = Way.AFFECTED
    elif denied != against:
        way = Way.FAILS if denied else Way.HELD_BACK
    else:
        way = Way.COMES
    return Direction(way, "hedge" in kinds, _VERB_NEXT.search(before) is not None)
