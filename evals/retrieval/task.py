"""The task ``retrieval``: is the evidence among the eight passages that an engine is given?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Question
from assistant.retrieval.retriever import DEFAULT_PASSAGES, Retriever
from evals.answering.asking import places, shared_settings
from evals.answering.measures import Place, hits, holds
from evals.answering.questions import question_files
from evals.answering.samples import QuestionGold, gold_excerpts, question_samples, shown_excerpts
from evals.answering.task import KINDS
from evals.baselines.systems import retrieval_baselines
from evals.suite.corpora import Texts, World
from evals.suite.facing import Facing, side_by_side
from evals.suite.metrics import Metric
from evals.suite.parts import Json, Sample, Score, Scorer, Task, Unscored

PASSAGE_MEASURES = (f"nDCG@{DEFAULT_PASSAGES}", "RR", f"R@{DEFAULT_PASSAGES}")
SENTENCE_MEASURES = ("nDCG@100", "R@100")
"""Named as ir_measures names them."""


class Shipped:
    """Retrieval as `realist ask` runs it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._retrievers: dict[str, Retriever] = {}

    @property
    def settings(self) -> Json:
        """Encoder, sizes and the hashes of the weights."""
        return {"passages": DEFAULT_PASSAGES, **shared_settings(self._world.encoder)}

    def predict(self, sample: Sample) -> Json:
        """The passages for a question, best first."""
        if sample.set not in self._retrievers:
            self._retrievers[sample.set] = Retriever(self._world.of(sample.set).corpus.index, self._world.encoder)
        found = self._retrievers[sample.set].retrieve(Question(sample.input))
        return passages_json([(one.passage.study, one.passage.span) for one in found])


def passages_json(shown: Sequence[Place]) -> Json:
    """A ranking, best first, as a prediction."""
    return {"passages": [{"study": study, "start": span.start, "end": span.end} for study, span in shown]}


@dataclass
class Units:
    """The passages and sentences of a set: the documents that the two levels of relevance judgements name."""

    passages: Mapping[str, Place]
    """By `name_of`, in the order of the texts."""
    sentences: Mapping[str, Place]
    """By `name_of`, in the order of the texts."""

    @classmethod
    def of(cls, texts: Texts) -> Units:
        """Those of the set's store."""
        stored = [passage for study in sorted(texts.corpus.ids) for passage in texts.store.passages_of(study)]
        passages = [(one.study, one.span) for one in stored]
        sentences = [(one.study, span) for one in stored for span in one.sentences]
        return cls({name_of(one): one for one in passages}, {name_of(one): one for one in sentences})

    def passage_with(self, place: Place) -> str:
        """The name of the passage that a place stands in; empty where it stands in none."""
        found = (name for name, one in self.passages.items() if holds(one, place, strict=True))
        return next(found, "")


def name_of(place: Place) -> str:
    """Names a passage or sentence: study and offsets."""
    return f"{place[0]}:{place[1].start}-{place[1].end}"


def relevant(pieces: Sequence[Sequence[Place]], units: Mapping[str, Place]) -> dict[str, int]:
    """The units that hold evidence, as relevance judgements."""
    evidence = [sentence for piece in pieces for sentence in piece]
    return {
        name: 1 for name, unit in units.items() if any(holds(unit, sentence, strict=False) for sentence in evidence)
    }


def ranked_measures(names: Sequence[str], judged: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """ir_measures of one ranking, best first; NaN where nothing is judged relevant."""
    import ir_measures

    if not judged:
        return dict.fromkeys(names, math.nan)
    run = {"q": {name: float(len(ranking) - at) for at, name in enumerate(dict.fromkeys(ranking))}}
    measures = [ir_measures.parse_measure(name) for name in names]
    if not ranking:
        return dict.fromkeys(names, 0.0)
    found = ir_measures.calc_aggregate(measures, {"q": dict(judged)}, run)
    return {str(measure): float(value) for measure, value in found.items()}


def score_passages(sample: Sample, prediction: Json, units: Units) -> Score | Unscored:
    """Evidence in the passages shown, and the ranking at both levels.

    A passage that was cut to fit counts as the whole one. Passages that a system made for itself are no documents of
    the passage level, which is then undefined.
    """
    gold: QuestionGold = sample.gold
    if gold.lost:
        return Unscored("evidence that is not in the texts as they read now")
    if not gold.pieces:
        return Unscored("no evidence to find")
    shown = places(prediction, "passages")
    values = {"characters": float(sum(len(span) for _, span in shown))}
    for name, strict in (("strict", True), ("relaxed", False)):
        held = hits(gold.pieces, shown, strict=strict)
        values |= {f"recall {name}": held.recall, f"any {name}": float(held.any)}
    names = [units.passage_with(place) for place in shown]
    if all(names):
        found = ranked_measures(PASSAGE_MEASURES, relevant(gold.pieces, units.passages), names)
        values |= {f"passage {name}": value for name, value in found.items()}
    sentences = [name for place in shown for name, one in units.sentences.items() if holds(place, one, strict=True)]
    found = ranked_measures(SENTENCE_MEASURES, relevant(gold.pieces, units.sentences), sentences)
    values |= {f"sentence {name}": value for name, value in found.items()}
    return Score(values, f"{values['recall relaxed']:.0%} of the evidence in {len(shown)} passages")


def scorer(world: World) -> Scorer:
    """Knows the passages and sentences of every set at hand."""
    units: dict[str, Units] = {}

    def score(sample: Sample, prediction: Json) -> Score | Unscored:
        if sample.set not in units:
            units[sample.set] = Units.of(world.of(sample.set))
        return score_passages(sample, prediction, units[sample.set])

    return score


def answerable(world: World) -> list[Sample]:
    """The questions that have evidence."""
    return [sample for sample in question_samples(world) if sample.gold.answerable]


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """Evidence beside the passages."""
    texts = world.of(sample.set)
    shown = shown_excerpts(texts, sample.gold, places(prediction, "passages"), "passage")
    return Facing(str(sample.input), side_by_side(gold_excerpts(texts, sample.gold), shown))


TASK = Task(
    name="retrieval",
    summary="evidence among the passages found",
    samples=answerable,
    systems={"extractive": Shipped, **retrieval_baselines()},
    scorer=scorer,
    metrics=(
        Metric("evidence recall", "recall relaxed"),
        Metric("evidence recall, whole sentences", "recall strict"),
        Metric("any evidence", "any relaxed"),
        Metric("any evidence, whole sentences", "any strict"),
        *(Metric(f"passages, {name}", f"passage {name}") for name in PASSAGE_MEASURES),
        *(Metric(f"sentences, {name}", f"sentence {name}") for name in SENTENCE_MEASURES),
        *(Metric(f"evidence recall, {kind}", "recall relaxed", kinds=frozenset({kind})) for kind in KINDS),
        Metric("characters shown", "characters", falling=True),
    ),
    gold=tuple(question_files()),
    facing=facing,
    columns=(
        "evidence recall",
        "any evidence",
        "evidence recall, whole sentences",
        "sentences, nDCG@100",
        "characters shown",
    ),
    extras=("ir_measures",),
)
