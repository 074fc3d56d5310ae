"""The goals, each measured by one function: what was promised of speed and memory, beside the peer in the same run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from evals.bench import material
from evals.bench.measuring import Run, in_turn, memory, middle, module, processor, realist, rounded, run, wall
from evals.bench.record import Row

QUESTIONS = (
    "What made partners trust each other?",
    "How many interviews were held?",
    "Why did staff resist the change?",
    "What did leaders do to keep people involved?",
    "Which outcomes followed from sharing knowledge?",
    "When did the collaboration begin?",
)
_EXACT = {"REALIST_EMBEDDING_RUNTIME": "onnxruntime"}
_FAST = {"REALIST_EMBEDDING_RUNTIME": "openvino"}
_GROWN = 1.25
"""Cost of a unit of work at the most work over that at the least, from which a cost is not linear."""
_WORDS, _PASSAGES = 11_000, 92
"""Words of each study of a store that grows, and the passages that so many give, about."""
_BRIEF = 40
"""Words of a study from which drafting costs its start and nearly nothing else."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; what it is measured on is described with the figures."""

    rounds: int = 5
    """Times that each command is run, in turn; the long ones half as often."""
    studies: int = 100
    """Studies that are indexed, and ingested again."""
    words: int = 3_000
    """Words of each; 0 for whole studies."""
    passages: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Sizes of the stores that grow."""
    extracted: tuple[int, ...] = (1, 10, 100)
    """Numbers of studies from which configurations are drafted."""
    drafted: int = 2_000
    """Words of each of these."""

    @property
    def long_rounds(self) -> int:
        """Rounds of what takes minutes."""
        return max(1, self.rounds // 2)


QUICK = Sizes(rounds=3, studies=6, words=1_500, passages=(500, 2_000), extracted=(1, 3), drafted=1_000)
"""A few minutes instead of twenty; figures of such a size say less."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and on what is measured."""

    folder: Path
    """Empty at first; for projects, stores and texts."""
    texts: list[str]
    """Stored texts of studies."""
    sizes: Sizes
    """How much."""
    made: dict[str, Any] = field(default_factory=dict)
    """How the goal's figures were made."""

    def written(self, name: str, studies: int, words: int) -> Path:
        """A folder of study texts."""
        return material.written(self.texts, self.folder / name, studies=studies, words=words)

    def project(self, name: str) -> Path:
        """A new project."""
        folder = self.folder / name
        run(realist("init", folder))
        return folder

    def questions(self) -> Path:
        """A file of the questions, one a line."""
        file = self.folder / "questions.txt"
        file.write_text("\n".join(QUESTIONS) + "\n", "utf-8")
        return file


def starting(bench: Bench) -> list[Row]:
    """Goal 1: one question in a fresh process beside the usual script; the help; a chat's first answer."""
    texts = bench.written("texts", min(bench.sizes.studies, 20), bench.sizes.words)
    project, store = bench.project("project"), bench.folder / "store"
    run(realist("--project", project, "ingest", texts), _EXACT)
    run(module("evals.bench.peers", "build", texts, store))
    asked, file = QUESTIONS[0], bench.questions()
    contenders: dict[str, Callable[[], Run]] = {
        "ask": lambda: run(realist("--project", project, "ask", asked)),
        "script": lambda: run(module("evals.bench.peers", "ask", store, asked)),
        "help": lambda: run(realist("--help")),
        "chat": lambda: run(module("evals.bench.children", "questions", project, file)),
    }
    runs = in_turn(contenders, bench.sizes.rounds)
    first = median(json.loads(one.said)["first"] for one in runs["chat"])
    bench.made.update(studies=min(bench.sizes.studies, 20), rounds=bench.sizes.rounds)
    return [
        _beside(1, "cold `ask`, against the LangChain script", runs["ask"], runs["script"], wall, "s", 1 / 6),
        _beside(1, "the same, processor time", runs["ask"], runs["script"], processor, "s", 1 / 6),
        _beside(1, "the same, peak memory", runs["ask"], runs["script"], memory, "MB", None),
        Row(1, "`realist --help`", rounded(middle(runs["help"], wall)), "s", bound=0.25),
        Row(1, "the same, processor time", rounded(middle(runs["help"], processor)), "s"),
        Row(1, "first answer of a chat, loaded while it was typed", rounded(first), "s", bound=0.3),
    ]


