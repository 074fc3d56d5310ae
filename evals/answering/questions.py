"""Questions: what is asked, and which sentences answer it, told by hash so that no sentence is kept here.

A piece of evidence is a group of sentences any one of which gives it. A sentence is named by its study and the
sha256 of its words, so that the selector outlives changes of layout, of citation marks and of offsets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.text.words import words

FOLDER = Path(__file__).parent / "questions"

KindWithEvidence = Literal["factoid", "explanatory", "cross_study", "contradiction", "quotation", "method"]
SilentKind = Literal["unanswerable", "false_premise", "out_of_scope"]
Split = Literal["train", "dev", "test"]
"""Weights are trained on ``train``, the few weights that join them fitted on ``dev``, and ``test`` is measured."""
SILENT: frozenset[str] = frozenset(get_args(SilentKind))
"""Kinds of question that the corpus does not answer."""


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
    """Who wrote it and marked its evidence: ``d1``, ``w1``, …"""
    split: Split = "dev"
    """``train`` and ``dev``: fitted and chosen on; ``test``: measured on, and nothing else."""

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


class SelectorLine(BaseModel):
    """A sentence as a file of questions names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    study: str = Field(min_length=1)
    """Id of the study."""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """From `sentence_key`."""


class QuestionLine(BaseModel):
    """A line of a file of questions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    """Unique in all files."""
    question: str = Field(min_length=1)
    """As a researcher typed it."""
    kind: KindWithEvidence | SilentKind
    """See the card."""
    author: str = Field(min_length=1)
    """Who wrote it."""
    split: Split
    """What it may be used for."""
    evidence: tuple[tuple[SelectorLine, ...], ...] = ()
    """Pieces, each a group of alternatives."""
    points: tuple[str, ...] = ()
    """What an answer should say."""

    @model_validator(mode="after")
    def _whole(self) -> QuestionLine:
        if bool(self.evidence) is (self.kind in SILENT):
            raise ValueError(f"question {self.id}: {self.kind} and {len(self.evidence)} pieces of evidence do not go")
        if not all(self.evidence):
            raise ValueError(f"question {self.id}: a piece of evidence names no sentence")
        return self

    def plain(self) -> EvalQuestion:
        """The question as the evaluations use it."""
        pieces = tuple(tuple(Selector(one.study, one.sha256) for one in piece) for piece in self.evidence)
        return EvalQuestion(self.id, self.question, self.kind, pieces, self.points, self.author, self.split)


class Paraphrase(BaseModel):
    """A line of ``paraphrases.jsonl``: a question in other words, for measuring how much of the evidence stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    """Unique in its file."""
    of: str = Field(min_length=1)
    """Id of the question that it says again; the evidence is the same."""
    question: str = Field(min_length=1)
    """The other words."""


def load_paraphrases(path: Path = FOLDER / "paraphrases.jsonl") -> list[Paraphrase]:
    """The paraphrases of a file, in its order.

    Raises:
        ValueError: If a line is not as `Paraphrase` says.
    """
    return [Paraphrase.model_validate_json(line) for line in _lines(path)]


def load_questions(path: Path = FOLDER / "dev.jsonl") -> list[EvalQuestion]:
    """The questions of a file, in its order.

    Raises:
        ValueError: If a line is not as `QuestionLine` says.
    """
    return [QuestionLine.model_validate_json(line).plain() for line in _lines(path)]


def question_files() -> list[Path]:
    """The files of questions with gold: ``dev.jsonl``, and for each corpus and author ``CORPUS.AUTHOR.jsonl``."""
    return sorted({FOLDER / "dev.jsonl", *FOLDER.glob("*.*.jsonl")})


def questions_of(split: Split) -> list[EvalQuestion]:
    """All questions of a split, of all authors."""
    return [one for path in question_files() for one in load_questions(path) if one.split == split]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


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
