"""``python -m evals.extraction.train --studies DIR``: trains the tagger, chooses its decoding, writes its weights.

Trains on the authored passages and on the coded articles but those of `DEVELOPMENT`, on which the decoding and
the confidence are chosen. No study of the test set is read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.embedding.states import TokenStates
from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.settings.environment import cache_folder
from assistant.tagging.trained.card import FOLDER
from assistant.tagging.trained.decoding import Decoding
from assistant.tagging.trained.files import packaged
from assistant.tagging.trained.heads import NAMES
from assistant.tagging.trained.tagger import TrainedTagger
from evals.extraction.train.choosing import START, Read, best_decoding, calibrated, kept, mean_scores, read, reliability
from evals.extraction.train.documents import TRAINING, Document, authored, coded, digest
from evals.extraction.train.members import tell
from evals.extraction.train.settings import DEVELOPMENT, Tuning
from evals.learning.tuning import add_options, command_of, tuning_from

NOTE = (
    "Trained on passages written for the project and on open-access articles coded by a language model following "
    "the codebook, one coder an article and no person among them. Scores are on the development articles, on "
    "which decoding and confidence were chosen, so that they flatter a little; the test set is apart."
)


def main(arguments: Sequence[str]) -> int:
    """Runs the training; 0 when the weights are written."""
    parser = argparse.ArgumentParser(prog="python -m evals.extraction.train", description=__doc__)
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the weights and their card")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--articles", type=int, help="train on so many articles only")
    parser.add_argument("--choose-only", action="store_true", help="keep the weights of --out, choose anew")
    add_options(parser, Tuning)
    chosen = parser.parse_args(arguments)
    tuning = tuning_from(chosen, Tuning)
    articles = coded(chosen.studies)
    training = [one for one in articles if one.id not in DEVELOPMENT][: chosen.articles]
    if not chosen.choose_only:
        _train(chosen, training, tuning, command_of("evals.extraction.train", arguments))
    _choose(chosen.out, [one for one in articles if one.id in DEVELOPMENT], tuning)
    return 0


def _train(chosen: argparse.Namespace, articles: Sequence[Document], tuning: Tuning, command: str) -> None:
    from evals.extraction.train.examples import prepare
    from evals.extraction.train.export import write
    from evals.extraction.train.members import fit_members
    from evals.learning.shipping import learnt_tensors

    tokenizer = packaged_tokenizer()
    written = authored()
    passages = [one for one in written if not one.is_running]
    sections = [one for one in written if one.is_running]
    began = time.monotonic()
    members = fit_members(
        tokenizer,
        [prepare(tokenizer, one) for one in passages],
        [prepare(tokenizer, one) for one in (*articles, *sections)],
        tuning,
        chosen.threads,
    )
    data: dict[str, Any] = {
        "hashes": digest({"authored": TRAINING / "authored", "coded": TRAINING / "coded"}),
        "authored passages": len(passages),
        "authored sections": len(sections),
        "coded articles": [one.id for one in articles],
        "coded configurations": sum(len(one.configurations) for one in articles),
        "development articles": sorted(DEVELOPMENT),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    write(
        chosen.out,
        [learnt_tensors(one, NAMES) for one in members],
        tuning,
        data=data,
        command=command,
        decoding=Decoding(),
        scores={},
        reliability=[],
        note=NOTE,
    )


def _choose(folder: Path, development: Sequence[Document], tuning: Tuning) -> None:
    """Chooses the decoding on the development articles and writes it into the card."""
    from evals.extraction.train.export import rewrite_card

    parts = packaged(folder)
    encoders = [TokenStates(changed, cache=cache_folder()) for changed in parts.encoders]
    tagger = TrainedTagger(encoders, parts.heads, Decoding(), parts.card.name, tuning.alone)
    articles: list[Read] = read(tagger, development)
    decoding = best_decoding(articles, START)
    decoding = kept(articles, calibrated(articles, decoding))
    scores = mean_scores(articles, decoding)
    rewrite_card(folder, decoding=decoding, scores=scores, reliability=reliability(articles, decoding))
    tell(f"{decoding}")
    tell(", ".join(f"{name} {value:.3f}" for name, value in scores.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
