"""Fits and measures the first stage alone: the ranking of passages; far quicker than all.

``python -m evals.answering.passages --studies FOLDER [--write]``

By cross-validation over questions, as `evals.answering.calibrate` does, whose weights of sentences and of evidence
stay as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.domain.passages import RetrievedPassage
from assistant.retrieval.linear import LinearModel
from assistant.text.chunking import ChunkSize
from evals.answering.calibrate import FOLDS, MANNERS, ROOT, apart, corpora, fold_of, in_passages, write_model
from evals.answering.fitting import fit_ranking
from evals.answering.measures import mean, summary
from evals.answering.questions import questions_of
from evals.answering.trials import Trial, put

BY = "python -m evals.answering.passages --write"

Ranking = Callable[[Trial], Sequence[RetrievedPassage]]


def rankings(trials: Sequence[Trial]) -> Mapping[str, Ranking]:
    """What is compared: single parts of the ranking, and all of them weighed by what was fitted on other folds."""
    parts = {"dense": "similarity", "lexical": "lexical", "both fused": "fused"}
    fitted = [
        fit_ranking([trial.candidate_set for trial in trials if fold_of(trial.question) != fold])
        for fold in range(FOLDS)
    ]
    return {
        **{name: _by(LinearModel(0.0, {part: 1.0})) for name, part in parts.items()},
        "fused and reranked": lambda trial: trial.passages(fitted[fold_of(trial.question)]),
    }


def _by(model: LinearModel) -> Ranking:
    return lambda trial: trial.passages(model)


def table(trials: Sequence[Trial], compared: Mapping[str, Ranking]) -> str:
    """Evidence recall and any, and the characters shown, by ranking, as Markdown."""
    lines = ["| | evidence recall / any | characters |", "|---|---|---|"]
    for name, ranking in compared.items():
        shown = [ranking(trial) for trial in trials]
        found = summary([in_passages(trial, passages) for trial, passages in zip(trials, shown, strict=True)])
        length = mean([float(sum(len(one.passage.span) for one in passages)) for passages in shown])
        lines.append(f"| {name} | {found} | {length:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Fits, measures, prints, and writes the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answering"), help="where stores are built")
    parser.add_argument("--write", action="store_true", help="write the weights that retrieval uses")
    given = parser.parse_args()
    questions = apart(questions_of("dev"), questions_of("train"))
    answerable = [one for one in questions if one.evidence]
    places = corpora(given.studies, given.cache, ChunkSize())
    trials = [trial for corpus in places for trial in put(corpus, answerable) if trial.pieces]
    compared = rankings(trials)
    for corpus in places:
        for manner, asks_so in MANNERS.items():
            own = [one for one in trials if one.corpus is corpus and asks_so(one.question)]
            if own:
                print(f"\n### {corpus.name}, {manner}: {len(own)}\n\n{table(own, compared)}", flush=True)
    if given.write:
        fitted = fit_ranking([trial.candidate_set for trial in trials])
        write_model(ROOT / "assistant/retrieval/relevance.toml", fitted, questions, BY)


if __name__ == "__main__":
    main()
