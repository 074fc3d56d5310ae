"""The questions as samples: what is asked of which texts, and where the evidence stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.answering.measures import Place
from evals.answering.questions import FOLDER, EvalQuestion, load_questions
from evals.suite.corpora import DIGESTS, STUDIES, Texts, World
from evals.suite.facing import Excerpt, excerpt
from evals.suite.parts import Sample

PATTERNS: Mapping[str, tuple[str, ...]] = {DIGESTS: ("dev.jsonl", "digests.*.jsonl"), STUDIES: ("studies.*.jsonl",)}
"""Names of the files of questions by the set that they are asked of."""


@dataclass(frozen=True, slots=True)
class QuestionGold:
    """What is known of the answer."""

    pieces: tuple[tuple[Place, ...], ...]
    """Evidence by piece, each a group of places any one of which gives it; none where the texts are silent."""
    points: tuple[str, ...]
    """What an answer should say, in own words."""
    lost: int
    """Pieces of which no sentence is in the texts as they read now."""

    @property
    def answerable(self) -> bool:
        """Whether the texts hold evidence, or held it when the question was written."""
        return bool(self.pieces) or bool(self.lost)


def files_of(name: str) -> tuple[Path, ...]:
    """The files of questions that are asked of a set."""
    return tuple(file for pattern in PATTERNS[name] for file in sorted(FOLDER.glob(pattern)))


def question_samples(world: World) -> Iterator[Sample]:
    """Every question whose evidence the texts at hand may hold; a sample's input is the question as typed."""
    for texts in world.sets(*PATTERNS):
        for file in files_of(texts.name):
            yield from _samples(texts, load_questions(file))


def _samples(texts: Texts, questions: Sequence[EvalQuestion]) -> Iterator[Sample]:
    for one in questions:
        if all(study in texts for study in one.studies):
            yield Sample(
                id=f"{texts.name}/{one.id}",
                set=texts.name,
                cluster=" ".join(sorted(one.studies)) or one.id,
                input=one.question,
                gold=_gold(texts, one),
                kind=one.kind,
                split=one.split,
            )


def _gold(texts: Texts, question: EvalQuestion) -> QuestionGold:
    found = [tuple(texts.corpus.resolver.places(piece)) for piece in question.evidence]
    pieces = tuple(piece for piece in found if piece)
    return QuestionGold(pieces, question.points, len(found) - len(pieces))


def gold_excerpts(texts: Texts, gold: QuestionGold) -> list[Excerpt]:
    """The evidence and the points, for the eye."""
    shown = [
        excerpt(texts.study(study).text, span, [(span, "evidence")], f"piece {number}: {study} {span.start}:{span.end}")
        for number, piece in enumerate(gold.pieces, 1)
        for study, span in piece
    ]
    return [*shown, *(Excerpt(point, head="point of the answer") for point in gold.points)]


def shown_excerpts(texts: Texts, gold: QuestionGold, places: Sequence[Place], name: str) -> list[Excerpt]:
    """Passages or quotes with the evidence in them marked."""
    evidence = [(study, span) for piece in gold.pieces for study, span in piece]
    return [
        excerpt(
            texts.study(study).text,
            span,
            [(at, "evidence") for other, at in evidence if other == study],
            f"{name} {number}: {study} {span.start}:{span.end}",
        )
        for number, (study, span) in enumerate(places, 1)
    ]
