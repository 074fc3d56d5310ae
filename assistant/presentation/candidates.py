"""Candidate configurations on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from assistant.domain.cmo import CandidateStatus, CmoConfiguration
from assistant.domain.spans import Quote
from assistant.presentation.safety import safe

_ROLE_STYLES = {"context": "cyan", "resource": "magenta", "reasoning": "yellow", "outcome": "green"}


def render_candidate(candidate: CmoConfiguration, console: Console, *, number: int | None = None) -> None:
    """The statement, the spans of each role, and the verbatim evidence with its place."""
    head = Text(f"{number}. " if number is not None else "", style="bold")
    head.append(safe(candidate.statement), style="bold")
    console.print(head)
    about = (
        f"{candidate.level.value}, {candidate.polarity.value}, confidence {candidate.confidence:.2f}, {candidate.id}"
    )
    if candidate.status is CandidateStatus.QUARANTINED:
        about += ", QUARANTINED: a quote does not stand in the study"
    console.print(Padding(Text(about, style="dim"), (0, 0, 0, 3)))
    roles = {
        "context": candidate.context,
        "resource": candidate.mechanism.resource,
        "reasoning": candidate.mechanism.reasoning,
        "outcome": candidate.outcome,
    }
    for role, quotes in roles.items():
        text = Text(f"{role:<10}", style=_ROLE_STYLES[role])
        text.append(" … ".join(_shown(quote) for quote in quotes) or "(not stated)", style="" if quotes else "dim")
        console.print(Padding(text, (0, 0, 0, 3)))
    for evidence in candidate.evidence:
        page = f", p. {evidence.page}" if evidence.page is not None else ""
        span = evidence.quote.span
        offsets = f", {span.start}:{span.end}" if span else ""
        body = Text(f"“{_shown(evidence.quote)}”", style="dim")
        body.append(f"  {candidate.study}, {safe(evidence.section)}{page}{offsets}", style="italic dim")
        console.print(Padding(body, (0, 0, 0, 3)))
    console.print()


def render_counts(candidates: Sequence[CmoConfiguration], console: Console) -> None:
    """How many there are, by study."""
    by_study = Counter(candidate.study for candidate in candidates)
    complete = sum(candidate.stated.context and candidate.stated.mechanism for candidate in candidates)
    console.print(
        f"{len(candidates)} candidates from {len(by_study)} studies, {complete} of them complete "
        "(context, mechanism and outcome stated)"
    )


def strongest(candidates: Iterable[CmoConfiguration], count: int) -> list[CmoConfiguration]:
    """The ``count`` surest, surest first; ties in the order of the text."""
    return sorted(candidates, key=lambda candidate: -candidate.confidence)[:count]


def _shown(quote: Quote) -> str:
    return safe(quote.text) + ("" if quote.found else " [NOT FOUND in the study]")
