"""Whether a question is one about what studies report at all, by its words.

Three kinds are not: things said to the tool itself (greetings, orders, attempts to instruct it), advice for the
person who asks, and everyday knowledge. The first two are told by their form and never searched for. The third is
told by its topic, and counts only where the corpus has nothing close, because a study may well report on a topic
of everyday life.
"""

from __future__ import annotations

import re

_TO_THE_TOOL = re.compile(
    r"""
    ^\W*(?:hi|hello|hey|thanks|thank\ you|good\ (?:morning|evening|afternoon)|bye|goodbye|cheers)\b
    |^\W*(?:please\ )?(?:(?:can|could|will|would)\ you\ (?:please\ )?)?
        (?:translate|compose|solve|install|delete|pretend|roleplay|act\ as|lend|remind|tell\ me\ a\ (?:joke|story)
        |recommend\ (?:me\ )?an?\b
        |(?:write|book|order|play|remove|run|execute|calculate|compute|draw|buy|call|email|send|open|schedule|generate
        |code|debug|sing|make|give)\ (?:me|us|an?|some|all|my|this|it)\b)
    |^\W*play\ \w+$
    |\b(?:ignore|disregard|forget)\ (?:\w+\ ){0,3}(?:previous|prior|above|earlier|your|instructions?|rules)\b
    |\b(?:system|hidden|secret)\ prompt\b|\bjailbreak\b|\bprint\ your\b|\breveal\ your\b
    |\b(?:are|do|can|who|what|how)\ (?:are\ )?you\b|\bmade\ you\b|\byour\ (?:name|instructions)\b
    |^\W*select\ .{1,40}\bfrom\b|\b(?:python|java|javascript|sql|bash|html)\ (?:function|code|script|query|program)\b
    """,
    re.I | re.X,
)
_ADVICE = re.compile(
    r"""
    \b(?:should|shall|can|could|may|must|do)\ i\b
    |\bmy\ (?:\w+\ )?(?:back|head|knee|pain|depression|anxiety|doctor|child|baby|wife|husband|girlfriend|boyfriend
        |son|daughter|mother|father|symptoms?|medication|illness|boss|dog|cat|computer|phone|thesis|essay)\b
    |\bi(?:\ am|'m|’m|\ have|'ve|’ve|\ feel|\ need)\b
    """,
    re.I | re.X,
)
_EVERYDAY = re.compile(
    r"""
    \bweather\b|\bforecast\b|\bwhat\ (?:time|day)\ is\b|\btoday\b|\btomorrow\b|\bcapital\ of\b
    |\b(?:stock|share)\ prices?\b|\bexchange\ rate\b|\bprime\ minister\b|\bpresident\ of\b|\bworld\ cup\b
    |\bolympic|\bfootball\ score|\brestaurant|\brecipe\b|\bboil\b|\bhoroscope\b|\blottery\b|\bgod\b
    |\bmeaning\ of\ life\b|\bcelebrit|\b(?:film|movie|song)s?\b|\bequation\b|\bsquare\ root\b
    |\d\s*[-+*/x×^]\s*\d|\btimes\ \d|\bplus\ \d|\bx\s*(?:\^|\*\*)\s*\d
    """,
    re.I | re.X,
)
_QUOTED = re.compile(r"[“\"][^”\"]{1,300}[”\"]|(?<!\w)[‘'][^’']{8,300}[’'](?!\w)")


def said_to_the_tool(text: str) -> bool:
    """Whether the words are an order, a greeting, or a question about the tool or the person who asks.

    What stands in quotation marks is somebody else's and is not looked at.
    """
    bare = _QUOTED.sub(" ", text)
    return bool(_TO_THE_TOOL.search(bare) or _ADVICE.search(bare))


def everyday(text: str) -> bool:
    """Whether the words ask for common knowledge, the news or a sum."""
    return bool(_EVERYDAY.search(text))
