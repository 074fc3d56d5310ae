"""The task ``reading``: is the stored text whole and clean, and are the sections right?"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.domain.study import Bibliography, Study
from assistant.readers.decoding import decode
from assistant.readers.registry import READER_VERSION, read_study
from assistant.store.codec import study_from_bytes, study_to_bytes
from evals.corpus import body_of
from evals.reading.agreement import agreement
from evals.reading.breaks import raw_sentences, stored_sentences
from evals.reading.layout import characters
from evals.reading.rewrite import WRITERS, read_back
from evals.reading.sections import SectionRow, found_sections, gold_sections, score_sections
from evals.suite.corpora import DIGESTS, STUDIES, World
from evals.suite.facing import Excerpt, Facing, side_by_side
from evals.suite.metrics import Metric
from evals.suite.parts import EVALS, Json, Sample, Score, Scorer, Task, Unscored

TEXT = "text"
_SECTIONS: Mapping[str, str] = {DIGESTS: "digests", STUDIES: "sections"}
"""Files of gold sections by set."""


@dataclass(frozen=True, slots=True)
class TextGold:
    """What a text really holds."""

    raw: str
    """Its words, before reading; for a digest without the front matter."""
    sections: tuple[SectionRow, ...]
    """In reading order."""


def samples(world: World) -> Iterator[Sample]:
    """Every text as it lies there, and every digest in other formats; the input is a study's id or a study."""
    for texts in world.sets(*_SECTIONS):
        listed = gold_sections(_SECTIONS[texts.name])
        for name, file in sorted(texts.files.items()):
            gold = TextGold(body_of(decode(file.read_bytes()).text), listed[name])
            yield Sample(f"{texts.name}/{TEXT}/{name}", texts.name, name, file, gold, TEXT)
    for texts in world.sets(DIGESTS):
        for name in sorted(texts.files):
            for ending in WRITERS:
                whole = texts.study(name)
                yield Sample(f"{texts.name}/{ending}/{name}", texts.name, name, whole, whole, ending)


class Reading:
    """The readers that ship."""

    def __init__(self, world: World) -> None:
        self.settings: Json = {"reader": READER_VERSION}

    def predict(self, sample: Sample) -> Json:
        """The study as the store would keep it: its JSON, compressed and in base 64."""
        study = read_study(sample.input) if sample.kind == TEXT else read_back(sample.input, sample.kind)
        return study_json(study)


def study_json(study: Study) -> Json:
    """A study as a prediction."""
    return {"study": base64.b64encode(study_to_bytes(study)).decode("ascii")}


def study_of(prediction: Json) -> Study:
    """What `study_json` wrote, without the bibliography."""
    return study_from_bytes(base64.b64decode(prediction["study"]), Bibliography())


def score_reading(sample: Sample, prediction: Json) -> Score | Unscored:
    """Sections, broken sentences and letters of a text; of another format, the reference's sentences."""
    study = study_of(prediction)
    return _score_text(study, sample.gold) if sample.kind == TEXT else _score_format(study, sample.gold)


def _score_text(study: Study, gold: TextGold) -> Score:
    sections = score_sections(found_sections(study), gold.sections)
    before, after = raw_sentences(gold.raw), stored_sentences(study, gold.raw)
    mine, theirs = characters(study.text), characters(gold.raw)
    values = {
        "listed": sections.listed,
        "sections": sections.found,
        "matched": sections.matched,
        "typed": sections.typed,
        "levelled": sections.levelled,
        "sentences before": len(before),
        "broken before": sum(bool(one.breaks) for one in before),
        "sentences": len(after),
        "broken": sum(bool(one.breaks) for one in after),
        "letters": theirs.total(),
        "letters lost": (theirs - mine).total(),
    }
    said = f"{sections.matched} of {sections.listed} sections, {values['broken']} of {len(after)} sentences broken"
    return Score({name: float(value) for name, value in values.items()}, said)


def _score_format(study: Study, reference: Study) -> Score:
    found = agreement(reference, study)
    values = {"whole": found.whole, "in order": found.in_order, "headings": found.headings, "garbled": found.garbled}
    return Score(values, f"{found.whole:.1%} of {found.sentences} sentences whole")


def scorer(world: World) -> Scorer:
    """The gold carries its text."""
    return score_reading


def facing(world: World, sample: Sample, prediction: Json) -> Facing:
    """Sections that should be there beside those that were made; then the broken sentences."""
    study = study_of(prediction)
    if sample.kind != TEXT:
        missing = [Excerpt(one, head="does not stand whole") for one in agreement(sample.gold, study).missing]
        return Facing(sample.id, side_by_side(missing, []))
    found = [Excerpt(section.title, head=section.type.value) for section in study.sections]
    listed = [Excerpt(row.hash[:12], head=f"{row.type.value} {row.level}") for row in sample.gold.sections]
    broken = [one for one in stored_sentences(study, sample.gold.raw) if one.breaks]
    rows = side_by_side(listed, found)
    return Facing(sample.id, (*rows, *((None, Excerpt(one.text, head=", ".join(one.breaks))) for one in broken)))


_FORMATS = frozenset(WRITERS)

TASK = Task(
    name="reading",
    summary="clean text, right sections",
    samples=samples,
    systems={"readers": Reading},
    scorer=scorer,
    metrics=(
        Metric("sections, recall", "matched", "listed"),
        Metric("sections, precision", "matched", "sections"),
        Metric("sections, type right", "typed", "matched"),
        Metric("sections, level right", "levelled", "matched"),
        Metric("sentences broken before reading", "broken before", "sentences before", falling=True),
        Metric("sentences broken", "broken", "sentences", falling=True),
        Metric("letters lost", "letters lost", "letters", falling=True),
        Metric("other formats, sentences whole", "whole", kinds=_FORMATS),
        Metric("other formats, in order", "in order", kinds=_FORMATS),
        Metric("other formats, headings", "headings", kinds=_FORMATS),
        Metric("other formats, words garbled per 10,000", "garbled", kinds=_FORMATS, falling=True),
    ),
    gold=(EVALS / "reading" / "gold",),
    facing=facing,
    columns=("sections, recall", "sections, precision", "sentences broken", "other formats, in order"),
)
