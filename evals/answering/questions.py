"""Development questions: what is asked, and which sentences answer it, told by hash so that no sentence is kept here.

A piece of evidence is a group of sentences any one of which gives it. A sentence is named by its study and the
sha256 of its words, so that the selector outlives changes of layout, of citation marks and of offsets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.text.words import words

FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True)
class Selector:
    """Names a sentence of a study."""

    study: str
    """Id of the study."""
    key: str
    """From `sentence_key`."""


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with what is known of its answer."""

    id: str
    """Stable."""
    question: str
    """As a researcher typed it."""
    kind: str
    """``factoid``, ``explanatory``, …; see the card."""
    evidence: tuple[tuple[Selector, ...], ...] = ()
    """Pieces of evidence, each a group of alternatives; none where the corpus is silent."""
    points: tuple[str, ...] = ()
    """What an answer should say, in own words."""
    author: str = ""
    """Who wrote it; empty where that was not noted."""
    split: str = "dev"
    """``dev`` where something may have been fitted or tried on it, else ``test``."""

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds evidence."""
        return bool(self.evidence)

    @property
    def studies(self) -> frozenset[str]:
        """Studies that hold its evidence."""
        return frozenset(selector.study for piece in self.evidence for selector in piece)


def sentence_key(text: str) -> str:
    """The hash of a sentence's words: folded, figures left out, joined by single spaces.

    Figures are left out because citation marks are figures that readers treat in different ways.
    """
    lettered = (word for word in words(text) if any(char.isalpha() for char in word))
    return hashlib.sha256(" ".join(lettered).encode()).hexdigest()


def load_questions(path: Path = FOLDER / "dev.jsonl") -> list[EvalQuestion]:
    """The questions of a file, in its order."""
    return [_parsed(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _parsed(raw: Mapping[str, object]) -> EvalQuestion:
    pieces = raw.get("evidence", [])
    points = raw.get("points", [])
    if not isinstance(pieces, list) or not isinstance(points, list):
        raise ValueError(f"question {raw.get('id')}: evidence and points are lists")
    return EvalQuestion(
        id=str(raw["id"]),
        question=str(raw["question"]),
        kind=str(raw["kind"]),
        evidence=tuple(tuple(Selector(one["study"], one["sha256"]) for one in piece) for piece in pieces),
        points=tuple(map(str, points)),
        author=str(raw.get("author", "")),
        split=str(raw.get("split", "dev")),
    )


class Resolver:
    """Selectors to places in the stored texts.

    Args:
        passages: All passages of the studies concerned.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._places: dict[Selector, list[Span]] = {}
        for passage in passages:
            for span in passage.sentences:
                text = span.shifted(-passage.span.start).of(passage.text)
                self._places.setdefault(Selector(passage.study, sentence_key(text)), []).append(span)

    def places(self, piece: Sequence[Selector]) -> list[tuple[str, Span]]:
        """Study and span of every sentence that gives a piece; empty where none is found in the stored texts."""
        return [(selector.study, span) for selector in piece for span in self._places.get(selector, [])]

    def unresolved(self, questions: Iterable[EvalQuestion]) -> list[tuple[str, Selector]]:
        """Question ids and selectors whose sentence is not in the stored texts."""
        return [
            (question.id, selector)
            for question in questions
            for piece in question.evidence
            for selector in piece
            if selector not in self._places
        ]
