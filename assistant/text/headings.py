"""Section types from headings: a vocabulary in ``headings.toml``, inheritance, and position where both are silent."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from assistant.domain.study import SectionType
from assistant.text.words import fold

_NUMBER = re.compile(
    r"^\s*(?:(?:section|chapter|part)\s+)?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-h])(?:[.):]\s*|\s+(?=[A-Z]))", re.I
)
_SHORT = 8
"""Words up to which a heading is typed by a word that it holds."""

_LEAVES_PARENT = frozenset({SectionType.REFERENCES, SectionType.BACK_MATTER})
"""Types that a subsection takes from its own heading whatever stands above it."""


@cache
def _vocabulary() -> tuple[dict[str, SectionType], tuple[tuple[re.Pattern[str], SectionType], ...]]:
    raw = tomllib.loads(resources.files("assistant.text").joinpath("headings.toml").read_text("utf-8"))
    exact: dict[str, SectionType] = {}
    held: list[tuple[re.Pattern[str], SectionType]] = []
    for name, entry in raw.items():
        exact.update({normalise_heading(phrase): SectionType(name) for phrase in entry["exact"]})
        held.extend(
            (re.compile(rf"\b{re.escape(normalise_heading(word))}"), SectionType(name)) for word in entry["words"]
        )
    return exact, tuple(held)


def normalise_heading(heading: str) -> str:
    """``heading`` folded, without its number and punctuation, as the vocabulary holds it."""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(_NUMBER.sub("", heading)).replace("'", "")).split())


def heading_type(heading: str) -> SectionType | None:
    """What a section under ``heading`` is for, by its words alone; None if they do not say."""
    exact, held = _vocabulary()
    phrase = normalise_heading(heading)
    if phrase in exact:
        return exact[phrase]
    if 0 < len(phrase.split()) <= _SHORT:
        return next((kind for pattern, kind in held if pattern.search(phrase)), None)
    return None


class SectionTyper:
    """Types a document's sections together, because a heading's neighbours tell what its words do not."""

    def types(self, paths: Sequence[tuple[str, ...]], hints: Sequence[SectionType | None]) -> list[SectionType]:
        """A type for each section.

        Args:
            paths: Heading path of each section, in reading order; ``()`` before the first heading.
            hints: What the format itself says of each section; None where it says nothing.

        Returns:
            One type a section. A subsection takes its parent's type, unless it is back matter of its own; a
            top section that nothing types is results between methods and discussion, else `SectionType.BODY`.
        """
        tops = self._top_types(paths, hints)
        types: list[SectionType] = []
        top = 0
        for number, path in enumerate(paths):
            if len(path) <= 1:
                top = number
            own = hints[number] or (heading_type(path[-1]) if path else None)
            above = tops[top] if path[:1] == paths[top][:1] else SectionType.BODY
            if len(path) <= 1:
                types.append(tops[number])
            elif own in _LEAVES_PARENT or (own and above is SectionType.BODY):
                types.append(own)
            else:
                types.append(self._nearest(path, above))
        return types

    def _nearest(self, path: tuple[str, ...], above: SectionType) -> SectionType:
        """The type of the closest typed heading of a ``path`` under a section that is not typed itself."""
        if above is not SectionType.BODY:
            return above
        return next((kind for title in reversed(path) if (kind := heading_type(title))), above)

    def _top_types(
        self, paths: Sequence[tuple[str, ...]], hints: Sequence[SectionType | None]
    ) -> dict[int, SectionType]:
        """Types of the outermost sections, by index."""
        known: dict[int, SectionType | None] = {}
        for number, path in enumerate(paths):
            if not path:
                known[number] = hints[number] or SectionType.BODY
            elif len(path) == 1:
                known[number] = hints[number] or heading_type(path[0])
        seen: set[SectionType] = set()
        result: dict[int, SectionType] = {}
        for number, kind in known.items():
            later = {other for index, other in known.items() if index > number}
            if kind is None:
                between = SectionType.METHODS in seen and SectionType.RESULTS not in seen
                reached = later & {SectionType.DISCUSSION, SectionType.CONCLUSION}
                kind = (
                    SectionType.RESULTS
                    if between and reached and SectionType.RESULTS not in later
                    else SectionType.BODY
                )
            elif kind is not SectionType.BODY:
                seen.add(kind)
            result[number] = kind
        return result
