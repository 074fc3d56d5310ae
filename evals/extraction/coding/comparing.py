"""Two codings of one study side by side, for the screen of whoever adjudicates them.

What is printed holds the study's words and stays on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.spans import Span
from assistant.domain.study import Study
from evals.extraction.coding.draft import numbered
from evals.extraction.coding.files import CodedSpans, Coding, place
from evals.extraction.metrics import STRICT, matched

AGREED = STRICT
"""Pair score from which coders who agree on level and polarity are taken to say the same."""
LETTERS = {"C": "context", "R": "resource", "M": "reasoning", "O": "outcome"}
"""The letters of the draft format and the roles that they stand for."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One configuration of either coding, or the two that were matched."""

    first: CodedSpans | None
    """Of the first coding; None where only the second has it."""
    second: CodedSpans | None
    """Of the second coding; None where only the first has it."""
    score: float
    """Pair score, 0 to 1; 0 where one is absent."""

    @property
    def present(self) -> tuple[CodedSpans, ...]:
        """The one or two configurations."""
        return tuple(one for one in (self.first, self.second) if one is not None)

    @property
    def is_agreed(self) -> bool:
        """Whether both coders said the same, at the same level and with the same polarity."""
        if self.first is None or self.second is None or self.score < AGREED:
            return False
        return (self.first.level, self.first.polarity) == (self.second.level, self.second.polarity)


def placed(coding: Coding, study: Study) -> tuple[CodedSpans, ...]:
    """The configurations of a coding in the study.

    Raises:
        ValueError: If one does not stand there; names them.
    """
    found, lost = place(coding, study)
    if lost:
        raise ValueError(f"coder {coding.header.coder}: {', '.join(lost)} not found in {study.id}")
    return found


def paired(first: Sequence[CodedSpans], second: Sequence[CodedSpans], text: str) -> tuple[Pairing, ...]:
    """All configurations of two codings, matched where they share a marked character, in reading order."""
    pairs = matched(first, second, text)
    left, right = {pair.first for pair in pairs}, {pair.second for pair in pairs}
    found = [Pairing(first[pair.first], second[pair.second], pair.score) for pair in pairs]
    found += [Pairing(one, None, 0.0) for at, one in enumerate(first) if at not in left]
    found += [Pairing(None, one, 0.0) for at, one in enumerate(second) if at not in right]
    return tuple(sorted(found, key=lambda pairing: min(one.passage for one in pairing.present)))


def lines(study: Study, pairings: Sequence[Pairing]) -> Iterator[str]:
    """What is printed: a line for an agreed pair, the roles side by side for the others."""
    sentences = [(number, span) for number, _, span in numbered(study)]
    for pairing in pairings:
        yield f"{_numbers(pairing, sentences)} {_heading(pairing)}"
        if not pairing.is_agreed:
            yield from _roles(pairing, study.text)


def _numbers(pairing: Pairing, sentences: Sequence[tuple[int, Span]]) -> str:
    """The numbers of the passage's sentences, of both coders' where they differ."""
    ranges = []
    for one in pairing.present:
        inside = [number for number, span in sentences if span.overlaps(one.passage)]
        ranges.append(f"{inside[0]}-{inside[-1]}" if len(inside) > 1 else str(inside[0]))
    return "|".join(dict.fromkeys(ranges))


def _heading(pairing: Pairing) -> str:
    named = [
        f"{name}:{one.id} {one.level.value} {one.polarity.value}"
        for name, one in (("a", pairing.first), ("b", pairing.second))
        if one is not None
    ]
    marks = "agreed" if pairing.is_agreed else "only" if len(named) == 1 else "differ"
    return f"{marks} {pairing.score:.2f} {' | '.join(named)}"


def _roles(pairing: Pairing, text: str) -> Iterator[str]:
    for letter, role in LETTERS.items():
        said = [" + ".join(span.of(text) for span in getattr(one, role)) for one in pairing.present]
        if len(said) == 2 and said[0] == said[1]:
            said = [said[0]]
            names = "="
        else:
            names = "".join(name for name, one in (("a", pairing.first), ("b", pairing.second)) if one)
        for name, words in zip(names, said, strict=True):
            if words:
                yield f"    {letter} {name} {words}"
