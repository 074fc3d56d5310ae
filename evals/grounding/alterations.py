"""Quotes that stand in no source, made from sentences that do, and respellings that change no word.

Pure and deterministic; written without the tool's own code for finding quotes, which it is to test.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURE = re.compile(r"\d")
_INSERTED = ("not", "never", "often", "largely", "hardly")
Altering = Callable[[str, int], str]
"""A sentence and a number to choose by, to the altered sentence; the same sentence where it can't be altered."""


def _inner(sentence: str) -> list[re.Match[str]]:
    """Words that are neither the first nor the last, so that what is left without them is no shorter quote."""
    return list(_WORD.finditer(sentence))[1:-1]


def inserted(sentence: str, choice: int) -> str:
    """A word more."""
    words = _inner(sentence)
    if not words:
        return sentence
    at = words[choice % len(words)].start()
    return f"{sentence[:at]}{_INSERTED[choice % len(_INSERTED)]} {sentence[at:]}"


def dropped(sentence: str, choice: int) -> str:
    """A word less."""
    words = _inner(sentence)
    if not words:
        return sentence
    word = words[choice % len(words)]
    return sentence[: word.start()] + sentence[word.end() :].lstrip(" ")


def swapped(sentence: str, choice: int) -> str:
    """Two neighbouring words in the other order."""
    words = _inner(sentence)
    pairs = [(one, two) for one, two in pairwise(words) if one[0].lower() != two[0].lower()]
    if not pairs:
        return sentence
    one, two = pairs[choice % len(pairs)]
    between = sentence[one.end() : two.start()]
    return f"{sentence[: one.start()]}{two[0]}{between}{one[0]}{sentence[two.end() :]}"


def negated(sentence: str, choice: int) -> str:
    """``un`` before a word."""
    words = _inner(sentence)
    if not words:
        return sentence
    at = words[choice % len(words)].start()
    return f"{sentence[:at]}un{sentence[at:]}"


def other_figure(sentence: str, choice: int) -> str:
    """Another digit."""
    digits = list(_FIGURE.finditer(sentence))
    if not digits:
        return sentence
    digit = digits[choice % len(digits)]
    return f"{sentence[: digit.start()]}{(int(digit[0]) + 1) % 10}{sentence[digit.end() :]}"


def other_case(sentence: str, choice: int) -> str:
    """A letter inside it in the other case."""
    words = _inner(sentence)
    if not words:
        return sentence
    at = words[choice % len(words)].start()
    return f"{sentence[:at]}{sentence[at].swapcase()}{sentence[at + 1 :]}"


def shortened(sentence: str, choice: int) -> str:
    """Dots in place of its middle."""
    words = _inner(sentence)
    if len(words) < 4:
        return sentence
    return f"{sentence[: words[0].end()]} … {sentence[words[-1].start() :]}"


ALTERATIONS: Mapping[str, Altering] = {
    "a word more": inserted,
    "a word less": dropped,
    "words swapped": swapped,
    "negated": negated,
    "another figure": other_figure,
    "another case": other_case,
    "shortened": shortened,
}
"""What makes a quote another quote."""
FROM_ELSEWHERE = "another study's"
"""The kind of a sentence that is looked for in a study that does not hold it."""
RESPELLINGS: Mapping[str, Callable[[str], str]] = {
    "quotation marks": lambda text: text.replace("'", "’").replace('"', "“"),
    "dashes": lambda text: text.replace("-", "‐").replace("–", "-"),
    "white space": lambda text: text.replace(" ", "\n  ", 2).replace(" ", "\u00a0", 1),
    "ligatures": lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "zero width": lambda text: text.replace(" ", " \u200b", 3),
}
"""Spellings that carry no words: the quote is the same."""


def altered(sentences: Sequence[str], text: str, name: str) -> Iterator[str]:
    """Those of ``sentences`` that an alteration changes into something that does not stand in ``text``."""
    even = _even(text)
    for sentence in sentences:
        found = ALTERATIONS[name](sentence, zlib.crc32(sentence.encode()))
        if found != sentence and _even(found) not in even:
            yield found


def _even(text: str) -> str:
    return " ".join(text.split())
