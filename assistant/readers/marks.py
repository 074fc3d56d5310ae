"""Raised marks of a printed page, such as citation numbers and exponents, as running text that stays readable.

A superscript has no place in plain text, and dropping the markup glues digits to words ("adulthood3") or to the
next sentence. So a citation or footnote mark goes into square brackets, the form that most articles print
and that the sentence splitter takes for part of the sentence before it: ``adulthood [3]``, and without a space
after a stop, ``adulthood.[3]``. An exponent keeps its meaning as a superscript digit: ``m²``.
"""

from __future__ import annotations

import re

_EXPONENT = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NUMBER = re.compile(r"[+−–-]?\d+")
_NUMBERS = re.compile(r"\d+[a-z]?(?:\s*[,;–‐-]\s*\d+[a-z]?)*[,;]?")
_ORDINAL = re.compile(r"st|nd|rd|th")
_SIGN = re.compile(r"[®™©*†‡§#+′'°]+|TM|SM")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]{4,}$")


def bracketed(before: str, mark: str) -> str:
    """``mark`` in square brackets, with a space where it would otherwise touch a word or a number.

    Args:
        before: The text that the mark follows; only its end matters.
        mark: The mark's own words, such as ``1,2`` or ``a``.
    """
    space = " " if before and (before[-1].isalnum() or before[-1] in "%)]") else ""
    return f"{space}[{mark}]"


def superscript(before: str, raised: str) -> str:
    """What stands in running text for ``raised``, set as a superscript after ``before``.

    Several numbers, and one number after a whole word, a stop or a space, are citations; after a number, a
    unit or a symbol one number is an exponent.
    """
    mark = " ".join(raised.split())
    if _SIGN.fullmatch(mark) or not any(char.isalnum() for char in mark):
        return mark
    if _ORDINAL.fullmatch(mark) and before[-1:].isdigit():
        return mark
    if _NUMBER.fullmatch(mark) and not _cites(before):
        return mark.translate(_EXPONENT)
    if _NUMBERS.fullmatch(mark) or len(mark) == 1:
        return bracketed(before, mark.rstrip(",;"))
    return mark if before[-1:].isspace() or not before else f" {mark}"


def _cites(before: str) -> bool:
    """Whether a single raised number after ``before`` is a citation rather than an exponent."""
    end = before[-1:]
    return not end or end.isspace() or end in '.,;:!?”’"' or bool(_LETTERS_BEFORE.search(before[-8:]))
