"""The reranker while it is trained."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from evals.answering.reranker.examples import Example
from evals.extraction.train.model import WIDTH, packaged_encoder, run_means
from evals.extraction.train.settings import Tuning

_PASSAGE = 0.5
"""Weight of whether a passage holds evidence, beside that of its sentences."""
_EVIDENCE = 3.0
"""How much more a sentence with evidence counts than one without; there are far fewer."""


class RerankerModel(nn.Module):
    """Encoder and the two heads that `assistant.engines.extractive.reranking` computes with."""

    def __init__(self, tuning: Tuning) -> None:
        super().__init__()
        self.encoder = packaged_encoder(tuning)
        self.dropout = nn.Dropout(0.1)
        self.sentence = nn.Linear(WIDTH, 1)
        self.passage = nn.Linear(WIDTH, 1)

    def loss(self, examples: Sequence[Example]) -> Tensor:
        """The mean loss of a batch."""
        ids, mask = _padded([one.pair.ids for one in examples])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = states.float()
        runs, evidence = _sentences(examples)
        said = self.sentence(self.dropout(run_means(states, runs))).squeeze(1)
        whole = self.passage(self.dropout(states[:, 0])).squeeze(1)
        holds = torch.tensor([float(any(one.evidence)) for one in examples])
        heavier = torch.tensor(_EVIDENCE)
        of_sentences = nn.functional.binary_cross_entropy_with_logits(said, evidence, pos_weight=heavier)
        return of_sentences + _PASSAGE * nn.functional.binary_cross_entropy_with_logits(whole, holds)


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, texts))
    ids = torch.zeros(len(texts), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return ids, mask


def _sentences(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Row, start and end of each sentence that is read, (n_sentences, 3), and whether it is evidence."""
    runs = [
        (row, start, end, float(known))
        for row, one in enumerate(examples)
        for (start, end), known in zip(one.pair.sentences, one.evidence, strict=True)
        if end > start
    ]
    table = torch.tensor(runs)
    return table[:, :3].long(), table[:, 3]
