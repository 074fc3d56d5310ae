"""Whether words that stop at the end of a line or block have come to the end of their sentence."""

from __future__ import annotations

import re

_TAIL = 80
"""Characters at the end of a text that are looked at."""

_CLOSED = re.compile(
    r"[.!?…:][\"'”’»)\]*]*(?:\^\{[^{}]{1,40}\}|[¹²³⁰⁴-⁹⁻˒,–]*[¹²³⁰⁴-⁹]|\d{1,3}(?<=[.]\d)|\s?\[\d[\d,\s–-]{0,30}\])?$"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|viz|et al|al|etc|Dr|Prof|Mr|Mrs|Ms|St|Fig|Figs|No|pp?|approx)|\b[A-Z])\.$"
)
_LABELLED = re.compile(r"[.!?…”’\"'\w]\s?\((?P<label>[^()]{2,80})\)[.,]?$")
_LINKING = frozenset(
    "a an the of and or nor but in on at by for from with without to into onto over under between among within "
    "through during about against as than that which who whom whose where when while whether if because so is are "
    "was were be been being has have had do does did can could will would shall should may might must not no their "
    "its our his her my your this these those such each every both either neither more most less very also e.g i.e "
    "how why what including upon towards toward via per across after before since until although though".split()
)
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)\W*$")
_HANGING = (",", ";", "-", "‐", "\u00ad", "–", "—", "(", "[", "/", "&", "+", "=", "‘", "“")


def is_finished(text: str) -> bool:
    """Whether ``text`` ends as a sentence does: a stop, question mark, colon or dots, then closers and marks."""
    return bool(_CLOSED.search(text[-_TAIL:]))


def is_unfinished(text: str) -> bool:
    """Whether ``text`` ends before its sentence, or on an abbreviation's stop."""
    return not is_finished(text) or ends_abbreviated(text)


def ends_abbreviated(text: str) -> bool:
    """Whether the last stop may belong to an abbreviation or an initial."""
    return bool(_ABBREVIATED.search(text[-12:]))


def hangs(text: str) -> bool:
    """Whether ``text`` can't end there whatever follows: on a comma, hyphen, open bracket or a linking word."""
    tail = text[-_TAIL:]
    if tail.endswith(_HANGING) or _open_bracket(tail):
        return True
    last = _LAST_WORD.search(tail)
    return last is not None and is_unfinished(tail) and last[1].lower() in _LINKING


def _open_bracket(tail: str) -> bool:
    return max(tail.rfind("("), tail.rfind("[")) > max(tail.rfind(")"), tail.rfind("]"))


def label_at_end(text: str) -> str | None:
    """The bracketed label that ``text`` ends with, as after a participant's words; None if there is none.

    Citations, figures and numbers in brackets are no labels.
    """
    match = _LABELLED.search(text[-120:])
    return match["label"].strip() if match and is_label(match["label"]) else None


def is_label(words: str) -> bool:
    """Whether ``words`` from between brackets may name a speaker."""
    bare = words.strip()
    if not bare[:1].isalpha() or len(bare.split()) > 10 or bare.endswith("."):
        return False
    return not re.search(r"\b(?:19|20)\d\d\b|\bet al\b|\b(?:Figs?|Tables?|Box|Appendix|see|e\.g|i\.e)\b|[=%<>]", bare)
