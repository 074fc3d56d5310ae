"""Whose word is it: the names that coders give to roles, levels and columns, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from assistant.domain.cmo import Level, Polarity, Role
from assistant.errors import UsageError


class Special(StrEnum):
    """What a code may mean that is no role."""

    CONFIGURATION = "configuration"
    """The passage of a configuration, or the name of one."""
    IGNORE = "ignore"


Meaning = Role | Level | Polarity | Special

FIELDS: Mapping[str, tuple[str, ...]] = {
    "study": ("study", "document", "document name", "source", "file", "doc", "article"),
    "configuration": ("configuration", "cmo", "cmoc", "group", "configuration id", "cmo id", "id"),
    "coder": ("coder", "annotator", "user", "coded by"),
    "role": ("role", "code", "code name", "label"),
    "quote": ("quote", "segment", "coded segment", "excerpt", "quotation", "quotation content", "text"),
    "start": ("start", "begin", "offset", "start position"),
    "passage": ("passage", "evidence"),
    "level": ("level",),
    "polarity": ("polarity",),
    "proposition": ("proposition", "statement"),
    "same_as": ("same as",),
    "note": ("note", "comment", "memo"),
}
"""Names of columns and keys that are understood unasked, by what they hold."""

_NAMES: Mapping[Meaning, tuple[str, ...]] = {
    Role.CONTEXT: ("context", "contexts", "c"),
    Role.RESOURCE: ("resource", "resources", "mechanism resource", "mechanism resources", "m resource"),
    Role.REASONING: ("reasoning", "response", "mechanism", "mechanisms", "m", "mechanism reasoning",
                     "mechanism response", "m reasoning", "m response"),
    Role.OUTCOME: ("outcome", "outcomes", "o"),
    Special.CONFIGURATION: ("configuration", "configurations", "cmo", "cmos", "cmoc", "cmocs", "cmo configuration",
                            "cmo configurations", "passage"),
    **{level: (level.value,) for level in Level},
    **{polarity: (polarity.value,) for polarity in Polarity},
}  # fmt: skip
"""Names of codes and types that are understood unasked; a mechanism that is not split counts as reasoning."""

_MEANINGS: Mapping[str, Meaning] = {name: meaning for meaning, names in _NAMES.items() for name in names}
_WORDS: Mapping[str, Meaning] = {
    "mechanism": Role.REASONING,
    **{each.value: each for kind in (Role, Level, Polarity, Special) for each in kind},
}
"""What ``--map NAME=WORD`` takes besides the names of fields."""
_PART = re.compile(r"\s*[:/\\|>]\s*|\s+[-–—]\s+")
_NUMBER = re.compile(r"[\s#._-]*\d+$")


class Vocabulary:
    """What names mean, the researcher's own before the usual ones.

    Args:
        own: Name of a code, type or column to ``context``, ``resource``, ``reasoning``, ``mechanism``, ``outcome``,
            ``configuration``, ``ignore``, a level, a polarity, or a field of `FIELDS`.

    Raises:
        UsageError: If a name is given a meaning that there is not.
    """

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._fields = {name: field for field, names in FIELDS.items() for name in names}
        self._own: dict[str, Meaning] = {}
        for name, word in (own or {}).items():
            if meaning := _WORDS.get(normal(word)):
                self._own[normal(name)] = meaning
            elif (field := normal(word).replace(" ", "_")) in FIELDS:
                self._fields[normal(name)] = field
            else:
                known = ", ".join(dict.fromkeys([*_WORDS, *FIELDS]))
                raise UsageError(f"{name}={word} gives a meaning that there is not", remedy=f"Use one of: {known}.")

    def fields(self, names: Sequence[str]) -> list[str | None]:
        """The field of `FIELDS` that each column or key holds; None for one that holds none.

        Where several would hold the same, it is the one whose name says it best: ``configuration`` before ``id``.
        """
        known = [None if normal(name) in self._own else self._fields.get(normal(name)) for name in names]
        best: dict[str, str] = {}
        for name, field in zip(names, known, strict=True):
            if field and (field not in best or self._rank(field, name) < self._rank(field, best[field])):
                best[field] = name
        return [field if field and best[field] == name else None for name, field in zip(names, known, strict=True)]

    def _rank(self, field: str, name: str) -> int:
        """How well a name says what it holds; lower is better, and the researcher's own names are best."""
        usual = FIELDS[field]
        return usual.index(normal(name)) if normal(name) in usual else -1

    def meaning(self, path: Sequence[str]) -> Meaning | None:
        """What a code means: by its own name, else by the nearest code above it that has a meaning.

        ``Context 2``, ``C: leadership``, ``Context > Leadership`` and a code below ``Context`` all mean context.

        Args:
            path: The code's name, then the names above it, outward.
        """
        for name in path:
            for spelling in _spellings(name):
                if found := self._own.get(spelling, _MEANINGS.get(spelling)):
                    return found
        return None


def names_one(path: Sequence[str]) -> bool:
    """Whether a code that means a configuration names one (``CMO 3``), rather than marking any (``CMO``)."""
    return normal(path[0]) not in _NAMES[Special.CONFIGURATION]


def parsed_map(pairs: Sequence[str], option: str = "--map") -> dict[str, str]:
    """``NAME=MEANING`` arguments as a mapping.

    Raises:
        UsageError: If one has no equals sign, or nothing beside it.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, _, meaning = (part.strip() for part in pair.rpartition("="))
        if not name or not meaning:
            raise UsageError(f"{option} {pair} is no pair", remedy=f'Write {option} "NAME=MEANING".')
        found[name] = meaning
    return found


def normal(name: str) -> str:
    """``name`` in lower case, words parted by single spaces."""
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _spellings(name: str) -> Iterator[str]:
    """The whole name, the same without a number at its end, and its parts from the last to the first."""
    yield normal(name)
    yield normal(_NUMBER.sub("", name))
    for part in reversed(_PART.split(name)):
        yield normal(_NUMBER.sub("", part))
