"""Which candidates are shown, and whether the statements of one claim stand together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.cmo import CmoConfiguration, Level
from assistant.work.candidates import in_text_order, merge


@dataclass(frozen=True, slots=True)
class Selection:
    """What a researcher wants to see of the candidates; everything by default, repeats gathered."""

    min_confidence: float = 0.0
    """Those below it are left out; 0 to 1."""
    levels: frozenset[Level] = frozenset()
    """Who must make the claim; empty for anybody."""
    complete: bool = False
    """Only those whose context, mechanism and outcome are all stated."""
    group: bool = True
    """Whether the statements of one claim in a study become one candidate with all their evidence."""

    def of(self, candidates: Iterable[CmoConfiguration]) -> tuple[CmoConfiguration, ...]:
        """What is selected of a study's candidates, in the order of its text."""
        found = merge(candidates) if self.group else in_text_order(candidates)
        return tuple(one for one in found if self._keeps(one))

    def _keeps(self, candidate: CmoConfiguration) -> bool:
        stated = candidate.stated
        return (
            candidate.confidence >= self.min_confidence
            and (not self.levels or candidate.level in self.levels)
            and (not self.complete or (stated.context and stated.mechanism))
        )
