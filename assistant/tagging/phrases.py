"""Phrases cut to what the codebook marks: whole, without connectives, citation marks or punctuation at the ends.

Runs are half-open offsets into one sentence. No part of speech is known here: only word lists and forms.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from assistant.tagging.cues import lexicon

_CITED = (
    r"(?:\^\{[^{}]{1,60}\}|\[\s?\d[^\[\]]{0,60}\]|\(\d[\d,;–\s-]{0,40}\)|[¹²³⁰⁴-⁹]+"
    r"|\((?:(?:e\.g\.|see|cf\.?|also),? )*[A-Z][^()]{1,120}?\d{4}[a-z]?[^()]{0,80}\)"
    r"|\([A-Z][^()\d]{0,50}\d{1,4}[^()]{0,30}\))"
)
_LOOSE = r"[\s,;:.!?…–—-]+"
_SPEAKER = r"(?:(?<=[”\"’.?!…])|\s)\s*\[[A-Z][\w\s.,:-]{0,40}\]"
"""A label that names who spoke, after the words."""
_TAIL = 160
"""Code points at the end of a run in which what can be trimmed stands."""
_QUOTES = "\"“”‘’'«»"


class _Edges(NamedTuple):
    """What stands at the ends of a run without belonging to it."""

    lead: re.Pattern[str]
    """At the start of a sentence or statement."""
    front: re.Pattern[str]
    """At the start of a run."""
    back: re.Pattern[str]
    """At the end of a run."""
    back_of_cue: re.Pattern[str]
    """At the end of a run that a verbal cue follows."""
    empty: re.Pattern[str]
    """A run that says nothing."""


@cache
def _edges() -> _Edges:
    parts = lexicon().fragments
    people, saying = parts["people"], parts["saying"]
    who = rf"(?:{people}|we|they|he|she|i|some|many|most|others|several|few)"
    adverbs = r"(?:(?:was|were|is|are|has|have|had|been|also|may|might|could|can|be|\w+ly)\s)*"
    held = r"(?:clear|evident|apparent|possible|likely|plausible|noted|noticeable|believed|argued|important to note)"
    lead = (
        r"^(?:[\s,;:•–—\"“‘'(*-]+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[).]\s+|\d{1,3}:\s+"
        r"|(?:main |key |principal )?(?:results?|findings?|conclusions?|background|discussion|interpretation|"
        r"context):\s+"
        rf"|{parts['lead_adverbs']}\s*,\s*|{parts['loose_adverbs']}\s+|according to [^,]{{2,60}},\s*"
        rf"|(?:[\w'’-]+\s){{1,8}}{adverbs}{saying}(?:\s(?:to|by|in)\s[\w\s]{{2,30}}?)?\s(?:that|how)\s+"
        r"|(?!(?:because|where|when|by|due|as|if|without|given|through|despite|owing|since|unless)\b)"
        rf"[^;:.]{{2,90}}?\s{saying}\sthat\s+"
        rf"|(?:\w+\s){{0,4}}{who}\s(?:\w+ly\s|also\s)?(?:felt|thought|believed|said|reported|think|feel|believe|found)"
        r"\s(?=(?:the|this|that|these|their|its|having|being|it|they|he|she|there|his|her|our|my|an?)\s)"
        r"|it (?:is|was) (?:rather |often |precisely |chiefly |mainly )?(?=(?:the|their|its|this|these|having|being)\b)"
        rf"|it\s{adverbs}(?:{held}|{saying})\sthat\s+"
        r"|there (?:was|is|were|are) (?:\w+ ){0,3}(?:evidence|agreement|consensus|a (?:view|feeling|sense|"
        r"perception)) that\s+)"
    )
    joining = rf"[\s,]+{parts['joining']}"
    back = rf"(?:{_LOOSE}|\s*{_CITED}|{_SPEAKER}|{joining})$"
    back_of_cue = (
        rf"(?:{_LOOSE}|\s*{_CITED}|{_SPEAKER}|{joining}|[\s,]+{parts['auxiliary']}"
        r"|[\s,]+(?:and |which |that )(?:it|this|they|these|he|she|we|i|you))$"
    )
    front = rf"^(?:[\s,;:.…–—-]+|{_CITED}|{parts['front']}[\s,]+)"
    empty = rf"[\W\d_]*{parts['joining']}?[\W\d_]*"
    return _Edges(*(re.compile(pattern, re.IGNORECASE) for pattern in (lead, front, back, back_of_cue, empty)))


class Run(NamedTuple):
    """A half-open run of code points of one sentence."""

    start: int
    """Offset of the first."""
    end: int
    """Offset after the last."""

    def of(self, text: str) -> str:
        """The words that it marks."""
        return text[self.start : self.end]


def lead_end(text: str, start: int = 0) -> int:
    """Where a sentence begins to say something: after "However,", "Participants reported that", list marks."""
    while match := _edges().lead.match(text[start:]):
        if match.end() == 0 or start + match.end() >= len(text):
            break
        start += match.end()
    return start


def trim(text: str, start: int, end: int, *, cue_follows: bool = False) -> Run | None:
    """The run without connectives, citation marks and punctuation at its ends; None if no word is left.

    Args:
        text: The sentence.
        start: First code point of the run.
        end: Offset after its last.
        cue_follows: Whether a verbal cue comes next, so that auxiliaries at the end belong to it.
    """
    edges = _edges()
    back = edges.back_of_cue if cue_follows else edges.back
    while start < end:
        window = text[start:end]
        if match := edges.front.match(window):
            start += match.end()
        elif match := back.search(window, max(0, len(window) - _TAIL)):
            end -= len(window) - match.start()
        elif (fitted := _balanced(text, start, end)) != (start, end):
            start, end = fitted
        else:
            return None if edges.empty.fullmatch(window) else Run(start, end)
    return None


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The run without a bracket or quotation mark at an end whose partner lies outside it."""
    window = text[start:end]
    for opening, closing in ("()", "[]", "“”", "«»"):
        if window.count(opening) > window.count(closing):
            if window.startswith(opening):
                return start + 1, end
            return start, start + window.rindex(opening)
        if window.count(closing) > window.count(opening):
            if window.endswith(closing):
                return start, end - 1
            return start + window.index(closing) + 1, end
    if window[:1] in _QUOTES and (len(window) == 1 or window[-1] not in _QUOTES):
        return start + 1, end
    if window.endswith("’") and "‘" not in window and not window.endswith("s’"):
        return start, end - 1
    if window[-1:] in '"“«‘' and window[:1] not in _QUOTES:
        return start, end - 1
    return start, end


def words_in(text: str) -> int:
    """Number of words, by white space."""
    return len(text.split())
