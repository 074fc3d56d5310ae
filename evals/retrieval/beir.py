"""Writes the retrieval task in BEIR's layout, for any other tool to be measured on it.

``python -m evals.retrieval.beir OUT [--studies FOLDER]`` writes, for each set of texts and each level (``passages``,
``sentences``), ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/<split>.tsv`` with the columns query-id, corpus-id and
score. The corpus holds the texts' words: what is written of the studies is for the machine that holds them.

Source: Thakur et al. 2021, BEIR, arXiv:2104.08663.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.settings.environment import cache_folder, studies_folder
from evals.answering.measures import Place
from evals.retrieval.task import Units, answerable, relevant
from evals.suite.corpora import Texts, World
from evals.suite.parts import Sample


def write_beir(folder: Path, world: World) -> list[Path]:
    """Writes every set and level; returns the folders that were written."""
    samples = answerable(world)
    written = []
    for name in dict.fromkeys(sample.set for sample in samples):
        texts, own = world.of(name), [sample for sample in samples if sample.set == name]
        units = Units.of(texts)
        for level, documents in (("passages", units.passages), ("sentences", units.sentences)):
            _write_level(folder / name / level, texts, own, documents)
            written.append(folder / name / level)
    return written


def _write_level(folder: Path, texts: Texts, samples: Sequence[Sample], units: Mapping[str, Place]) -> None:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    corpus = (
        {"_id": name, "title": study, "text": span.of(texts.study(study).text)} for name, (study, span) in units.items()
    )
    queries = ({"_id": sample.id, "text": sample.input, "metadata": {"kind": sample.kind}} for sample in samples)
    for file, rows in (("corpus", corpus), ("queries", queries)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{file}.jsonl").write_text("".join(lines), "utf-8")
    for split in dict.fromkeys(sample.split for sample in samples):
        own = [sample for sample in samples if sample.split == split]
        judged = [(sample.id, name) for sample in own for name in relevant(sample.gold.pieces, units)]
        table = "".join(f"{query}\t{document}\t1\n" for query, document in judged)
        (folder / "qrels" / f"{split}.tsv").write_text(f"query-id\tcorpus-id\tscore\n{table}", "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Writes the layout and says where."""
    parser = argparse.ArgumentParser(prog="python -m evals.retrieval.beir", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--studies", type=Path, default=studies_folder(), help="folder of the studies' own texts")
    chosen = parser.parse_args(arguments)
    for folder in write_beir(chosen.out, World.at_hand(chosen.studies, cache_folder())):
        print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
