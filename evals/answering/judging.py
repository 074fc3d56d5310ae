"""A chat model as judge: which of the points that an answer should make does it make?

The judge alone is shown gold, the points in own words, and only after the answer was given. What it says is kept with
the answer, so that it is scored like any other prediction, and scored again without asking.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.engines.model.prompting import request_for
from assistant.engines.model.replies import VERDICTS, JudgeReply, StatedVerdict, label_of
from assistant.engines.model.settling import Settled, Settling
from assistant.engines.waiting import each_of, in_order
from assistant.errors import RealistError
from assistant.text.quotes import locate
from evals.answering.judgements import TASK
from evals.answering.samples import QuestionGold
from evals.suite.chat import Chat
from evals.suite.corpora import World
from evals.suite.parts import Item, Json, Sample, Score
from evals.suite.records import Header, Record, TaskHeader
from evals.suite.runs import Watch, load_task

_MARKERS = re.compile(r"(?: ?\[\d+\])+")
"""Numbers of citations, which stand in the way of quoting."""


@dataclass(frozen=True)
class Judge:
    """Reads answers."""

    chat: Chat
    """Who is asked."""
    repeats: int = 3
    """How often each answer is read."""

    @property
    def settings(self) -> Json:
        """For the record: model, parameters, the prompts' hashes, readings."""
        prompts = self.chat.model.prompts
        used = {one.record.id: one.record.hash for one in (prompts.judge, prompts.repair)}
        return {**self.chat.sender, "prompts": used, "repeats": self.repeats}

    async def readings(self, question: str, points: Sequence[str], answer: str) -> list[Json]:
        """What each reading of ``answer`` found; nothing is asked about one that is empty, which makes no point."""
        if not answer.strip():
            return [{"said": [""] * len(points)} for _ in range(self.repeats)]
        labelled = {f"P{number}": " ".join(point.split()) for number, point in enumerate(points, 1)}
        text = _MARKERS.sub("", answer)
        under_way = (self._reading(question, labelled, text, turn) for turn in range(self.repeats))
        return list(await asyncio.gather(*under_way))

    async def _reading(self, question: str, points: Mapping[str, str], answer: str, turn: int) -> Json:
        """One reading; each begins with another point, and under another mark, so that none is taken for another."""
        turned = [*points][turn % len(points) :] + [*points][: turn % len(points)]
        values = {
            "question": question,
            "points": "\n".join(f"{label} | {points[label]}" for label in turned),
            "answer": answer,
            "turn": str(turn),
        }
        name = hashlib.sha256("\0".join(values.values()).encode()).hexdigest()[:16]
        model = self.chat.model
        request = request_for(f"judge/{name}", model.prompts.judge, JudgeReply, values)
        settling = Settling(model.caller, model.prompts.repair, VERDICTS, lambda one: fault(one, points, answer))
        try:
            return reading(points, await settling.settle(request, await model.caller.call(request)))
        except RealistError as error:
            return {"problem": f"{type(error).__name__}: {error}"}


def fault(verdict: StatedVerdict, points: Mapping[str, str], answer: str) -> str:
    """What is wrong with a verdict, for the model to read; empty if nothing.

    Args:
        verdict: As stated.
        points: By label.
        answer: In which its quote must stand.
    """
    if label_of(verdict.point) not in points:
        return f"There is no point {verdict.point}"
    if verdict.said and not verdict.quote:
        return "It is said to be made, but no words of the answer are quoted for it"
    if verdict.said and not locate(verdict.quote or "", answer).found:
        return f"Not found in the answer: “{verdict.quote}”"
    return ""


def reading(points: Mapping[str, str], settled: Settled[StatedVerdict]) -> Json:
    """The words that make each point, in the order of ``points``; a problem where any lacks a verdict, or has two."""
    said: dict[str, list[str]] = {label: [] for label in points}
    for one in settled.items:
        said[label_of(one.point)].append((one.quote or "") if one.said else "")
    unclear = [label for label, quotes in said.items() if len({bool(quote) for quote in quotes}) != 1]
    if unclear:
        return {"problem": settled.problem or f"no verdict, or more than one, on {', '.join(unclear)}"}
    return {"said": [quotes[0] for quotes in said.values()]}


def judged(record: Record, world: World, judge: Judge, watch: Watch = lambda name, done, total: None) -> Record:
    """A record with the judge's readings beside every answer to a question that has points; the rest as it was.

    Args:
        record: Of a run that keeps its predictions.
        world: The texts that it is about.
        judge: Who reads.
        watch: Told of progress.
    """
    task = load_task(TASK)
    score = task.scorer(world)
    samples = {sample.id: sample for sample in task.samples(world)}
    items = dict(record.items)

    async def one(item: Item) -> Item:
        sample = samples.get(item.id)
        if sample is None or item.prediction is None or not _to_be_judged(sample, item):
            return item
        said = "" if item.prediction["abstained"] else str(item.prediction["answer"])
        points = sample.gold.points
        readings = await judge.readings(str(sample.input), points, said)
        prediction = {**item.prediction, "judged": {"points": list(points), "readings": readings}}
        return replace(item, prediction=prediction, score=score(sample, prediction))

    for system in record.systems(TASK):
        found, done = record.of(TASK, system), list[Item]()
        for item in each_of(in_order(found, one, judge.chat.model.in_hand)):
            done.append(item)
            watch(f"judging {system}", len(done), len(found))
        items[TASK, system] = tuple(done)
    return Record(_with_judge(record, judge), items)


def _with_judge(record: Record, judge: Judge) -> Header:
    """The header, which says who judged."""
    part = record.header.tasks.get(TASK, TaskHeader()).model_copy(update={"judge": judge.settings})
    return record.header.model_copy(update={"tasks": {**record.header.tasks, TASK: part}})


def _to_be_judged(sample: Sample, item: Item) -> bool:
    gold: QuestionGold = sample.gold
    return isinstance(item.score, Score) and gold.answerable and bool(gold.points)
