"""``python -m evals.extraction.train.compare``: what each choice of training buys, on the development articles.

Every variant is trained on the coded articles alone unless it says otherwise, with the same budget, decoded
with the same decoding, and scored on the articles that are held out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.tagging.trained.decoding import Decoding
from assistant.tagging.trained.heads import NAMES, Heads
from assistant.tagging.trained.hints import N_HINTS, NO_CLAIM, Hints
from assistant.tagging.trained.tagger import TrainedTagger
from evals.extraction.train.choosing import mean_scores, read
from evals.extraction.train.documents import authored, coded
from evals.extraction.train.examples import Prepared, prepare
from evals.extraction.train.fit import fit
from evals.extraction.train.model import TaggerModel
from evals.extraction.train.settings import DEVELOPMENT, Tuning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_SHOWN = ("detection", "roles", "configurations", "complete configurations")
_BASE = Tuning(layers=4, epochs=3, share=1.0, masked=0.0, tags_weight=1.0, rate=2e-4)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to train."""

    tuning: Tuning
    articles: int | None = None
    """How many of the training articles; all if None."""
    passages: bool = False
    """Whether the authored passages are used too."""
    hints: bool = True
    """Whether the heads are told what the rules say."""


VARIANTS: Mapping[str, Variant] = {
    "last four layers": Variant(_BASE),
    "frozen encoder": Variant(replace(_BASE, layers=0)),
    "low rank 16, all layers": Variant(replace(_BASE, layers=6, rank=16, rate=1e-3)),
    "all layers": Variant(replace(_BASE, layers=6)),
    "last four layers, sentence alone": Variant(replace(_BASE, alone=True)),
    "last four layers, without the rules' hints": Variant(_BASE, hints=False),
    "last four layers, with authored passages": Variant(_BASE, passages=True),
    "last four layers, half of the articles": Variant(_BASE, articles=4),
    "last four layers, a quarter": Variant(_BASE, articles=2),
    **{
        f"one member, three epochs, passages, {count} articles": Variant(Tuning(epochs=3), count, passages=True)
        for count in (6, 12, 25, 50)
    },
}


class TorchEncoder:
    """A trained model as the tagger's encoder, before it is exported."""

    def __init__(self, tokenizer: Tokenizer, model: TaggerModel) -> None:
        self._tokenizer = tokenizer
        self._model = model

    @property
    def tokenizer(self) -> Tokenizer:
        """The packaged one."""
        return self._tokenizer

    def states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The last layer of each text."""
        found = []
        with torch.no_grad():
            for text in texts:
                ids = torch.tensor([list(text)])
                hidden = self._model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
                found.append(hidden[0].float().numpy())
        return found


def _silenced(prepared: Prepared) -> Prepared:
    """A document of whose sentences the rules say nothing."""
    blank = tuple(Hints(0 * one.values, (NO_CLAIM,) * len(one.claims)) for one in prepared.hints)
    return replace(prepared, hints=blank)


def _deafen(model: TaggerModel) -> None:
    """Takes from a model that was trained without hints the weights on them, which are where they began."""
    with torch.no_grad():
        model.tags.weight[:, -N_HINTS:] = 0
        model.detection.weight[:, -N_HINTS:] = 0
        model.link_features.weight[:, -2:] = 0


def tagger_of(tokenizer: Tokenizer, model: TaggerModel, tuning: Tuning) -> TrainedTagger:
    """A tagger on a model that was not exported."""
    heads = Heads({name: tensor.numpy() for name, tensor in model.state_dict().items() if name in NAMES})
    return TrainedTagger([TorchEncoder(tokenizer, model)], heads, Decoding(), "trial", tuning.alone)


def main(arguments: Sequence[str]) -> int:
    """Trains and scores the variants, a line each as they come."""
    parser = argparse.ArgumentParser(prog="python -m evals.extraction.train.compare", description=__doc__)
    parser.add_argument("--studies", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--articles", type=int, help="train on so many at most")
    parser.add_argument("--variant", nargs="*", choices=VARIANTS, default=list(VARIANTS))
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    tokenizer = packaged_tokenizer()
    articles = coded(chosen.studies)
    development = [one for one in articles if one.id in DEVELOPMENT]
    training = [prepare(tokenizer, one) for one in articles if one.id not in DEVELOPMENT][: chosen.articles]
    for name in chosen.variant:
        variant, began = VARIANTS[name], time.monotonic()
        passages = [prepare(tokenizer, one) for one in authored()] if variant.passages else []
        used = training[: variant.articles]
        if not variant.hints:
            passages, used = [_silenced(one) for one in passages], [_silenced(one) for one in used]
        model = fit(tokenizer, passages, used, variant.tuning)
        if not variant.hints:
            _deafen(model)
        seconds = time.monotonic() - began
        trials = read(tagger_of(tokenizer, model, variant.tuning), development)
        scores = mean_scores(trials, Decoding())
        shown = " | ".join(f"{scores[column]:.3f}" for column in _SHOWN)
        print(f"| {name} | {len(used)} | {shown} | {seconds:.0f} s |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
