"""The task ``extraction``: are the configurations found that coders found?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.domain.cmo import Level, Role
from assistant.tagging.trained.card import FOLDER as WEIGHTS
from assistant.tagging.trained.files import card_of
from evals.extraction import metrics
from evals.extraction.coding.files import CodedSpans
from evals.extraction.drafting import Drafting
from evals.extraction.evaluate import GOLD, CodedStudy, coded_study, codings_in, systems
from evals.extraction.predictions import configurations_json, configurations_of
from evals.extraction.train.settings import DEVELOPMENT
from evals.suite.corpora import ARTICLES, DIGESTS, OWN, STUDIES, World
from evals.suite.facing import Excerpt, Facing, excerpt
from evals.suite.metrics import Metric
from evals.suite.parts import Json, Sample, Score, Scorer, System, Task, Unscored

FOLDERS: Mapping[str, Path] = {DIGESTS: GOLD / "digests", STUDIES: GOLD, ARTICLES: GOLD / "articles"}
"""Where the codings of each set lie."""
BASELINES = ("rules", "connectives", "zero-shot", "findings")
"""What the tagger is set beside."""


def samples(world: World) -> Iterator[Sample]:
    """Every coded study at hand; a sample's input is its sentences that may be coded, its gold every coding."""
    folders = {**FOLDERS, OWN: world.own_gold} if world.own_gold else FOLDERS
    for texts in world.sets(*folders):
        for name, codings in codings_in(folders[texts.name]).items():
            if name in texts:
                coded = coded_study(texts.study(name), codings)
                split = "dev" if name in DEVELOPMENT else "test"
                yield Sample(f"{texts.name}/{name}", texts.name, name, coded.sentences, coded, split=split)


class Finder:
    """One of the systems of `evals.extraction.systems`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._system = systems([name], None)[name]

    @property
    def settings(self) -> Json:
        """Name, and of the tagger its weights and their hash."""
        if self._name != "tagger":
            return {"system": self._name}
        weights = hashlib.sha256((WEIGHTS / "tagger.safetensors").read_bytes()).hexdigest()
        return {"system": card_of(WEIGHTS).name, "weights_sha256": weights}

    def predict(self, sample: Sample) -> Json:
        """The configurations found in a study."""
        return {"configurations": configurations_json(self._system(sample.input))}


class SecondCoder:
    """The second coder as if it were a system, scored against the first: how far coders agree."""

    settings: Json = {"system": "the second coder against the first"}  # noqa: RUF012 - what the protocol asks for

    def __init__(self, world: World) -> None:
        self._golds = {sample.id: sample.gold for sample in samples(world)}

    def predict(self, sample: Sample) -> Json:
        """The second coding; it names the first, against which alone it may be scored."""
        coders = self._golds[sample.id].coders
        if len(coders) < 2:
            return {"configurations": [], "against": ""}
        first, second, *_ = coders
        return {"configurations": configurations_json(self._golds[sample.id].codings[second]), "against": first}


def score_coding(sample: Sample, prediction: Json) -> Score | Unscored:
    """The codebook's comparisons of a prediction with the gold, and alpha; against one coder where it names one."""
    coded: CodedStudy = sample.gold
    if coded.lost:
        return Unscored(f"{coded.lost} coded configurations are not in the study as it reads now")
    found = configurations_of(prediction["configurations"])
    against = prediction.get("against")
    if against is not None:
        if not against:
            return Unscored("coded by one coder only")
        coded = replace(coded, codings={against: coded.codings[against]})
    values = {**coded.scored(found), "alpha": _alpha(coded, found), "candidates": float(len(found))}
    return Score(values, f"{len(found)} configurations, F1 {values['configurations']:.2f}")


def _alpha(coded: CodedStudy, found: tuple[CodedSpans, ...]) -> float:
    sentences = [one.span for one in coded.sentences]
    return metrics.mean([metrics.alpha(gold, found, coded.study.text, sentences) for gold in coded.golds])


def scorer(world: World) -> Scorer:
    """The gold carries its study."""
    return score_coding


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """Each configuration of the gold beside the one that was matched to it, then those that match nothing."""
    coded: CodedStudy = sample.gold
    text, gold = coded.study.text, coded.golds[0]
    found = configurations_of(prediction["configurations"])
    pairs = {pair.first: pair for pair in metrics.matched(gold, found, text)}
    taken = {pair.second for pair in pairs.values()}
    rows: list[tuple[Excerpt | None, Excerpt | None]] = []
    for at, one in enumerate(gold):
        pair = pairs.get(at)
        right = _excerpt(found[pair.second], text, f" pair score {pair.score:.2f}") if pair else None
        rows.append((_excerpt(one, text), right))
    rows += [(None, _excerpt(one, text, " matched by none")) for at, one in enumerate(found) if at not in taken]
    return Facing(sample.id, tuple(rows))


def _excerpt(one: CodedSpans, text: str, note: str = "") -> Excerpt:
    marks = [(span, role.value) for role in Role for span in getattr(one, role.value)]
    return excerpt(text, one.passage, marks, f"{one.id} {one.level.value} {one.polarity.value}{note}")


def _finder(name: str) -> Callable[[World], System]:
    return lambda world: Finder(name)


TASK = Task(
    name="extraction",
    summary="configurations found, by the codebook's comparisons",
    samples=samples,
    systems={
        "tagger": _finder("tagger"),
        "model": lambda world: Drafting(world, world.asked().model),
        "cascade": lambda world: Drafting(world, world.asked().cascade),
        "coders": SecondCoder,
        **{name: _finder(name) for name in BASELINES},
    },
    scorer=scorer,
    metrics=(
        Metric("configurations", "configurations"),
        Metric("configurations, strict", "configurations strict"),
        Metric("configurations, precision", "configuration precision"),
        Metric("configurations, recall", "configuration recall"),
        Metric("complete configurations only", "complete configurations"),
        *(Metric(f"recall, {level.value}", f"recall {level.value}") for level in Level),
        Metric("detection", "detection"),
        Metric("detection, precision", "detection precision"),
        Metric("detection, recall", "detection recall"),
        Metric("roles", "roles"),
        *(Metric(name, name) for name in (*metrics.ROLES, *metrics.SPLIT)),
        Metric("roles, exact spans", "exact spans"),
        Metric("alpha", "alpha"),
        Metric("candidates", "candidates"),
    ),
    gold=tuple(FOLDERS.values()),
    facing=facing,
    columns=("detection", "roles", "configurations", "configurations, strict", "complete configurations only"),
    extras=("krippendorff", "scipy"),
)
