"""Finding a quote in a stored text: exactly, or but for spelling that carries no words.

Evened out are white space, quotation marks, dashes and hyphens, soft and line-end hyphens, ligatures and
width variants. Letters, digits and other punctuation must agree one by one, case included: a quote with
another word, a word more or a word less is not found. Nothing here is fuzzy.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.domain.study import EVIDENCE_SECTIONS, Study

_QUOTATION = dict.fromkeys(map(ord, "‘’‚‛′`´ʼ“”„‟″«»‹›\"'"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－-"), "-")
_IGNORED = {ord(char): None for char in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_EVEN = {**_QUOTATION, **_DASHES, **_IGNORED, ord("…"): "..."}
_LINE_END_HYPHEN = re.compile(r"(?<=\w)[-‐\u00ad]\s*\n\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class _Evened:
    """A text evened out, with the way back."""

    text: str
    origins: tuple[int, ...]
    """For each code point, the offset in the original that it came from."""


def locate(quote: str, text: str, *, near: int | None = None, within: Span | None = None) -> Quote:
    """Where ``quote`` stands in ``text``, and how.

    Args:
        quote: The words looked for.
        text: A study's stored text.
        near: Of several places, take the one that starts closest to this offset; the first if None.
        within: Look only inside this span.

    Returns:
        A quote with the *source's* words, ``exact`` or ``normalised``; or the words looked for, ``not_found``.
        A quote without a letter or digit is not found.
    """
    if not any(char.isalnum() for char in quote):
        return Quote(quote, None, QuoteStatus.NOT_FOUND)
    window = within or Span(0, max(len(text), 1))
    bare = quote.strip()
    if (start := _closest(bare, text, near, window)) is not None:
        return Quote.at(text, Span(start, start + len(bare)))
    return _locate_evened(bare, text, near, window)


def locate_evidence(quote: str, study: Study, near: int | None = None) -> Quote:
    """As `locate` in the text of ``study``, but where it may be cited: never in references or back matter."""
    found = locate(quote, study.text, near=near)
    if found.span is None or _may_be_cited(study, found.span):
        return found
    sections = [section.span for section in study.sections if section.type in EVIDENCE_SECTIONS]
    elsewhere = [locate(quote, study.text, near=near, within=span) for span in sections]
    return next((one for one in elsewhere if one.found), Quote(quote, None, QuoteStatus.NOT_FOUND))


def _may_be_cited(study: Study, span: Span) -> bool:
    """Whether both ends of ``span`` lie in sections that may be evidence."""
    ends = [study.block_at(span.start), study.block_at(span.end - 1)]
    return all(block is None or study.section_of(block).type in EVIDENCE_SECTIONS for block in ends)


def _locate_evened(quote: str, text: str, near: int | None, window: Span) -> Quote:
    source = _even(text)
    for wanted in dict.fromkeys((_even_quote(quote), _even_quote(_LINE_END_HYPHEN.sub("", quote)))):
        if not any(char.isalnum() for char in wanted):
            continue
        found = [
            Span(source.origins[start], source.origins[start + len(wanted) - 1] + 1)
            for start in _places(wanted, source.text)
        ]
        found = [span for span in found if window.covers(span)]
        if found:
            span = min(found, key=lambda span: abs(span.start - near) if near is not None else span.start)
            return Quote(span.of(text), span, QuoteStatus.NORMALISED)
    return Quote(quote, None, QuoteStatus.NOT_FOUND)


def _closest(wanted: str, text: str, near: int | None, window: Span) -> int | None:
    if near is not None and window.start <= near and near + len(wanted) <= window.end and text.startswith(wanted, near):
        return near
    found = [start for start in _places(wanted, text) if window.start <= start and start + len(wanted) <= window.end]
    if not found:
        return None
    return min(found, key=lambda start: abs(start - near)) if near is not None else found[0]


def _places(wanted: str, text: str) -> list[int]:
    """Offsets at which ``wanted`` stands in ``text`` as whole words, in order."""
    places: list[int] = []
    start = text.find(wanted)
    while start >= 0:
        if _whole_words(text, start, start + len(wanted)):
            places.append(start)
        start = text.find(wanted, start + 1)
    return places


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether a run neither starts nor ends inside a word: ``effective`` is no quote of ``ineffective``."""
    cuts_front = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    cuts_back = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not (cuts_front or cuts_back)


def _even_quote(quote: str) -> str:
    return _even(quote).text.strip()


@lru_cache(maxsize=16)
def _even(text: str) -> _Evened:
    """``text`` with spelling that carries no words evened out, one space for any white space."""
    out: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        if char.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                origins.append(offset)
            continue
        even = unicodedata.normalize("NFKC", char) if ord(char) > 127 else char
        for piece in even.translate(_EVEN):
            if piece.isspace() and out and out[-1] == " ":
                continue
            out.append(piece)
            origins.append(offset)
    return _Evened("".join(out), tuple(origins))
