"""Participants' words inside a paragraph, and who speaks: ``“…” (Leader, Site A)``.

Block quotations carry their speaker as `Block.speaker`; the words here stand inside a sentence of the authors. Only
what is printed counts: words between quotation marks with a label behind them, or brought in by a verb of saying.
Terms in quotation marks, titles, and quotations from other publications, whose label is a year, a page
or a number, are not taken. A run that no mark closes is not taken either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.spans import Span
from assistant.text.speakers import is_label

_PAIRS = {"“": "”", "‘": "’", '"': '"', "«": "»", "„": "“"}
_OPENING = re.compile('[“‘"«„]')
_LABEL = re.compile(r"[.,;!?…]?\s{0,2}[(\[]\s*([^()\[\]]{1,100}?)\s*[)\]]")
_DASHED = re.compile(r"\s?[–—]\s?([A-Z][^.!?–—()\[\]]{1,60}?)(?=[.;]|\s*$)")
_CITED = re.compile(
    r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bet al\b|^[\d\s,;–-]+$|(?-i:^pp?\.?\s?\d)|[=%<>≥≤±:]|\d\s?/\s?\d|"
    r"\b(?:fig(?:ure)?s?|tables?|box|appendix|section|see|ref|chapter|supplementary|i\.?e|e\.?g|emphasis|italics|"
    r"original|mean|median|sd|items?|arrows?|line|step|question|scale)\b",
    re.IGNORECASE,
)
"""What a bracket holds that refers to something printed or counted, and to no speaker."""
_ROLE = re.compile(
    r"\b(?:participants?|patients?|interviewees?|respondents?|informants?|nurses?|midwi(?:fe|ves)|doctors?|gps?|leads?|"
    r"leaders?|managers?|staff|carers?|mothers?|fathers?|parents?|clinicians?|academics?|researchers?|teachers?|"
    r"workers?|members?|teams?|groups?|users?|volunteers?|practitioners?|professionals?|directors?|coordinators?|"
    r"facilitators?|consultants?|site|male|female|interview|focus group)\b",
    re.IGNORECASE,
)
_CODED = re.compile(r"(?:^|[\s,;(])(?:[A-Z]{1,5}[ _-]?\d{1,4}[A-Za-z]?|(?:ID|No\.?|#)\s?\d{1,4})(?=$|[\s,;)])")
"""A participant's number, such as ``P12`` or ``FG 2``."""
_SAYING = re.compile(
    r"\b(?:said|says|told|explain(?:ed|s)|describ(?:ed|es)|comment(?:ed|s)|recall(?:ed|s)|recount(?:ed|s)|"
    r"reflect(?:ed|s)|remark(?:ed|s)|add(?:ed|s)|put it|replied|in the words)\b[^.!?“”\"]{0,60}[:,]\s?$",
    re.IGNORECASE,
)
_SAYING_WITHIN = 120
"""Code points before the opening mark in which a verb of saying is looked for."""
_SENTENCE = 5
"""Words from which a run is somebody's words and not a term."""
_FEWEST = 2
"""Words from which a labelled run is more than a term."""
_LONGEST = 2_000
"""Code points of the longest run; a mark that closes later belongs to another."""


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """A participant's words inside a paragraph."""

    span: Span
    """The words, without their quotation marks."""
    speaker: str | None
    """The label, as printed, without brackets; None where the words are only brought in by a verb of saying."""


def spoken_words(text: str, offset: int = 0) -> tuple[SpokenWords, ...]:
    """Participants' words in a paragraph, in order, none inside another.

    Args:
        text: The paragraph.
        offset: Where it starts in the study's stored text; the spans refer to that.
    """
    return tuple(
        SpokenWords(Span(offset + run.start, offset + run.end), speaker)
        for run in _quoted(text)
        for speaker, counts in [_speaker(text, run)]
        if counts
    )


def speaker_at(text: str, position: int) -> str | None:
    """The speaker whose words cover ``position`` of the paragraph ``text``; None where nobody named speaks there."""
    return next(
        (spoken.speaker for spoken in spoken_words(text) if spoken.span.start <= position < spoken.span.end), None
    )


def _quoted(text: str) -> Iterator[Span]:
    """Runs between quotation marks that fit each other, the outermost only."""
    at = 0
    while match := _OPENING.search(text, at):
        start = match.end()
        end = _closing(text, match[0], start) if _opens(text, match.start()) else -1
        if end > start:
            yield Span(start, end)
            at = end + 1
        else:
            at = start


def _opens(text: str, at: int) -> bool:
    """Whether the mark at ``at`` can open a quotation; an apostrophe, or the inches of a measure, do not."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in '([—–-:/“‘"') and bool(after) and not after.isspace()


def _closing(text: str, opening: str, start: int) -> int:
    """Where the run that opened before ``start`` is closed; -1 if nowhere near."""
    closing, depth = _PAIRS[opening], 1
    for at in range(start, min(len(text), start + _LONGEST)):
        if text[at] == closing and not (closing == "’" and text[at + 1 : at + 2].isalpha()):
            depth -= 1
        elif text[at] == opening and _opens(text, at):
            depth += 1
        if depth == 0:
            return at
    return -1


def _speaker(text: str, run: Span) -> tuple[str | None, bool]:
    """The label behind a quoted run, and whether the run is a participant's words at all."""
    words = len(run.of(text).split())
    behind = text[run.end + 1 : run.end + 130]
    match = _LABEL.match(behind) or _DASHED.match(behind)
    label = " ".join(match[1].split()).strip(" ,;") if match else ""
    if (label and _CITED.search(label)) or _is_title(run.of(text)):
        return None, False
    if label and is_label(label) and _names(label, words):
        return label, True
    before = text[max(0, run.start - 1 - _SAYING_WITHIN) : run.start - 1]
    return None, words >= _SENTENCE and bool(_SAYING.search(before))


def _is_title(words: str) -> bool:
    """Whether most long words have capitals, as in the name of a programme or a book."""
    long = [word for word in words.split() if len(word) > 3]
    return len(long) > 1 and sum(word[0].isupper() for word in long) * 2 > len(long)


def _names(label: str, words: int) -> bool:
    """Whether a label names a speaker: by a role or a participant's number, or a name behind a whole sentence."""
    telling = bool(_ROLE.search(label) or _CODED.search(label))
    worded = any(char.islower() for char in label) and label[0].isupper()
    return (telling and words >= _FEWEST) or (worded and words >= _SENTENCE)
