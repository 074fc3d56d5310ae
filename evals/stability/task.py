"""The task ``stability``: how much of the evidence stays when nothing that matters has changed?"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from assistant.domain.answers import Answer, DraftAnswer
from assistant.engines.extractive.opening import packaged_engine
from assistant.engines.waiting import result_of
from assistant.presentation.contracts import answer_json, candidate_json
from assistant.work.answering import Asker
from assistant.work.extracting import extract_study
from evals.answering.asking import Answering, places, shared_settings
from evals.answering.measures import Place
from evals.answering.questions import FOLDER, load_paraphrases
from evals.answering.samples import question_samples
from evals.suite.corpora import DIGESTS, STUDIES, World
from evals.suite.facing import Excerpt, Facing, side_by_side
from evals.suite.metrics import Metric
from evals.suite.parts import Json, Sample, Score, Scorer, Task, Unscored

TWICE, SHUFFLED, PARAPHRASED, DRAFTED_TWICE = "twice", "shuffled", "paraphrased", "drafted twice"


def samples(world: World) -> Iterator[Sample]:
    """Every question that was also asked in other words, in three ways, and every study drafted twice."""
    asked = {sample.id.partition("/")[2]: sample for sample in question_samples(world)}
    for one in load_paraphrases():
        if (sample := asked.get(one.of)) is not None:
            for kind in (TWICE, SHUFFLED, PARAPHRASED):
                put = (sample.input, one.question if kind == PARAPHRASED else sample.input)
                name = f"{sample.set}/{kind}/{one.of}"
                yield Sample(name, sample.set, sample.cluster, put, None, kind, sample.split)
    for texts in world.sets(DIGESTS, STUDIES):
        for study in sorted(texts.files):
            name = f"{texts.name}/{DRAFTED_TWICE}/{study}"
            yield Sample(name, texts.name, study, (study, study), None, DRAFTED_TWICE)


class Repeating:
    """The tool asked twice, by two askers that share nothing but the store and the encoder."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._askers = (Answering(world), Answering(world))

    @property
    def settings(self) -> Json:
        """As of asking."""
        return shared_settings(self._world.encoder)

    def predict(self, sample: Sample) -> Json:
        """What came first and what came second."""
        first, second = sample.input
        if sample.kind == DRAFTED_TWICE:
            return {"first": self._drafted(sample.set, first), "second": self._drafted(sample.set, second)}
        one, other = (system.asker(sample.set) for system in self._askers)
        answer = one.ask(first)
        again = self._shuffled(other, answer, sample.id) if sample.kind == SHUFFLED else shown(other.ask(second))
        return {"first": shown(answer), "second": again}

    def _drafted(self, name: str, study: str) -> Json:
        engine = packaged_engine(self._world.cache)
        found = result_of(extract_study(self._world.of(name).study(study), engine)).candidates
        return {"candidates": [candidate_json(one) for one in found]}

    @staticmethod
    def _shuffled(asker: Asker, answer: Answer, seed: str) -> Json:
        """What the engine makes of the same passages in another order."""
        passages = list(answer.passages)
        random.Random(seed).shuffle(passages)
        draft = result_of(asker.engine.answer(answer.question, passages))
        return drafted(draft)


def shown(answer: Answer) -> Json:
    """An answer without its time."""
    found = answer_json(answer)
    del found["seconds"]
    return found


def drafted(draft: DraftAnswer) -> Json:
    """The citations of a draft, each where the engine took it from."""
    cited = [
        {"study": study, "quote": quote, "start": at, "end": None if at is None else at + len(quote)}
        for claim in draft.claims
        for (study, quote), at in zip(claim.support, claim.at, strict=True)
    ]
    return {"abstained": draft.reason is not None, "citations": cited}


def kept(first: Sequence[Place], second: Sequence[Place], *, strict: bool) -> float:
    """Share of the first places that are among the second, 0 to 1; NaN without first places.

    Strictly the very same span, else one that it shares a character with.
    """
    if not first:
        return math.nan
    if strict:
        return sum(one in second for one in first) / len(first)
    return sum(any(one[0] == other[0] and one[1].overlaps(other[1]) for other in second) for one in first) / len(first)


def score_pair(sample: Sample, prediction: Json) -> Score | Unscored:
    """How far the second is the first."""
    first, second = prediction["first"], prediction["second"]
    if sample.kind in {TWICE, DRAFTED_TWICE}:
        same = float(first == second)
        return Score({"identical": same}, "identical" if same else "the two differ")
    values = {"decision": float(first["abstained"] == second["abstained"])}
    cited, again = places(first, "citations"), places(second, "citations")
    values |= {f"citations {name}": kept(cited, again, strict=name == "strict") for name in ("strict", "relaxed")}
    if sample.kind == PARAPHRASED:
        values["passages"] = kept(places(first, "passages"), places(second, "passages"), strict=True)
    return Score(values, f"{len(cited)} citations, then {len(again)}")


def scorer(world: World) -> Scorer:
    """Needs nothing of the texts."""
    return score_pair


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """The first beside the second."""
    columns = [_excerpts(prediction[name]) for name in ("first", "second")]
    return Facing(" / ".join(dict.fromkeys(sample.input)), side_by_side(*columns))


def _excerpts(one: Json) -> list[Excerpt]:
    if "candidates" in one:
        return [Excerpt(candidate["statement"], head=candidate["id"]) for candidate in one["candidates"]]
    if one["abstained"]:
        return [Excerpt("abstained")]
    return [
        Excerpt(quote["quote"], head=f"{quote['study']} {quote['start']}:{quote['end']}") for quote in one["citations"]
    ]


def _about(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


TASK = Task(
    name="stability",
    summary="the same question, the same evidence",
    samples=samples,
    systems={"extractive": Repeating},
    scorer=scorer,
    metrics=(
        Metric("same input twice, identical answer", "identical", kinds=_about(TWICE)),
        Metric("same study twice, identical candidates", "identical", kinds=_about(DRAFTED_TWICE)),
        *(
            metric
            for kind, words in ((SHUFFLED, "passages shuffled"), (PARAPHRASED, "question paraphrased"))
            for metric in (
                Metric(f"{words}, citations kept", "citations relaxed", kinds=_about(kind)),
                Metric(f"{words}, same spans", "citations strict", kinds=_about(kind)),
                Metric(f"{words}, both answer or both abstain", "decision", kinds=_about(kind)),
            )
        ),
        Metric("question paraphrased, passages kept", "passages", kinds=_about(PARAPHRASED)),
    ),
    gold=(FOLDER,),
    facing=facing,
    columns=("passages shuffled, citations kept", "question paraphrased, citations kept"),
)
