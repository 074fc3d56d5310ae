"""Codings as predictions: configurations by their offsets, without a word of the study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from evals.extraction.coding.files import CodedSpans


def configurations_json(coding: Sequence[CodedSpans]) -> list[dict[str, Any]]:
    """Each configuration with its passage and the spans of each role, half-open."""
    return [
        {
            "id": one.id,
            "passage": [one.passage.start, one.passage.end],
            **{role.value: [[span.start, span.end] for span in getattr(one, role.value)] for role in Role},
            "level": one.level.value,
            "polarity": one.polarity.value,
        }
        for one in coding
    ]


def configurations_of(raw: Sequence[dict[str, Any]]) -> tuple[CodedSpans, ...]:
    """What `configurations_json` wrote."""
    return tuple(
        CodedSpans(
            id=one["id"],
            passage=Span(*one["passage"]),
            **{role.value: tuple(Span(*span) for span in one[role.value]) for role in Role},
            level=Level(one["level"]),
            polarity=Polarity(one["polarity"]),
        )
        for one in raw
    )
