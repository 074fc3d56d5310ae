"""Section types from headings: a vocabulary in ``headings.toml``, inheritance, and position where both are silent."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from assistant.domain.study import SectionType
from assistant.text.words import fold

_NUMBER = re.compile(
    r"^\s*(?:(?i:section|chapter|part)\s+)?(?:\d+(?:\.\d+)*|[IVXLC]+|[ivxlc]+|[A-Ha-h])(?:[.):]\s*|(?<!\ba)(?<!\bA)\s+(?=[A-Z]))"
)
_LONGEST = 400
"""Characters beyond which nothing is a heading."""
_SHORT = 8
"""Words up to which a heading is typed by a word that it holds."""

_LEAVES_PARENT = frozenset({SectionType.REFERENCES, SectionType.BACK_MATTER})
"""Types that a subsection takes from its own heading whatever stands above it."""

_EMPIRICAL = frozenset({SectionType.METHODS, SectionType.RESULTS})
_CLOSING = frozenset({SectionType.DISCUSSION, SectionType.CONCLUSION})
_ARGUMENT = _EMPIRICAL | _CLOSING | {SectionType.BACKGROUND}


@cache
def _read_vocabulary() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("assistant.text").joinpath("headings.toml").read_text("utf-8"))


@cache
def _main_headings() -> frozenset[str]:
    return frozenset(normalise_heading(phrase) for entry in _read_vocabulary().values() for phrase in entry["main"])


@cache
def _vocabulary() -> tuple[dict[str, SectionType], tuple[tuple[re.Pattern[str], SectionType], ...]]:
    raw = _read_vocabulary()
    exact: dict[str, SectionType] = {}
    held: list[tuple[re.Pattern[str], SectionType]] = []
    for name, entry in raw.items():
        exact.update({normalise_heading(phrase): SectionType(name) for phrase in entry["exact"]})
        held.extend(
            (re.compile(rf"\b{re.escape(normalise_heading(word))}"), SectionType(name)) for word in entry["words"]
        )
    return exact, tuple(held)


@lru_cache(maxsize=8_192)
def normalise_heading(heading: str) -> str:
    """``heading`` folded, without its number and punctuation, as the vocabulary holds it."""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(_NUMBER.sub("", heading)).replace("'", "")).split())


def heading_type(heading: str) -> SectionType | None:
    """What a section under ``heading`` is for, by its words alone; None if they do not say."""
    if len(heading) > _LONGEST:
        return None
    exact, held = _vocabulary()
    phrase = normalise_heading(heading)
    if phrase in exact:
        return exact[phrase]
    if 0 < len(phrase.split()) <= _SHORT:
        return next((kind for pattern, kind in held if pattern.search(phrase)), None)
    return None


def is_known_heading(heading: str) -> bool:
    """Whether the whole heading stands in the vocabulary."""
    return len(heading) <= _LONGEST and normalise_heading(heading) in _vocabulary()[0]


def is_main_heading(heading: str) -> bool:
    """Whether the heading names an outermost section wherever it stands: ``Methods`` does, ``Setting`` not."""
    return len(heading) <= _LONGEST and normalise_heading(heading) in _main_headings()


class SectionTyper:
    """Types a document's sections together, because a heading's neighbours tell what its words do not."""

    def types(self, paths: Sequence[tuple[str, ...]], hints: Sequence[SectionType | None]) -> list[SectionType]:
        """A type for each section.

        Args:
            paths: Heading path of each section, in reading order; ``()`` before the first heading.
            hints: What the format itself says of each section; None where it says nothing.

        Returns:
            One type a section. A subsection takes its parent's type, unless it is back matter of its own. A top
            section that its words do not type is background before methods or results, results between methods
            and discussion, back matter after the end, else `SectionType.BODY`; a late summary is a conclusion.
        """
        tops = self._top_types(paths, hints)
        types: list[SectionType] = []
        top = 0
        for number, path in enumerate(paths):
            if number in tops:
                top = number
            own = hints[number] or (heading_type(path[-1]) if path else None)
            above = tops[top] if path[:1] == paths[top][:1] else SectionType.BODY
            if number in tops:
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
        tops = [number for number, path in enumerate(paths) if number == 0 or len(path) <= 1]
        titles = [paths[number][0] if paths[number] else "" for number in tops]
        known = [
            hints[number] or (heading_type(title) if title else None)
            for number, title in zip(tops, titles, strict=True)
        ]
        types = [self._typed_in_place(place, titles, known) for place in range(len(tops))]
        return dict(zip(tops, types, strict=True))

    def _typed_in_place(self, place: int, titles: Sequence[str], known: Sequence[SectionType | None]) -> SectionType:
        """The type of one outermost section: by its words, if they fit where it stands, else by its neighbours."""
        own, before, after = known[place], set(known[:place]), set(known[place + 1 :])
        if own is SectionType.ABSTRACT and before & _ARGUMENT:
            return SectionType.CONCLUSION
        early = titles[place] and not before & _ARGUMENT
        if own is SectionType.BACK_MATTER and early and not is_known_heading(titles[place]):
            own = None
        # Front matter is typed as back matter too, but stands without a title and ends nothing.
        closed = {kind for kind, title in zip(known[:place], titles, strict=False) if title} & _LEAVES_PARENT
        ended = closed and before & _ARGUMENT and not after & _ARGUMENT
        if ended and own not in _LEAVES_PARENT and not is_main_heading(titles[place]):
            return SectionType.BACK_MATTER
        if own is not None or not titles[place]:
            return own or SectionType.BODY
        if SectionType.METHODS in before and SectionType.RESULTS not in before | after and after & _CLOSING:
            return SectionType.RESULTS
        unstarted = not before & (_ARGUMENT - {SectionType.BACKGROUND})
        return SectionType.BACKGROUND if unstarted and after & _EMPIRICAL else SectionType.BODY
