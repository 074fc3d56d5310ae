"""Places in a stored text, and quotes that were looked for in one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run of Unicode code points of a study's stored text: ``text[start:end]``.

    Raises:
        ValueError: If the span is empty or starts before the text.
    """

    start: int
    """Offset of the first code point."""
    end: int
    """Offset after the last code point."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words that the span marks in ``text``."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """The same run, ``by`` code points further on."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class QuoteStatus(StrEnum):
    """How a quote stands in its source."""

    EXACT = "exact"
    """Code point by code point."""
    NORMALISED = "normalised"
    """After white space, quotation marks, dashes and line-end hyphens are evened out; no other difference."""
    NOT_FOUND = "not_found"
    """Not there. Never evidence."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote and where it was found in the stored text of its study.

    A quote that was found shows the *source's* words, whatever the spelling that was looked for, so that
    ``study.text[span.start:span.end] == text``; one that was not found keeps the words looked for.

    Raises:
        ValueError: If the status and the span contradict each other.
    """

    text: str
    """The words."""
    span: Span | None
    """Where they stand; None when they were not found."""
    status: QuoteStatus
    """How they stand there."""

    def __post_init__(self) -> None:
        if (self.span is None) != (self.status is QuoteStatus.NOT_FOUND):
            raise ValueError(f"a quote with status {self.status} and span {self.span}")
        if self.span is not None and len(self.span) != len(self.text):
            raise ValueError(f"a quote of {len(self.text)} code points in a span of {len(self.span)}")

    @classmethod
    def at(cls, text: str, span: Span) -> Quote:
        """The exact quote that ``span`` marks in ``text``."""
        if span.end > len(text):
            raise ValueError(f"{span} ends after the text's {len(text)} code points")
        return cls(span.of(text), span, QuoteStatus.EXACT)

    @property
    def found(self) -> bool:
        """Whether the quote may serve as evidence."""
        return self.span is not None
