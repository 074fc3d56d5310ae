"""Who makes a claim, and which way it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.study import BlockKind, SectionType
from assistant.tagging.chains import Chain
from assistant.tagging.cues import CueForm, sign
from assistant.tagging.roles import RoleRun
from assistant.tagging.tags import SentenceInPlace

_CITATION = re.compile(r"\^\{[\d,;–\s-]{1,40}\}|\[\s?\d[^\[\]]{0,40}\]|\([^()]{0,120}\b(?:19|20)\d\d[a-z]?\)|[¹²³⁴-⁹]")
_QUOTED = re.compile(r"[“\"]([^“”\"]{15,})[”\"]|(?:^|\s)[‘']([^‘]{25,}?)[’'](?=[\s.,;:)]|$)")
_SPEAKER_AT_END = re.compile(
    r"[”\"’'.]\s*[\[(][^()\[\]]{0,80}\b(?:P|ID|participant|interview\w*|nurse|patient|GP|manager|male|female|"
    r"focus group|FG)\b[^()\[\]]{0,60}[\])]\.?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?|their|its|this|perceived)\s", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|I'm|I've|I'd|I’m|I’ve|I’d)\b")
_FOUND = frozenset({SectionType.RESULTS, SectionType.CONCLUSION, SectionType.ABSTRACT})
"""Sections that tell what was found."""
_FORETELLS = frozenset({SectionType.BACKGROUND, SectionType.BODY, SectionType.DISCUSSION})
"""Sections in which "would" and "will" speak of what is expected."""
_THEORY_HEADING = re.compile(
    r"\b(?:theor(?:y|ies)|hypothes[ie]s|logic model|conceptual model|propositions?)\b", re.IGNORECASE
)


def quotations(sentences: Sequence[SentenceInPlace]) -> Iterator[bool]:
    """For each sentence of a study, whether most of it is a participant's words."""
    block, depth = -1, 0
    for sentence in sentences:
        if sentence.block != block:
            block, depth = sentence.block, 0
        yield depth > 0 or _is_quotation(sentence)
        depth = max(0, depth + sentence.text.count("“") - sentence.text.count("”"))


def level_of(sentence: SentenceInPlace, *, quoted: bool) -> Level:
    """Who makes a sentence's claim.

    Args:
        sentence: The sentence in its place.
        quoted: Whether most of it is a participant's words; from `quotations`.
    """
    if quoted:
        return Level.QUOTE
    own = bool(sign("own").search(sentence.text))
    if _is_theory(sentence, own):
        return Level.HYPOTHESIS
    return Level.BACKGROUND if not own and _is_others(sentence) else Level.FINDING


def _is_theory(sentence: SentenceInPlace, own: bool) -> bool:
    """Whether a sentence says what ought to happen rather than what was found."""
    if sign("hypothesis").search(sentence.text):
        return not (own and sentence.section_type in _FOUND)
    if sentence.section_type is SectionType.BACKGROUND and _THEORY_HEADING.search(" ".join(sentence.path)):
        return True
    return sentence.section_type in _FORETELLS and bool(sign("conditional").search(sentence.text))


def _is_others(sentence: SentenceInPlace) -> bool:
    """Whether a sentence tells what the literature says."""
    cites = bool(_CITATION.search(sentence.text))
    if sentence.section_type is SectionType.BACKGROUND:
        return True
    if sign("background").search(sentence.text) and (cites or sentence.section_type not in _FOUND):
        return True
    return cites and sentence.section_type is SectionType.BODY


def _is_quotation(sentence: SentenceInPlace) -> bool:
    """Whether a sentence by itself shows that most of it is a participant's words."""
    if sentence.kind is BlockKind.QUOTATION:
        return True
    quoted = sum(len(match[0]) for match in _QUOTED.finditer(sentence.text))
    if quoted > 0.6 * len(sentence.text) or _SPEAKER_AT_END.search(sentence.text):
        return True
    return sentence.section_type is SectionType.RESULTS and bool(_FIRST_PERSON.search(sentence.text))


def polarity_of(text: str, chain: Chain, runs: tuple[RoleRun, ...]) -> Polarity:
    """Which way a claim goes: the cues' signs, turned by negations, bad outcomes and missing conditions."""
    hits = [hit for hit in chain.hits if hit.cue.form in {CueForm.FORWARD, CueForm.BACKWARD}]
    outcome = " ".join(run.of(text) for role, run in runs if role is Role.OUTCOME)
    causes = [run.of(text) for role, run in runs if role is not Role.OUTCOME]
    unwanted = _is_unwanted(outcome)
    if sign("mixed").search(text) or (any(hit.cue.sign == 0 for hit in hits) and not unwanted):
        return Polarity.MIXED
    gained = any(hit.cue.enabling for hit in hits) or bool(sign("good").search(outcome))
    negated = any(hit.negated for hit in hits) or bool(sign("negation").search(outcome))
    if any(hit.cue.sign < 0 for hit in hits):
        return Polarity.ENABLING if negated or _is_relieved(outcome) else Polarity.CONSTRAINING
    if negated or any(sign("lacking").match(_ARTICLE.sub("", cause)) for cause in causes):
        return Polarity.CONSTRAINING
    troubled = unwanted or any(_is_unwanted(cause) for cause in causes)
    return Polarity.CONSTRAINING if troubled and not gained else Polarity.ENABLING


def _is_unwanted(outcome: str) -> bool:
    """Whether an outcome is something bad that nothing takes away."""
    return any(not _relief_before(outcome, match.start()) for match in sign("bad").finditer(outcome))


def _is_relieved(outcome: str) -> bool:
    """Whether an outcome takes something bad away."""
    return any(_relief_before(outcome, match.start()) for match in sign("bad").finditer(outcome))


def _relief_before(outcome: str, offset: int) -> bool:
    return sign("relieved").search(outcome[max(0, offset - 45) : offset]) is not None
