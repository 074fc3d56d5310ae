"""The task ``answering``: does an answer cite the evidence, and is there none where the texts are silent?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.answers import AbstentionReason
from assistant.text.words import content_stems
from evals.answering.asking import Answering, places
from evals.answering.judgements import judged_values, readings_on
from evals.answering.measures import hits, supports
from evals.answering.questions import question_files
from evals.answering.samples import QuestionGold, gold_excerpts, question_samples, shown_excerpts
from evals.baselines.systems import answering_baselines
from evals.suite.corpora import World
from evals.suite.facing import Excerpt, Facing, side_by_side
from evals.suite.metrics import Metric
from evals.suite.parts import Json, Sample, Score, Scorer, Task, Unscored

KINDS = ("factoid", "explanatory", "method", "quotation", "cross_study", "contradiction")
"""Kinds of questions that have evidence."""
OUT_OF_SCOPE = "out_of_scope"
_SILENT_REASONS = frozenset({AbstentionReason.NO_EVIDENCE.value, AbstentionReason.NOT_RETRIEVED.value})
_COVERED = 0.5
"""Share of a point's stems in the answer from which the point counts as covered, relaxed."""


def score_answer(sample: Sample, prediction: Json) -> Score | Unscored:
    """What an answer is worth: its citations against the evidence, or its abstention against the texts' silence."""
    gold: QuestionGold = sample.gold
    if gold.lost:
        return Unscored("evidence that is not in the texts as they read now")
    citations = prediction["citations"]
    found = [one for one in citations if one["status"] != "not_found"]
    values = {"cited": float(len(citations)), "resolved": float(len(found)), **_abstention(sample, prediction)}
    if not gold.answerable:
        return Score(values, _said(prediction))
    cited = places(prediction, "citations")
    for name, strict in (("strict", True), ("relaxed", False)):
        held = hits(gold.pieces, cited, strict=strict)
        values |= {f"recall {name}": held.recall, f"any {name}": float(held.any)}
        values |= {f"right {name}": float(sum(supports(one, gold.pieces, strict=strict) for one in cited))}
        values |= {f"points {name}": points_covered(gold.points, _text(prediction), strict=strict)}
    values |= judged_values(readings_on(prediction, gold.points))
    values |= {"located": float(len(cited)), "characters": float(sum(len(span) for _, span in cited))}
    return Score(values, f"{_said(prediction)}; {values['recall relaxed']:.0%} of the evidence cited")


def _abstention(sample: Sample, prediction: Json) -> dict[str, float]:
    """Counts of abstaining, wanted and not, by reason; the metrics set one over another."""
    reason = prediction.get("reason")
    wanted = not sample.gold.answerable
    out, silent = sample.kind == OUT_OF_SCOPE, wanted and sample.kind != OUT_OF_SCOPE
    said_out, said_silent = reason == OUT_OF_SCOPE, reason in _SILENT_REASONS
    values = {
        "abstained": float(prediction["abstained"]),
        "rightly abstained": float(prediction["abstained"] and wanted),
        "wanted": float(wanted),
        "said out": float(said_out),
        "is out": float(out),
        "rightly out": float(out and said_out),
        "said silent": float(said_silent),
        "is silent": float(silent),
        "rightly silent": float(silent and said_silent),
    }
    where = "out of scope" if out else "silent" if wanted else "answerable"
    return {**values, f"abstained where {where}": values["abstained"]}


def points_covered(points: Sequence[str], answer: str, *, strict: bool) -> float:
    """Share of the points whose content words stand in the answer by their stems; NaN without points.

    Strictly all of a point's stems must be there, else half of them.
    """
    said = frozenset(content_stems(answer))
    wanted = [stems for point in points if (stems := frozenset(content_stems(point)))]
    needed = 1.0 if strict else _COVERED
    return sum(len(stems & said) >= needed * len(stems) for stems in wanted) / len(wanted) if wanted else math.nan


def _text(prediction: Json) -> str:
    return "" if prediction["abstained"] else str(prediction["answer"])


def _said(prediction: Json) -> str:
    if prediction["abstained"]:
        return f"abstained: {prediction.get('reason')}"
    return f"answered with {len(prediction['citations'])} citations"


def scorer(world: World) -> Scorer:
    """Needs nothing of the texts: the gold's places were found when the samples were made."""
    return score_answer


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """Evidence and points beside the citations; beside each point, where a judge was asked, the words it found."""
    texts, gold = world.of(sample.set), sample.gold
    readings = readings_on(prediction, gold.points)
    cited = shown_excerpts(texts, gold, places(prediction, "citations"), "citation")
    said = [Excerpt(str(prediction["answer"]), head="answer")] if prediction["abstained"] else cited
    if not readings:
        return Facing(str(sample.input), side_by_side(gold_excerpts(texts, gold), said))
    rows = side_by_side(gold_excerpts(texts, replace(gold, points=())), said)
    found = [_found(at, readings) for at in range(len(gold.points))]
    points = [Excerpt(point, head="point of the answer") for point in gold.points]
    return Facing(str(sample.input), (*rows, *side_by_side(points, found)))


def _found(at: int, readings: Sequence[Json]) -> Excerpt:
    """The words in which readings found a point, each once."""
    quotes = [reading["said"][at] for reading in readings if "said" in reading]
    words = dict.fromkeys(filter(None, quotes))
    return Excerpt("\n".join(words), head=f"judged: made in {sum(map(bool, quotes))} of {len(quotes)} readings")


METRICS = (
    Metric("evidence recall", "recall relaxed"),
    Metric("evidence recall, whole sentences", "recall strict"),
    Metric("any evidence", "any relaxed"),
    Metric("any evidence, whole sentences", "any strict"),
    Metric("citation precision", "right relaxed", "located"),
    Metric("citation precision, nothing beside", "right strict", "located"),
    Metric("citations that resolve", "resolved", "cited"),
    Metric("answer points", "points relaxed"),
    Metric("answer points, every word", "points strict"),
    Metric("abstained, corpus silent", "abstained where silent"),
    Metric("abstained, answerable", "abstained where answerable", falling=True),
    Metric("abstention precision", "rightly abstained", "abstained"),
    Metric("abstention recall", "rightly abstained", "wanted"),
    Metric("out of scope, precision", "rightly out", "said out"),
    Metric("out of scope, recall", "rightly out", "is out"),
    Metric("no evidence or not retrieved, precision", "rightly silent", "said silent"),
    Metric("no evidence or not retrieved, recall", "rightly silent", "is silent"),
    *(Metric(f"evidence recall, {kind}", "recall relaxed", kinds=frozenset({kind})) for kind in KINDS),
    Metric("characters cited", "characters", falling=True),
)

TASK = Task(
    name="answering",
    summary="evidence in the citations, abstention where the texts are silent",
    samples=question_samples,
    systems={
        "extractive": Answering,
        "model": lambda world: Answering(world, world.asked().model),
        **answering_baselines(),
    },
    scorer=scorer,
    metrics=METRICS,
    gold=tuple(question_files()),
    facing=facing,
    columns=(
        "evidence recall",
        "any evidence",
        "citation precision",
        "abstained, corpus silent",
        "abstained, answerable",
    ),
)
