"""Who speaks in a quotation: the label that studies print behind, or in an interview before, the words."""

from __future__ import annotations

import re

_LONGEST = 12
"""Words of the longest label."""

_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]]{1,100}?)\s*[)\]]\s*[.,;]?\s*[\"”’']?\s*$")
_DASHED = re.compile(r"(?:[.!?…][\"”’')\]]*|[\"”’])\s*[–—-]{1,2}\s*([^.!?–—]{2,80}?)\.?\s*$")
_CODED = re.compile(r"[.!?…\"”’]\s*([A-Z]{1,4}[ -]?\d{1,4}(?:\s*\([^()]{1,60}\))?)\s*\.?\s*$")
_AFTER_WORDS = re.compile(
    r"[.,;!?…]{0,3}\s*(?:[(\[][^()\[\]]*[)\]]\.?|[–—-].{1,80}|[A-Z]{1,4}[ -]?\d{1,4}\b.{0,60})\s*"
)
_OPENING = re.compile(
    r"^((?:interviewer|interviewee|investigator|participant|facilitator|moderator|researcher|respondent)"
    r"(?: ?\w{1,3})?|[A-Z]{1,3}\d{0,3})\s*:\s",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:laugh|chuckl|paus|silen|sigh|cry|sic\b|inaudible|unclear|emphasis|smil|nod|both\b|i\.?e\b|e\.?g\b|see\b)",
    re.IGNORECASE,
)


def speaker_of(quotation: str) -> str | None:
    """The label of ``quotation``, without its brackets or dash; None where it has none.

    Taken are a short bracket or dash at the very end, a participant's number after the last stop, and a name
    with a colon at the very start. An aside such as "(laughs)" is no label.
    """
    if label := closing_label(quotation):
        return label
    opening = _OPENING.match(quotation)
    return _tidy(opening[1]) if opening and opening[1][0].isupper() else None


def closing_label(quotation: str) -> str | None:
    """The label that stands behind the words; None where there is none."""
    if match := _CODED.search(quotation):
        return _tidy(match[1])
    for pattern in (_BRACKETED, _DASHED):
        match = pattern.search(quotation)
        if match and match.start() > 0 and is_label(match[1]):
            return _tidy(match[1])
    return None


def is_quotation(paragraph: str) -> bool:
    """Whether ``paragraph`` is one speaker's words from beginning to end, between quotation marks, and labelled."""
    for opening, closing in ("“”", "‘’", '""', "«»"):
        words, found, rest = paragraph[1:].rpartition(closing)
        if paragraph.startswith(opening) and found and opening not in words:
            return bool(_AFTER_WORDS.fullmatch(rest)) and closing_label(paragraph) is not None
    return False


def is_label(text: str) -> bool:
    """Whether ``text`` is short enough, and worded, to name a speaker."""
    words = text.split()
    named = any(char.isalnum() for char in text)
    return (
        named and len(words) <= _LONGEST and not _ASIDE.match(text.strip()) and not text.rstrip().endswith(("?", "!"))
    )


def _tidy(label: str) -> str:
    return " ".join(label.split()).strip(" ,;")
