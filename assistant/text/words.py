"""Words for comparing: folded, stemmed, without the ones that carry no content."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

STOPWORDS = frozenset(
    """a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can cannot can't could couldn't did didn't do does doesn't doing don't down during each etc
    few for from further had hadn't has hasn't have haven't having he her here hers herself him himself his how i if
    in into is isn't it its itself just let's may me might more most must my myself no nor not of off on once only or
    other ought our ours ourselves out over own per same shall she should so some such than that the their theirs
    them themselves then there these they this those through to too under until up upon us very was wasn't we were
    weren't what when where which while who whom whose why will with within without won't would you your yours
    yourself yourselves tell say says said describe explain give list name according""".split()
)
"""Words of the language and of asking that carry no content of their own."""


def fold(word: str) -> str:
    """``word`` in lower case, without diacritics and with a straight apostrophe."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The words of ``text`` in order, folded."""
    if text.isascii():  # most passages: one call for the text instead of one for each word
        return _WORD.findall(text.lower())
    return [word.lower() if word.isascii() else fold(word) for word in _WORD.findall(text)]


@cache
def _stemmer() -> object:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded word (Porter 2)."""
    return str(_stemmer().stemWord(word.removesuffix("'s")))  # type: ignore[attr-defined]


def content_stems(text: str) -> list[str]:
    """Stems of the words of ``text`` that carry content, in order, with repeats."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]
