"""Sentences of academic prose, as exact spans.

A general splitter stumbles over what studies are full of: citation marks after the full stop, initials,
``et al.``, ``Fig. 2``, quotations that close after the stop. These rules are for that prose.
"""

from __future__ import annotations

import re

from assistant.domain.spans import Span

_NEVER_LAST = frozenset(
    "e.g i.e cf viz vs dr mr mrs ms prof st fig figs eq eqs ref refs tab no nos vol ed eds p pp ch sec para "
    "approx ca dept univ rev hon capt gen sr jr ibid op cit resp incl esp".split()
)
"""Abbreviations, without their last stop, that a sentence does not end on (before a capital)."""

_SELDOM_LAST = frozenset("al etc inc ltd co a.m p.m u.s u.k u.n ph.d m.d b.sc m.sc".split())
"""Abbreviations that end a sentence only where the next word opens one."""

_OPENERS = frozenset(
    "the this these those that there they their it its we our in on at as for from by with while when where "
    "however although though thus therefore hence moreover furthermore finally first second third one two "
    "some many most all both each such another other if since because after before during despite an a no "
    "participants staff patients researchers interviewees respondents overall similarly conversely".split()
)
"""Words that, capitalised, open a sentence far more often than they follow an abbreviation."""

_STOP = re.compile(
    r"""
    (?P<stop>[.!?…]+)
    (?P<close>["'”’»)\]]*)
    (?P<marks>(?:\^\{[^{}]{1,40}\}|[¹²³⁰⁴-⁹⁻˒,–]*[¹²³⁰⁴-⁹])?)
    (?P<late>(?:\s?\[\d[\d,\s–-]{0,30}\](?=\s+["'“‘«(]?[A-Z]|\s*$))?)
    (?=\s|$)
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"([^\W\d_](?:[\w.]*[^\W_])?|\d+)$")
_OPENS = re.compile(r"\s+(?P<quote>[\"'“‘«(\[•–—-]*\s?)(?P<word>\w+)?")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Sentences of ``text[start:end]`` as spans of ``text``, without the white space around them.

    Args:
        text: Running prose; a line feed is white space.
        start: First code point to read.
        end: Offset after the last one; the end of ``text`` if None.

    Returns:
        Spans in order; together they hold every code point that is no white space.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _STOP.finditer(text, start, end):
        if not _ends_sentence(text, begin, match, end):
            continue
        _add(spans, text, begin, match.end())
        begin = match.end()
    _add(spans, text, begin, end)
    return tuple(spans)


def _add(spans: list[Span], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while begin < end and text[end - 1].isspace():
        end -= 1
    if begin < end:
        spans.append(Span(begin, end))


def _ends_sentence(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    following = _OPENS.match(text, match.end(), end)
    if following is None or following.end() == match.end():
        return True
    word = following["word"] or ""
    opens = not word or word[0].isupper() or word[0].isdigit() or bool(following["quote"].strip("-–—( ["))
    if match["stop"] != ".":
        return opens and not (match["stop"] == "…" and word[:1].islower())
    if not opens:
        return False
    before = _WORD_BEFORE.search(text, max(0, match.start() - 30), match.start())
    if before is None or match["close"] or match["marks"]:
        return True
    token = before[1].lower()
    if token in _NEVER_LAST:
        return False
    if token in _SELDOM_LAST or _is_initial(text, before):
        return word.lower() in _OPENERS
    numbers_an_item = token.isdigit() and not text[begin : before.start()].strip()
    return not numbers_an_item


def _is_initial(text: str, before: re.Match[str]) -> bool:
    """Whether the stop follows a single capital, as in ``J. Smith``, other than the pronoun ``I``."""
    return len(before[1]) == 1 and before[1].isupper() and before[1] != "I"