def indexing(bench: Bench) -> list[Row]:
    """Goal 2: the same texts indexed by the tool, with and without the extra ``fast``, and by the usual script."""
    from assistant.embedding.openvino_session import is_installed

    texts = bench.written("texts", bench.sizes.studies, bench.sizes.words)
    turns = count()

    def ours(settings: Mapping[str, str]) -> Run:
        return run(realist("--project", bench.project(f"project-{next(turns)}"), "ingest", texts), settings)

    contenders: dict[str, Callable[[], Run]] = {"default": lambda: ours(_EXACT)}
    if is_installed():
        contenders["fast"] = lambda: ours(_FAST)
    contenders["script"] = lambda: run(module("evals.bench.peers", "build", texts, bench.folder / str(next(turns))))
    runs = in_turn(contenders, bench.sizes.long_rounds)
    bench.made.update(studies=bench.sizes.studies, words=bench.sizes.words or "all", rounds=bench.sizes.long_rounds)
    rows: list[Row] = []
    for name, bound in (("default", 1 / 2.4), ("fast", 1 / 4.5)):
        if name in runs:
            what = f"index build, {name}"
            rows += [
                _beside(2, f"{what}, against the LangChain script", runs[name], runs["script"], wall, "s", bound),
                _beside(2, f"{what}, processor time", runs[name], runs["script"], processor, "s", bound),
                _beside(2, f"{what}, peak memory", runs[name], runs["script"], memory, "MB", 0.65),
            ]
    some = bench.written("drift", min(bench.sizes.studies, 25), bench.sizes.words)
    return rows + (_drift(some) if "fast" in runs else [])


def _drift(texts: Path) -> list[Row]:
    found = json.loads(run(module("evals.bench.children", "drift", texts)).said)
    named = {
        "mean": "mean cosine with fp32",
        "least": "least cosine with fp32",
        "overlap": "share of the nearest 8 kept",
    }
    return [
        Row(2, f"{found['precision']}: {what}, {found['passages']} passages", round(found[key], 6), "")
        for key, what in named.items()
    ]


def repeating(bench: Bench) -> list[Row]:
    """Goal 3: studies ingested again unchanged, and with one changed, against that one alone."""
    texts = bench.written("texts", bench.sizes.studies, bench.sizes.words)
    project = bench.project("project")
    again = realist("--project", project, "ingest", texts)
    run(again, _EXACT)
    changing = min(texts.iterdir())
    original, turns = changing.read_text("utf-8"), count(1)

    def changed() -> Run:
        changing.write_text(material.perturbed(original, next(turns)), "utf-8")
        return run(again, _EXACT)

    def alone() -> Run:
        return run(realist("--project", bench.project(f"alone-{next(turns)}"), "ingest", changing), _EXACT)

    contenders = {"unchanged": lambda: run(again, _EXACT), "changed": changed, "alone": alone}
    runs = in_turn(contenders, bench.sizes.rounds)
    bench.made.update(studies=bench.sizes.studies, words=bench.sizes.words or "all", rounds=bench.sizes.rounds)
    unchanged = f"{bench.sizes.studies} unchanged studies again"
    return [
        Row(3, unchanged, rounded(middle(runs["unchanged"], wall)), "s", bound=2.0),
        _beside(3, "one changed, against that one alone", runs["changed"], runs["alone"], wall, "s", 1.3),
        _beside(3, "the same, processor time", runs["changed"], runs["alone"], processor, "s", 1.3),
    ]


