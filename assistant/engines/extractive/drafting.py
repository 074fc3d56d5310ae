"""Drafting configurations without a chat model: a tagger finds the claims."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain.cmo import DraftConfiguration
from assistant.domain.study import Study
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import TaggedClaim, Tagger


def draft(study: Study, tagger: Tagger) -> Iterator[DraftConfiguration]:
    """Candidate configurations of a study in the order of its text; deterministic.

    Args:
        study: What was read.
        tagger: Who marks the sentences.

    Yields:
        Drafts whose every quote carries the offset at which it stands, repeats of a claim included.
    """
    for claim in tagger.claims(codable_sentences(study)):
        yield _drafted(study, claim)


def _drafted(study: Study, claim: TaggedClaim) -> DraftConfiguration:
    return DraftConfiguration(
        marks=tuple((mark.role, mark.span.of(study.text), mark.span.start) for mark in claim.marks),
        passages=((claim.passage.of(study.text), claim.passage.start),),
        level=claim.level,
        polarity=claim.polarity,
        confidence=claim.confidence,
    )
