"""The lexicon of ``cues.toml``: what ties causes to effects, and the words that point to a role.

The patterns are general English for explanatory claims; none is taken from, or fitted to, one study.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from assistant.domain.cmo import Role

_INFLECTED = re.compile(r"([a-z]+)~")
_ANY_ENDING = re.compile(r"(?<=[\w\]])\*(?=$|[ |)])")


class CueForm(StrEnum):
    """How a cue stands between what it ties together."""

    FORWARD = "forward"
    """Cause, cue, effect."""
    BACKWARD = "backward"
    """Effect, cue, cause."""
    OPENING = "opening"
    """Cue, cause, comma, effect."""
    CIRCUMSTANCE = "circumstance"
    """A condition, before the claim or after it."""
    CONSEQUENCE = "consequence"
    """Opens a sentence whose cause the previous one holds."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of the lexicon; the fields are those that ``cues.toml`` explains."""

    form: CueForm
    """Order of cause, cue and effect."""
    strength: float
    """0 to 3, higher makes a sentence more surely an explanatory claim."""
    sign: int = 1
    """1 for an effect that comes about, -1 for one held back, 0 for either."""
    kept: bool = False
    """Whether the cue is part of what happens and stays in the outcome's span."""
    object: bool = False
    """Whether a noun phrase must follow."""
    enabling: bool = False
    """Whether it speaks of what follows as something gained."""
    first_only: bool = False
    """Whether it counts only where it opens a statement."""
    holds: Role | None = None
    """The role that the cue's own words carry; None for a bare connective."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole shape of claim whose named groups are roles, and ``cause``."""

    pattern: re.Pattern[str]
    """Searched in a sentence."""
    strength: float
    """As in `Cue`."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the rules know of words."""

    inner: re.Pattern[str]
    """Cues that may stand anywhere; each alternative is a group named ``c<index>_<place>``."""
    first: re.Pattern[str]
    """Cues that open a sentence or clause; groups as in ``inner``."""
    cues: tuple[Cue, ...]
    """By the index in the group's name."""
    frames: tuple[Frame, ...]
    """In the order of the file; the first that matches a sentence wins."""
    classes: dict[str, re.Pattern[str]]
    """Word classes, and signs of level and of what is not coded, by their names in ``cues.toml``."""
    fragments: dict[str, str]
    """Alternations without a group, to build longer expressions from."""

    def cue_of(self, match: re.Match[str]) -> Cue:
        """The cue that a match of ``inner`` or ``first`` found."""
        return self.cues[int((match.lastgroup or "c0_")[1:].split("_")[0])]


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, compiled once."""
    raw = tomllib.loads(resources.files("assistant.tagging").joinpath("cues.toml").read_text("utf-8"))
    lists: dict[str, str] = raw["lists"]
    cues = tuple(_cue(entry) for entry in raw["cue"])
    phrases = [(_expand(phrase, lists), number) for number, entry in enumerate(raw["cue"]) for phrase in entry["match"]]
    phrases.sort(key=lambda pair: -len(pair[0]))
    first = {CueForm.OPENING, CueForm.CIRCUMSTANCE, CueForm.CONSEQUENCE}
    inner = {CueForm.FORWARD, CueForm.BACKWARD, CueForm.CIRCUMSTANCE}
    tables = {**raw["words"], **raw["level"], **raw["screen"]}
    fragments = {name: _any(entries, lists) for name, entries in raw["trim"].items()}
    return Lexicon(
        inner=_alternatives(
            (phrase, number) for phrase, number in phrases if cues[number].form in inner and not cues[number].first_only
        ),
        first=_alternatives((phrase, number) for phrase, number in phrases if cues[number].form in first),
        cues=cues,
        frames=tuple(
            Frame(re.compile(_expand(entry["match"], lists), re.IGNORECASE), entry["strength"])
            for entry in raw["frame"]
        ),
        classes={name: re.compile(_whole(_any(entries, lists)), re.IGNORECASE) for name, entries in tables.items()},
        fragments={**fragments, **{name: f"(?:{alternatives})" for name, alternatives in lists.items()}},
    )


def sign(name: str) -> re.Pattern[str]:
    """The pattern of a class of words; whole words, whatever their case.

    Raises:
        KeyError: If ``cues.toml`` has no class of that name.
    """
    return lexicon().classes[name]


def count(name: str, text: str) -> int:
    """How many words of a class stand in ``text``."""
    return sum(1 for _ in sign(name).finditer(text))


def _cue(entry: dict[str, Any]) -> Cue:
    own = {key: value for key, value in entry.items() if key not in {"form", "match", "holds"}}
    return Cue(form=CueForm(entry["form"]), holds=Role(entry["holds"]) if "holds" in entry else None, **own)


def _alternatives(phrases: Iterable[tuple[str, int]]) -> re.Pattern[str]:
    """Phrases, longest first, so that "because of" is not read as "because"."""
    groups = (f"(?P<c{number}_{place}>{phrase})" for place, (phrase, number) in enumerate(phrases))
    return re.compile(_whole("|".join(groups)), re.IGNORECASE)


def _any(entries: Iterable[str], lists: dict[str, str]) -> str:
    return f"(?:{'|'.join(_expand(entry, lists) for entry in entries)})"


def _whole(alternatives: str) -> str:
    return rf"(?<![\w-])(?:{alternatives})(?![\w-])"


def _expand(pattern: str, lists: dict[str, str]) -> str:
    """A pattern of ``cues.toml`` as a regular expression."""
    for name, alternatives in lists.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{alternatives})")
    return _ANY_ENDING.sub(r"[\\w'’-]*", _INFLECTED.sub(lambda match: _forms(match[1]), pattern))


def _forms(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb[:-1]}(?:e|es|ed|ing)"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}(?:y|ies|ied|ying)"
    return f"{verb}(?:s|ed|ing)?"
