"""Sentences that are not coded whatever connectives they hold: methods, aims, definitions, advice, statistics.

Source: the codebook's unit and its ruling 4.
"""

from __future__ import annotations

import re

from assistant.tagging.cues import sign
from assistant.tagging.tags import SentenceInPlace

_STATISTICS = re.compile(
    r"\bp\s?[<=>]\s?0?\.\d|\bci\b\s?[\d\[(:=]|\b95\s?%|\bn\s?=\s?\d|±|\b(?:or|rr|hr|aor|sd|se|iqr|β|"
    r"b)\s?[=:]\s?[−-]?\d|\d+\.\d+\D{1,12}\d+\.\d+",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:methods?|aims?|objectives?|purpose|design|setting|participants|data sources?|sample)\s?:", re.IGNORECASE
)
_LIMITS = re.compile(r"\b(?:limitations?|strengths?)\b", re.IGNORECASE)
_MIN_WORDS, _MAX_WORDS = 5, 95
_MAX_LENGTH = 1500
"""Code points; whatever is longer is no sentence, and would cost the patterns more than linear time."""


def is_coded(sentence: SentenceInPlace) -> bool:
    """Whether a sentence may hold a configuration at all."""
    if len(sentence.text) > _MAX_LENGTH:
        return False
    length = len(sentence.text.split())
    if not _MIN_WORDS <= length <= _MAX_WORDS or sentence.text.rstrip("”\"’') ").endswith("?"):
        return False
    if sentence.text.startswith("Whether") or _LABELLED.match(sentence.text):
        return False
    if sentence.path and _LIMITS.search(sentence.path[-1]):
        return False
    return not (sign("aims").search(sentence.text) or sign("definitions").search(sentence.text))


def doubts(text: str) -> dict[str, float]:
    """Signs that a sentence with causal wording still makes no explanatory claim, each 0 or 1 and more with more.

    Returns:
        Counts by name: ``methods``, ``advice``, ``reports``, ``conduct``, ``telling`` (up to 2 each), ``statistics``.
    """
    found = {
        name: float(min(len(sign(name).findall(text)), 2))
        for name in ("methods", "advice", "reports", "conduct", "telling")
    }
    return {**found, "statistics": float(bool(_STATISTICS.search(text)))}
