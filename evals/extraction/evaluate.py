"""``python -m evals.extraction.evaluate``: how well configurations are found, beside coders and baselines.

Scores every system on every coded study with the codebook's metrics, one mean over studies each with its
bootstrap interval, and the coders' own agreement where a study was coded twice. Nothing is chosen here.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from assistant.domain.study import Study
from assistant.readers.registry import read_study
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import SentenceInPlace
from evals.extraction import metrics
from evals.extraction.coding.files import CodedSpans, Coding, place, read_coding
from evals.extraction.systems import System, all_findings, connectives, tagged_by, zero_shot
from evals.extraction.train.documents import study_file

GOLD = Path(__file__).parent / "gold"
SHOWN = ("detection", "roles", "context", "mechanism", "outcome", "configurations", "complete configurations")
"""Columns of the table."""
_SETTLED = frozenset({"adjudicated", "gold"})
"""Coders whose coding is the gold where there are several."""


@dataclass(frozen=True, slots=True)
class CodedStudy:
    """A study with every coding of it."""

    study: Study
    sentences: tuple[SentenceInPlace, ...]
    codings: Mapping[str, tuple[CodedSpans, ...]]
    """By coder."""
    lost: int
    """Configurations whose words are not in the study as it reads now."""

    @property
    def golds(self) -> tuple[tuple[CodedSpans, ...], ...]:
        """The settled coding, else every coder's."""
        settled = tuple(spans for name, spans in self.codings.items() if name in _SETTLED)
        return settled or tuple(self.codings.values())

    @property
    def coders(self) -> tuple[str, ...]:
        """Those who coded it by themselves, by name."""
        return tuple(sorted(name for name in self.codings if name not in _SETTLED))

    def scored(self, found: Sequence[CodedSpans]) -> dict[str, float]:
        """`compared` with the gold; the mean over coders where nothing is settled yet."""
        rows = [self.compared(gold, found) for gold in self.golds]
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: metrics.mean([row[name] for row in rows if name in row]) for name in names}

    def compared(self, first: Sequence[CodedSpans], second: Sequence[CodedSpans]) -> dict[str, float]:
        """`evals.extraction.metrics.compare` of two codings of it."""
        return metrics.compare(first, second, self.study.text, [one.span for one in self.sentences])


def read_gold(folder: Path, studies: Sequence[Path]) -> tuple[CodedStudy, ...]:
    """Every study that is coded in ``folder``, by id; the studies' own files are looked for in ``studies``."""
    return tuple(coded_study(_read(name, studies), codings) for name, codings in codings_in(folder).items())


def codings_in(folder: Path) -> dict[str, list[Coding]]:
    """The codings that lie in a folder itself, by study in the order of ids."""
    grouped: dict[str, list[Coding]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        coding = read_coding(file)
        grouped.setdefault(coding.header.study, []).append(coding)
    return dict(sorted(grouped.items()))


def _read(name: str, folders: Sequence[Path]) -> Study:
    folder = next((one for one in folders if any(one.glob(f"{name}.*")) or any(one.glob(f"{name.upper()}.*"))), None)
    return read_study(study_file(folder or folders[0], name))


def coded_study(study: Study, codings: Sequence[Coding]) -> CodedStudy:
    """A study as it reads now, with its codings put in their places."""
    placed = {one.header.coder: place(one, study) for one in codings}
    return CodedStudy(
        study,
        codable_sentences(study),
        {coder: spans for coder, (spans, _) in placed.items()},
        sum(len(lost) for _, lost in placed.values()),
    )


def agreement(coded: Sequence[CodedStudy]) -> tuple[list[dict[str, float]], list[float]]:
    """For each study coded by two, their scores against one another, and alpha on characters."""
    scores, alphas = [], []
    for one in coded:
        for left, right in combinations(one.coders[:2], 2):
            first, second = one.codings[left], one.codings[right]
            scores.append(one.compared(first, second))
            alphas.append(metrics.alpha(first, second, one.study.text, [s.span for s in one.sentences]))
    return scores, alphas


def score(system: System, coded: Sequence[CodedStudy]) -> list[dict[str, float]]:
    """The scores of a system, a study each, with the ``seconds`` that it took."""
    rows = []
    for one in coded:
        began = time.perf_counter()
        found = system(one.sentences)
        seconds = time.perf_counter() - began
        rows.append({**one.scored(found), "candidates": float(len(found)), "seconds": seconds})
    return rows


def table(rows: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    """Markdown: a row a system, a mean over studies and its interval in each cell."""
    yield "| system | " + " | ".join(SHOWN) + " |"
    yield "|---" * (len(SHOWN) + 1) + "|"
    for name, studies in rows.items():
        cells = [_cell(metrics.bootstrap([study[column] for study in studies])) for column in SHOWN]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _cell(interval: metrics.Interval) -> str:
    if math.isnan(interval.mean):
        return "–"
    return f"{interval.mean:.2f} ({interval.low:.2f}–{interval.high:.2f})"


def systems(names: Sequence[str], weights: Path | None) -> dict[str, System]:
    """The systems called ``names``, made when this is called."""
    from assistant.embedding.minilm import MiniLM
    from assistant.engines.extractive.tagging import PackagedTagger
    from assistant.settings.environment import cache_folder
    from assistant.tagging.rules import RuleTagger
    from assistant.tagging.trained.card import FOLDER

    known: dict[str, System] = {
        "tagger": tagged_by(PackagedTagger(cache=cache_folder(), folder=weights or FOLDER)),
        "rules": tagged_by(RuleTagger()),
        "connectives": connectives,
        "zero-shot": zero_shot(MiniLM(cache=cache_folder()).embed),
        "findings": all_findings,
    }
    return {name: known[name] for name in names or known}


def main(arguments: Sequence[str]) -> int:
    """Prints the table, or with ``--json`` every study's numbers."""
    parser = argparse.ArgumentParser(prog="python -m evals.extraction.evaluate", description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of codings")
    parser.add_argument("--studies", type=Path, nargs="+", required=True, help="folders that hold the studies")
    parser.add_argument("--only", nargs="*", default=(), help="ids of studies; all if none is named")
    parser.add_argument("--system", nargs="*", default=(), help="tagger, rules, connectives, zero-shot, findings")
    parser.add_argument("--weights", type=Path, help="folder of other weights for the tagger")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    coded = [one for one in read_gold(chosen.gold, chosen.studies) if not chosen.only or one.study.id in chosen.only]
    if not coded:
        print(f"no coding in {chosen.gold}", file=sys.stderr)
        return 1
    rows = {name: score(system, coded) for name, system in systems(chosen.system, chosen.weights).items()}
    between, alphas = agreement(coded)
    if between:
        rows = {"two coders": between, **rows}
    if chosen.json:
        print(json.dumps({"studies": [one.study.id for one in coded], "scores": rows}, indent=1))
        return 0
    for line in table(rows):
        print(line)
    print(f"\n{len(coded)} studies; mean over studies (95 % bootstrap interval over studies)")
    if alphas:
        print(f"Krippendorff's alpha on characters, {len(alphas)} studies coded twice: {metrics.mean(alphas):.2f}")
    if lost := sum(one.lost for one in coded):
        print(f"{lost} coded configurations were not found in the studies as they read now, and are left out")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
