"""Passages: the runs of sentences that are embedded, found and shown."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.spans import Span
from assistant.domain.study import SectionType


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section, contiguous in the stored text, sized for the embedder."""

    study: str
    """Id of its study."""
    index: int
    """Position among the study's passages, from 0; neighbours are ``index - 1`` and ``index + 1``."""
    span: Span
    """Where it stands in the stored text."""
    text: str
    """``study.text[span.start:span.end]``."""
    sentences: tuple[Span, ...]
    """Its sentences, as spans of the *stored text*, in order."""
    section: SectionType
    """Type of its section."""
    path: tuple[str, ...]
    """Headings above it, outermost first; embedded with the text, never quoted."""
    page: int | None = None
    """Page that it starts on."""
    tokens: int = 0
    """Length in the embedder's tokens, heading path and special tokens included."""

    @property
    def id(self) -> str:
        """Names the passage in the store: ``study:index``."""
        return f"{self.study}:{self.index}"


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage and how well it fits the question."""

    passage: Passage
    """What was found."""
    score: float
    """Fused rank score, above 0, higher is better; comparable within one question only."""
    similarity: float
    """Cosine between question and passage, -1 to 1; comparable across questions of one embedder."""
