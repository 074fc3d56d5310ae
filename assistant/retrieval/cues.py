"""What a stretch of text holds that could be an answer: a quantity, a time, a person, a place, a reason, speech.

Surface cues of English academic prose; each is a count of places, so that callers weigh them as they need.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Cue(StrEnum):
    """A kind of thing that a question may ask for."""

    QUANTITY = "quantity"
    """How many, how much, how often, how long, what share."""
    TIME = "time"
    """When."""
    PERSON = "person"
    """Who."""
    PLACE = "place"
    """Where."""
    REASON = "reason"
    """Why; what helped or hindered; with what effect."""
    SPEECH = "speech"
    """What somebody said."""
    PROCEDURE = "procedure"
    """How a study was done."""


_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half third "
    "quarter majority minority dozen once twice"
)
_MONTHS = "january february march april may june july august september october november december"
_ROLES = (
    "leader manager nurse doctor gp physician clinician academic researcher scientist facilitator fellow patient "
    "participant carer caregiver midwife therapist physiotherapist educator teacher employee worker pilot woman man "
    "mother father husband wife daughter son counsellor counselor commissioner stakeholder author interviewer member "
    "spokesperson director chair volunteer student respondent interviewee practitioner professional staff team"
)


def _any_of(words: str, suffix: str = "") -> str:
    return "(?:" + "|".join(words.split()) + ")" + suffix


_PATTERNS: dict[Cue, re.Pattern[str]] = {
    Cue.QUANTITY: re.compile(rf"(?<![\w.])\d[\d,.]*\s?%?|\b{_any_of(_NUMBER_WORDS)}\b", re.I),
    Cue.TIME: re.compile(
        rf"\b(?:19|20)\d\d\b|\b{_any_of(_MONTHS)}\b|\b(?:week|month|year|day|hour|minute|period|phase|baseline)s?\b",
        re.I,
    ),
    Cue.PERSON: re.compile(rf"\b{_any_of(_ROLES, 's?')}\b", re.I),
    Cue.PLACE: re.compile(
        r"\b(?:in|at|from|across|near|of) (?:the )?(?:[A-Z][a-z]+|NHS)|"
        r"\b(?:hospital|clinic|school|universit|site|setting|region|rural|urban|countr|cit|town|province|district)\w*"
    ),
    Cue.REASON: re.compile(
        r"\b(?:because|since|due to|owing|therefore|thus|hence|so that|as a result|result(?:ed|s|ing)? in|reason|"
        r"le(?:d|ads?) to|caus(?:e|ed|es|ing)|explain\w*|attribut\w*|enabl\w*|allow\w*|help(?:ed|s|ful)?|prevent\w*|"
        r"barrier\w*|facilitat\w*|hinder\w*|imped\w*|difficult\w*|lack(?:ed|ing)?|unable|fear\w*|concern\w*|felt|feel|prompt\w*|encourag\w*|"
        r"in order to|led|mean[ts]? that|which (?:made|left|let)|could not|did not)\b",
        re.I,
    ),
    Cue.SPEECH: re.compile(
        r"[“”\"]|(?<!\w)[‘'](?=\w)|"
        r"\b(?:I|my|we|said|says|told|remark\w*|describ\w*|recall\w*|admitted|complain\w*|asked)\b"
    ),
    Cue.PROCEDURE: re.compile(
        r"\b(?:interview\w*|sampl\w*|recruit\w*|analys\w*|cod(?:ed|ing)|questionnaire\w*|survey\w*|transcri\w*|random\w*|"
        r"measur\w*|collect\w*|thematic\w*|statistic\w*|observ\w*|ethic\w*|design|data|document\w*|approv\w*|software|test)\b",
        re.I,
    ),
}


def count(cue: Cue, text: str) -> int:
    """At how many places ``text`` shows the cue; 0 or more."""
    return sum(1 for _ in _PATTERNS[cue].finditer(text))
