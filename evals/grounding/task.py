"""The task ``grounding``: does every span resolve, and is an altered quote turned away?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain.cmo import CmoConfiguration
from assistant.domain.spans import Quote, Span
from assistant.engines.extractive.opening import packaged_engine
from assistant.engines.protocol import Engine
from assistant.engines.waiting import result_of
from assistant.presentation.contracts import engine_json, quote_json
from assistant.tagging.places import codable_sentences
from assistant.text.quotes import locate
from assistant.work.extracting import extract_study
from evals.answering.asking import Answering
from evals.answering.questions import question_files
from evals.answering.samples import question_samples
from evals.grounding.alterations import ALTERATIONS, FROM_ELSEWHERE, RESPELLINGS, altered
from evals.suite.corpora import DIGESTS, STUDIES, Texts, World
from evals.suite.facing import Excerpt, Facing, side_by_side
from evals.suite.metrics import Metric
from evals.suite.parts import Json, Sample, Score, Scorer, Task, Unscored

QUESTIONS = 12
"""Answerable questions of each split and set whose citations are checked."""
SENTENCES = 8
"""Sentences of each study that are altered and respelled, evenly drawn."""
ANSWER, CANDIDATES, ALTERED, RESPELLED = "answer", "candidates", "altered", "respelled"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Quotes to be looked for in one study."""

    study: str
    """Where."""
    quotes: tuple[str, ...]
    """What."""


def samples(world: World) -> Iterator[Sample]:
    """Questions and studies whose every quote is checked, and quotes to be turned away or found."""
    for texts in world.sets(DIGESTS, STUDIES):
        yield from _questions(world, texts)
        for study in sorted(texts.files):
            yield Sample(f"{texts.name}/candidates/{study}", texts.name, study, study, None, CANDIDATES)
            yield from _lookups(texts, study)


def _questions(world: World, texts: Texts) -> Iterator[Sample]:
    asked = [one for one in question_samples(world) if one.set == texts.name and one.gold.answerable]
    for split in ("test", "dev"):
        own = [one for one in asked if one.split == split]
        for one in own[:: max(1, len(own) // QUESTIONS)][:QUESTIONS]:
            yield Sample(f"{texts.name}/answer/{one.id}", one.set, one.cluster, one.input, None, ANSWER, split)


def _lookups(texts: Texts, study: str) -> Iterator[Sample]:
    text, sentences = texts.study(study).text, _drawn(texts, study)
    for name in ALTERATIONS:
        if quotes := tuple(altered([span.of(text) for span in sentences], text, name)):
            yield _lookup(texts, study, ALTERED, name, quotes, None)
    other = sorted(texts.files)[sorted(texts.files).index(study) - 1]
    foreign = tuple(span.of(texts.study(other).text) for span in _drawn(texts, other))
    yield _lookup(texts, study, ALTERED, FROM_ELSEWHERE, tuple(one for one in foreign if one not in text), None)
    for name, respell in RESPELLINGS.items():
        changed = [(span, respell(span.of(text))) for span in sentences]
        if kept := [(span, quote) for span, quote in changed if quote != span.of(text)]:
            yield _lookup(texts, study, RESPELLED, name, tuple(q for _, q in kept), tuple(span for span, _ in kept))


def _lookup(
    texts: Texts, study: str, kind: str, name: str, quotes: Sequence[str], gold: Sequence[Span] | None
) -> Sample:
    return Sample(f"{texts.name}/{kind}/{study}/{name}", texts.name, study, Lookup(study, tuple(quotes)), gold, kind)


def _drawn(texts: Texts, study: str) -> list[Span]:
    sentences = [one.span for one in codable_sentences(texts.study(study)) if len(one.text.split()) >= 8]
    return sentences[:: max(1, len(sentences) // SENTENCES)][:SENTENCES]


class Quoting:
    """The tool: answers, drafts and looks quotes up."""

    def __init__(self, world: World, engine: Engine | None = None) -> None:
        self._world = world
        self._asking = Answering(world, engine)
        self._engine = engine or packaged_engine(world.cache)

    @property
    def settings(self) -> Json:
        """As of asking, and the tagger."""
        return {**self._asking.settings, "engine": engine_json(self._engine.record)}

    def predict(self, sample: Sample) -> Json:
        """Every quote shown for a question or a study, or what became of the quotes looked for."""
        if sample.kind == ANSWER:
            cited = self._asking.predict(sample)["citations"]
            return {"quotes": [{name: one[name] for name in _FIELDS} for one in cited]}
        study = self._world.of(sample.set).study(sample.cluster)
        if sample.kind == CANDIDATES:
            return {
                "quotes": quotes_json(study.id, quotes_of(result_of(extract_study(study, self._engine)).candidates))
            }
        return {"quotes": quotes_json(study.id, [locate(quote, study.text) for quote in sample.input.quotes])}


_FIELDS = ("study", "quote", "start", "end", "status")


def quotes_json(study: str, quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """Quotes of one study as a prediction."""
    return [{"study": study, **quote_json(quote)} for quote in quotes]


def quotes_of(candidates: Iterable[CmoConfiguration]) -> list[Quote]:
    """Every quote of every candidate."""
    return [quote for candidate in candidates for quote in candidate.quotes]


def scorer(world: World) -> Scorer:
    """Compares what is shown with the stored texts, character by character."""

    def score(sample: Sample, prediction: Json) -> Score | Unscored:
        return score_quotes(sample, prediction, world.of(sample.set))

    return score


def score_quotes(sample: Sample, prediction: Json, texts: Texts) -> Score | Unscored:
    """Counts of quotes by what became of them."""
    quotes = prediction["quotes"]
    if not quotes:
        return Unscored("nothing was quoted")
    found = [one for one in quotes if one["status"] != "not_found"]
    right = [one for one in found if texts.study(one["study"]).text[one["start"] : one["end"]] == one["quote"]]
    values = {"found": float(len(found)), "resolving": float(len(right))}
    count = float(len(quotes))
    if sample.kind == ALTERED:
        values |= {"altered": count, "turned away": count - len(found)}
    elif sample.kind == RESPELLED:
        wanted = [[span.start, span.end] for span in sample.gold]
        hit = sum([one["start"], one["end"]] == place for one, place in zip(quotes, wanted, strict=True))
        values |= {"respelled": count, "found again": float(hit)}
    else:
        values |= {"shown": count, "shown and found": float(len(found))}
    return Score(values, f"{len(quotes)} quotes, {len(found)} found, {len(right)} resolve")


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """What was looked for beside what stands there."""
    texts = world.of(sample.set)
    wanted = [Excerpt(one) for one in sample.input.quotes] if isinstance(sample.input, Lookup) else []
    shown = []
    for one in prediction["quotes"]:
        there = texts.study(one["study"]).text[one["start"] : one["end"]] if one["start"] is not None else ""
        shown.append(Excerpt(one["quote"], head=f"{one['status']}; in the text: {there or 'nothing'}"))
    return Facing(sample.id, side_by_side(wanted, shown))


TASK = Task(
    name="grounding",
    summary="every span resolves, altered quotes are turned away",
    samples=samples,
    systems={"extractive": Quoting, "model": lambda world: Quoting(world, world.asked().model)},
    scorer=scorer,
    metrics=(
        Metric("spans that resolve", "resolving", "found"),
        Metric("quotes shown that are found", "shown and found", "shown"),
        Metric("altered quotes turned away", "turned away", "altered"),
        Metric("respelled quotes found", "found again", "respelled"),
    ),
    gold=tuple(question_files()),
    facing=facing,
    columns=("spans that resolve", "altered quotes turned away", "respelled quotes found"),
)
