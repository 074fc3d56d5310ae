"""How far an ingest is, in tokens: what it costs to embed a study, whatever its file's size and format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_USUAL = 0.25
"""Tokens a byte before anything was read; a token of English prose is about four characters."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is."""

    file: str
    """The file at hand."""
    done_tokens: int
    """Tokens embedded."""
    all_tokens: float
    """Tokens of the studies that were read, and those expected of the files that were not."""


@dataclass
class Gauge:
    """Counts the tokens done, and expects those to come from the bytes of files of the same ending."""

    done: int = 0
    """Tokens embedded."""
    _found: int = 0
    _waiting: Counter[str] = field(default_factory=Counter)
    _bytes: Counter[str] = field(default_factory=Counter)
    _tokens: Counter[str] = field(default_factory=Counter)

    def expect(self, files: Iterable[Path]) -> None:
        """Files that will be read."""
        for path in files:
            self._waiting[path.suffix] += _size(path)

    def read(self, path: Path, tokens: int) -> None:
        """A file of those expected was read, and will have ``tokens`` embedded."""
        self.passed(path)
        self._found += tokens
        self._bytes[path.suffix] += _size(path)
        self._tokens[path.suffix] += tokens

    def passed(self, path: Path) -> None:
        """A file of those expected gives nothing to embed; how much others give is not judged by it."""
        self._waiting[path.suffix] -= _size(path)

    def at(self, file: str, embedded: int = 0) -> Progress:
        """The state after ``embedded`` more tokens, at ``file``."""
        self.done += embedded
        expected = sum(max(0, size) * self._rate(suffix) for suffix, size in self._waiting.items())
        return Progress(file, self.done, self._found + expected)

    def _rate(self, suffix: str) -> float:
        """Tokens a byte of files with this ending, of all files where none was read, or as usual."""
        for tokens, size in (
            (self._tokens[suffix], self._bytes[suffix]),
            (self._tokens.total(), self._bytes.total()),
        ):
            if size:
                return tokens / size
        return _USUAL


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
