"""Counting sentences that a page's layout broke, by one rule for raw and for stored text.

A sentence is broken when it starts in lower case (after a quotation mark, dots or bracket it may, as speech
does); when it ends without a stop; when it holds a word that a line's end split, or two words that were wrongly
made one; when it holds the words of a caption, running head, image place or table row. The raw text is taken as
a plain reader would: blocks between blank lines, lines joined by a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.domain.study import EVIDENCE_SECTIONS, PROSE_KINDS, BlockKind, Study
from assistant.text.sentences import sentence_spans

_BLANK = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"^\s*(?:[•◦▪●–—*\ufffd-]|\(?\d{1,2}[.)]|[A-Z]\w+(?: \w+){0,2}:)\s?")
_LABEL = r"\([^()]*[A-Za-z][^()]*\)"
_STOP = re.compile(
    rf"(?:[.?!:;…]|(?<=[.?!…])\s?{_LABEL}|{_LABEL}[.,]?)[\"'”’»)\]]*(?:\^\{{[^}}]*\}}|[¹²³⁰⁴-⁹,–˒\d])*(?:\s?\[[\d,\s–-]+\])?\.?$"
)
_SPLIT = re.compile(r"\b([^\W\d_]{2,})- ([a-zà-ÿ]{2,})\b(?! ?-)")
_HANGING = frozenset("and or to nor versus vs".split())
_COMPOUND = re.compile(r"\b([a-zà-ÿ]{1,12})-([a-zà-ÿ]{2,12})\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LEAVINGS = re.compile(r"\[image:|\bpage \d+ of \d+|\binsert (?:table|figure) ", re.IGNORECASE)
_CAPTION_IN_TEXT = re.compile(r"(?<=[a-z,] )(?:Fig\.|Figure|Table) \d{1,2} [A-Z][a-z]+")
_ROW = re.compile(r"(?:(?<!\S)[\d–-]+(?:\.\d+)?%?(?:\s|$)){5,}")
_UNKNOWN = 1.0
"""Zipf frequency under which a word is no English word."""


class Break(StrEnum):
    """Why a sentence counts as broken."""

    START = "starts in lower case"
    END = "ends without a stop"
    SPLIT = "holds a split word"
    FUSED = "holds two words made one"
    FLOAT = "holds a float's or running head's words"


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence and what is wrong with it."""

    text: str
    """As it stands, white space evened."""
    breaks: tuple[Break, ...]
    """Empty when it is whole."""


def raw_sentences(raw: str) -> list[JudgedSentence]:
    """The sentences of a raw text, block by block between blank lines, judged; blocks under four words left out."""
    known = vocabulary(raw)
    return [
        judged
        for block in _BLANK.split(raw.replace("\r\n", "\n"))
        if len(block.split()) >= 4
        for judged in _judge_block(" ".join(block.split()), bool(_ITEM.match(block)), known, ())
    ]


def stored_sentences(study: Study, raw: str) -> list[JudgedSentence]:
    """The prose sentences of the evidence sections of a study, judged."""
    known = vocabulary(raw)
    asides = _asides(study)
    return [
        judged
        for block in study.blocks
        if block.kind in PROSE_KINDS and study.section_of(block).type in EVIDENCE_SECTIONS
        for judged in _judge_block(block.span.of(study.text), block.kind is BlockKind.LIST_ITEM, known, asides)
    ]


def _asides(study: Study) -> tuple[str, ...]:
    """Texts of captions and running heads, long enough to be no chance."""
    kinds = {BlockKind.CAPTION, BlockKind.RUNNING_HEAD}
    texts = (block.span.of(study.text) for block in study.blocks if block.kind in kinds)
    return tuple(text for text in texts if len(text.split()) >= 4)


def _judge_block(text: str, item: bool, known: frozenset[str], asides: Sequence[str]) -> Iterator[JudgedSentence]:
    spans = sentence_spans(text)
    for number, span in enumerate(spans):
        sentence = span.of(text)
        last = number == len(spans) - 1
        yield JudgedSentence(sentence, tuple(_breaks(sentence, item and last, item and number == 0, known, asides)))


def _breaks(
    sentence: str, free_end: bool, free_start: bool, known: frozenset[str], asides: Sequence[str]
) -> Iterator[Break]:
    if sentence[0].islower() and not free_start:
        yield Break.START
    if not free_end and not _STOP.search(sentence[-160:]):
        yield Break.END
    if any(_is_split(match[1], match[2]) for match in _SPLIT.finditer(sentence)) or _holds_halves(sentence):
        yield Break.SPLIT
    if any(_is_fused(word.lower(), known) for word in _WORD.findall(sentence)):
        yield Break.FUSED
    if (
        _LEAVINGS.search(sentence)
        or _CAPTION_IN_TEXT.search(sentence)
        or _ROW.search(sentence)
        or any(text in sentence for text in asides)
    ):
        yield Break.FLOAT


def _is_split(left: str, right: str) -> bool:
    return right not in _HANGING and (frequency((left + right).lower()) >= 2.0 or frequency(right) < 2.0)


def _holds_halves(sentence: str) -> bool:
    """Whether a hyphen kept from a line's end stands between halves that are no words: ``perpetu-ated``."""
    return any(
        frequency(left + right) >= 3.0 and min(frequency(left), frequency(right)) < 1.5
        for left, right in _COMPOUND.findall(sentence.lower())
    )


def _is_fused(word: str, known: frozenset[str]) -> bool:
    return word not in known and frequency(word) < _UNKNOWN


def vocabulary(raw: str) -> frozenset[str]:
    """The words that stand unbroken in a raw text, folded to lower case."""
    return frozenset(word.lower() for word in _WORD.findall(raw))


@lru_cache(maxsize=100_000)
def frequency(word: str) -> float:
    """Zipf frequency of a word in English; 0 when unknown."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))
