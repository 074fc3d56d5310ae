"""Participants' words: which blocks are quotations, and who speaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.study import BlockKind
from assistant.readers.layout.assembly import Assembled
from assistant.readers.layout.sentence_ends import is_label, label_at_end

_PAIRS = {"“": "”", "‘": "’", '"': '"', "«": "»"}
_CLOSING = re.compile(r"[”’\"»][.,;]?(?:\s?[(\[][^()\[\]]{2,80}[)\]])?[.,;]?$")
_BRACKETED = re.compile(r"\(([^()]{2,80})\)")
_DOTS = ("…", "...", ". . .")
_ROLE = re.compile(
    r"\b(?:participants?|patients?|interviewees?|respondents?|informants?|nurses?|doctors?|gps?|leads?|leaders?|managers?|"
    r"staff|carers?|mothers?|fathers?|parents?|clinicians?|academics?|researchers?|teachers?|workers?|members?|teams?|groups?|"
    r"users?|volunteers?|practitioners?|professionals?|directors?|coordinators?|facilitators?|consultants?|focus|site|male|female|"
    r"aged?|years?|int(?:erview)?|p|id)\b",
    re.IGNORECASE,
)
_FREQUENT = 3
"""Times from which a labelled block is a quotation even where no colon announces it."""
_QUOTED_BEFORE = re.compile(r"[”’\"'][.,]?\s?\([^()]{2,80}\)[.,]?$")


def mark_quotations(blocks: Sequence[Assembled]) -> list[Assembled]:
    """``blocks`` with participants' words, set as blocks of their own, as quotations with their speakers."""
    labels = Counter(label.casefold() for block in blocks if (label := label_at_end(block.text)))
    result: list[Assembled] = []
    for block in blocks:
        before = _last_prose(result)
        result.append(_as_quotation(block, before, labels) if block.kind is BlockKind.PARAGRAPH else block)
    return result


def _last_prose(blocks: Sequence[Assembled]) -> Assembled | None:
    for block in reversed(blocks[-6:]):
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION, BlockKind.HEADING):
            return block
    return None


def _as_quotation(block: Assembled, before: Assembled | None, labels: Counter[str]) -> Assembled:
    label = label_at_end(block.text)
    if label and not _names_speaker(label):
        label = None
    announced = before is not None and before.text.endswith(":")
    follows = before is not None and before.kind is BlockKind.QUOTATION
    frequent = label is not None and labels[label.casefold()] >= _FREQUENT
    inline = bool(_QUOTED_BEFORE.search(block.text[-120:]))
    if is_wholly_quoted(block.text) or (label and (announced or ((follows or frequent) and not inline))):
        return replace(block, kind=BlockKind.QUOTATION, speaker=label)
    if (announced or follows) and block.text.startswith(_DOTS) and (inner := _inner_label(block.text)):
        return replace(block, kind=BlockKind.QUOTATION, speaker=inner)
    return block


def _names_speaker(label: str) -> bool:
    return label[0].isupper() or bool(_ROLE.search(label))


def _inner_label(text: str) -> str | None:
    return next((match[1] for match in _BRACKETED.finditer(text) if is_label(match[1]) and match[1][0].isupper()), None)


def is_wholly_quoted(text: str) -> bool:
    """Whether quotation marks open ``text`` and close it, and it is not several quotations with words between."""
    close = _PAIRS.get(text[:1])
    if close is None or not _CLOSING.search(text[-100:]):
        return False
    body = text[1:]
    ending = body.rfind(close)
    if text[0] == '"':
        return body.count('"') == 1
    if text[0] == "‘":
        return not re.search(r"’\s+[^’]{0,400}‘", body) and ending >= len(body) - 100
    return body[:ending].count(text[0]) == body[:ending].count(close)
