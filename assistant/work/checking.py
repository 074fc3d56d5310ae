"""Every quote of a draft answer looked up in its study, and the text that cites those that stand there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Citation, Claim
from assistant.domain.spans import Quote
from assistant.domain.study import Study
from assistant.text.quotes import locate_evidence

_SET_APART = "Set apart, because these words do not stand in the source that was named for them (no evidence):"


@dataclass(frozen=True, slots=True)
class Checked:
    """Claims with their quotes looked up."""

    text: str
    """The statements with their markers, grouped by study; those without a quote that was found come last, apart."""
    citations: tuple[Citation, ...]
    """Those found first, then those set apart."""
    unsupported: int
    """Statements without a single quote that was found."""


class Checker:
    """Looks quotes up in their studies and numbers those that stand there, claim by claim.

    Args:
        study: Gives a study by its id.
        drop: Leave out what is not found, instead of setting it apart.
    """

    def __init__(self, study: Callable[[str], Study], *, drop: bool = False) -> None:
        self._study = study
        self._drop = drop
        self._known: dict[str, Study] = {}
        self._markers: dict[tuple[str, Quote], int] = {}
        self._lost: dict[tuple[str, Quote], None] = {}
        self._apart: list[str] = []
        self._text = ""
        self._last = ""

    def add(self, claim: Claim) -> str:
        """What ``claim`` adds to the text; empty where none of its quotes is found."""
        quotes = self._quotes(claim)
        for pair in quotes:
            if pair[1].found:
                self._markers.setdefault(pair, len(self._markers) + 1)
            else:
                self._lost.setdefault(pair)
        numbers = dict.fromkeys(self._markers[pair] for pair in quotes if pair in self._markers)
        if not numbers:
            self._apart.append(claim.text)
            return ""
        study = next(study for study, quote in quotes if quote.found)
        gap = "\n\n" if self._text else ""
        opening = " " if study == self._last else f"{gap}{self._heading(study)}\n"
        piece = opening + " ".join([claim.text, *(f"[{number}]" for number in numbers)])
        self._text, self._last = self._text + piece, study
        return piece

    def checked(self) -> Checked:
        """All that was added."""
        apart = [] if self._drop or not self._apart else ["\n".join([_SET_APART, *self._apart])]
        found = [self._citation(marker, *pair) for pair, marker in self._markers.items()]
        lost = [] if self._drop else list(self._lost)
        return Checked(
            text="\n\n".join([*filter(None, [self._text]), *apart]),
            citations=(*found, *(self._citation(len(found) + at, *pair) for at, pair in enumerate(lost, start=1))),
            unsupported=len(self._apart),
        )

    def _quotes(self, claim: Claim) -> list[tuple[str, Quote]]:
        places: Sequence[int | None] = claim.at or (None,) * len(claim.support)
        return [
            (study, locate_evidence(words, self._of(study), near))
            for (study, words), near in zip(claim.support, places, strict=True)
        ]

    def _of(self, study: str) -> Study:
        if study not in self._known:
            self._known[study] = self._study(study)
        return self._known[study]

    def _heading(self, study: str) -> str:
        label = self._of(study).bibliography.label
        return f"{label} ({study}):" if label else f"{study}:"

    def _citation(self, marker: int, study: str, quote: Quote) -> Citation:
        block = self._of(study).block_at(quote.span.start) if quote.span else None
        section = self._of(study).section_of(block) if block else None
        return Citation(
            marker=marker,
            study=study,
            quote=quote,
            section=(section.title or section.type.value) if section else "",
            page=block.page if block else None,
        )
