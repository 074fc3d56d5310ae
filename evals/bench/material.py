"""Text to measure on: given studies, repeated with perturbation where more is wanted."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from assistant.readers.registry import read_study
from assistant.shipped import shipped

_WORD = re.compile(r"[^\W\d_]+")
_EVERY = 12
"""Of so many words one is exchanged for another of the same text, in every copy after the first."""
_ENDINGS = (".txt", ".nxml", ".xml", ".pdf", ".md")


def originals(studies: Path | None) -> list[str]:
    """The stored texts of the studies in a folder and in its folder ``openaccess``; of the shipped digests if None."""
    folders = [studies, studies / "openaccess"] if studies else [shipped("corpus")]
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]
    texts = [read_study(file).text for file in files if file.suffix in _ENDINGS and file.stem.lower() != "readme"]
    if not texts:
        raise FileNotFoundError(f"{studies} holds no studies")
    return texts


def written(texts: list[str], folder: Path, *, studies: int, words: int) -> Path:
    """A folder of ``studies`` text files of about ``words`` words each, made of ``texts``; 0 words for whole ones."""
    folder.mkdir(parents=True)
    for number, text in enumerate(islice(endless(texts), studies)):
        (folder / f"study-{number:05}.txt").write_text(cut(text, words) if words else text, "utf-8")
    return folder


def endless(texts: list[str]) -> Iterator[str]:
    """The texts, then perturbed copies of them without end; the same each time."""
    for copy in count():
        for text in texts:
            yield perturbed(text, copy) if copy else text


def perturbed(text: str, seed: int) -> str:
    """The text with every `_EVERY`-th word or so exchanged for another of its own; spaces and marks stay."""
    chance = random.Random(seed)
    words = _WORD.findall(text)
    return _WORD.sub(lambda found: found[0] if chance.randrange(_EVERY) else chance.choice(words), text)


def cut(text: str, words: int) -> str:
    """The first ``words`` words of ``text``, repeated with perturbation where it has fewer."""
    parts: list[str] = []
    left = words
    for copy in count():
        whole = perturbed(text, copy) if copy else text
        ends = [found.end() for found in re.finditer(r"\S+", whole)]
        if not ends:
            raise ValueError("a text without words can't be repeated")
        if len(ends) >= left:
            return "\n\n".join([*parts, whole[: ends[left - 1]]])
        parts.append(whole)
        left -= len(ends)
    raise AssertionError("count() has no end")