def growing(bench: Bench) -> list[Row]:
    """Goal 4: stores of growing size, with made-up vectors: ingest, memory, disk, and questions in a warm session."""
    file, rows = bench.questions(), list[Row]()
    peaks: list[float] = []
    for size in bench.sizes.passages:
        texts = bench.written(f"texts-{size}", max(1, round(size / _PASSAGES)), _WORDS)
        project = bench.folder / f"project-{size}"
        grown = run(module("evals.bench.children", "grow", project, texts))
        made = json.loads(grown.said)
        peaks.append(grown.megabytes)
        named = f"{made['passages']:,} passages"
        asked = run(module("evals.bench.children", "questions", project, file))
        found = json.loads(asked.said)
        rows += [
            Row(4, f"{named}: ingest without the encoder, a thousand", _thousand(made, "seconds"), "s"),
            Row(4, f"{named}: disk, a thousand", _thousand(made, "disk"), "MB"),
            Row(4, f"{named}: ingest's peak memory", rounded(grown.megabytes), "MB", rounded(peaks[0]), _GROWN),
            Row(4, f"{named}: a session's peak memory", rounded(asked.megabytes), "MB"),
            Row(4, f"{named}: open a session", _milliseconds(found["opened"]), "ms"),
            Row(4, f"{named}: first `ask`", _milliseconds(found["first"]), "ms"),
            Row(4, f"{named}: warm `ask`", _milliseconds(found["warm"]), "ms", bound=150),
            Row(4, f"{named}: the same, processor time", _milliseconds(found["processor"]), "ms"),
            Row(4, f"{named}: warm `ask`, half the studies", _milliseconds(found["filtered"]), "ms", bound=150),
            Row(4, f"{named}: warm `ask`, some sections", _milliseconds(found["sections"]), "ms", bound=150),
        ]
        parts = ("encoding", "lexical", "lexical filtered", "dense", "dense filtered")
        rows += [Row(4, f"{named}: {part} alone", _milliseconds(found[part]), "ms") for part in parts]
    bench.made.update(questions=len(QUESTIONS), vectors="made up", rounds=1)
    return rows


def _thousand(made: Mapping[str, float], what: str) -> float:
    return rounded(1_000 * made[what] / made["passages"])


def _milliseconds(seconds: float) -> float:
    return rounded(1_000 * seconds)


def extracting(bench: Bench) -> list[Row]:
    """Goal 5: drafting without a chat model, by 10,000 words, and whether it grows with the studies."""
    texts = bench.written("texts", max(bench.sizes.extracted), bench.sizes.drafted)
    files = sorted(texts.iterdir())
    (texts / "brief.txt").write_text(material.cut(bench.texts[0], _BRIEF), "utf-8")
    project = bench.project("project")
    run(realist("--project", project, "ingest", texts), _EXACT)
    ids = [file.stem for file in files]
    words = [len(file.read_text("utf-8").split()) for file in files]

    def draft(studies: Sequence[str]) -> Callable[[], Run]:
        return lambda: run(realist("--project", project, "extract", "--fresh", "--jsonl", *studies))

    # What the start costs, the tagger's loading included, is taken off, so that the growth is that of the work.
    contenders = {"0": draft(["brief"])}
    contenders |= {str(number): draft(ids[:number]) for number in bench.sizes.extracted}
    runs = in_turn(contenders, bench.sizes.long_rounds)
    start = middle(runs["0"], processor)
    rows: list[Row] = []
    costs: list[float] = []
    for number in bench.sizes.extracted:
        share = (sum(words[:number]) - _BRIEF) / 10_000
        costs.append((middle(runs[str(number)], processor) - start) / share)
        wall_each = (middle(runs[str(number)], wall) - middle(runs["0"], wall)) / share
        named = f"`extract`, {number} studies"
        rows += [
            Row(5, f"{named}, 10,000 words", rounded(wall_each), "s", bound=10.0),
            Row(5, f"{named}, processor time of 10,000 words", rounded(costs[-1]), "s", rounded(costs[0]), _GROWN),
            Row(5, f"{named}, peak memory", rounded(middle(runs[str(number)], memory)), "MB"),
        ]
    bench.made.update(words=f"{bench.sizes.drafted:,} a study", rounds=bench.sizes.long_rounds)
    return rows


GOALS: Mapping[int, Callable[[Bench], list[Row]]] = {
    1: starting,
    2: indexing,
    3: repeating,
    4: growing,
    5: extracting,
}
"""By their numbers."""


def _beside(
    goal: int, what: str, ours: list[Run], peer: list[Run], of: Callable[[Run], float], unit: str, bound: float | None
) -> Row:
    """The medians of both in one row."""
    limit = None if bound is None else rounded(bound)
    return Row(goal, what, rounded(middle(ours, of)), unit, rounded(middle(peer, of)), limit)
