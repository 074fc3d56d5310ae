"""What a coding made elsewhere says, before its quotes are looked for in the studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.errors import RealistError
from evals.extraction.coding.selectors import Selector, resolve, select


class CodingError(RealistError):
    """A coding can't be read; names the file and, where it has lines, the line."""


@dataclass(frozen=True, slots=True)
class ReadQuote:
    """Words that a coder marked."""

    text: str
    """The words, as the file gives them."""
    start: int | None = None
    """Offset in the text that was coded; None where the file does not say."""
    anchor: Selector | None = None
    """The words and their neighbours, where the file brings the text that was coded."""

    def near(self, stored: str) -> int | None:
        """About where the words stand in ``stored``, to tell several places apart."""
        place = resolve(self.anchor, stored) if self.anchor else None
        return place.start if place else self.start


def anchored(text: str, span: Span) -> ReadQuote | None:
    """The quote that a span marks in the text that was coded; a word that the span cuts is taken whole.

    None where the span holds neither letter nor digit.
    """
    start, end = span.start, span.end
    if not any(char.isalnum() for char in text[start:end]):
        return None
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    whole = Span(start, end)
    return ReadQuote(whole.of(text), start, select(text, whole))


@dataclass(frozen=True, slots=True)
class ReadMark:
    """One marked quote and the part that it plays."""

    origin: str
    """File and line, or file and id, for messages."""
    study: str
    """The study as the file names it; empty where it does not."""
    coder: str
    """As the file names them; empty where it does not."""
    role: Role | None
    """None for a passage that carries a whole configuration."""
    quote: ReadQuote
    groups: tuple[str, ...] = ()
    """Names of the configurations that it belongs to; empty where the file does not say."""
    level: Level | None = None
    """Where it is stated beside the quote."""
    polarity: Polarity | None = None
    """Where it is stated beside the quote."""


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """Names one configuration of a file."""

    study: str
    coder: str
    group: str


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """What a file says about a configuration as a whole."""

    level: Level | None = None
    polarity: Polarity | None = None
    proposition: str = ""
    same_as: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReadCoding:
    """Everything that was read from a file."""

    name: str
    """Of the file."""
    format: str
    """``csv``, ``jsonl``, ``brat`` or ``qdpx``."""
    marks: tuple[ReadMark, ...]
    """In the file's order."""
    claims: Mapping[ClaimKey, ReadClaim] = field(default_factory=dict)
    """What is said about configurations that the file names."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """Codes, columns and the like without a role, and how often each stands."""
    notes: tuple[str, ...] = ()
    """What the researcher should know."""
