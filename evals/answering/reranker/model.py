"""The reranker while it is trained."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from evals.answering.reranker.examples import Example
from evals.learning.batching import padded
from evals.learning.encoder import WIDTH, packaged_encoder, run_means

_EVIDENCE = 3.0
"""How much more a sentence with evidence counts than one without; there are far fewer."""


class RerankerModel(nn.Module):
    """Encoder and the two heads that `assistant.engines.extractive.reranking` computes with.

    Args:
        layers: How many of the encoder's change, from the last.
    """

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.encoder = packaged_encoder(layers)
        self.dropout = nn.Dropout(0.1)
        self.sentence = nn.Linear(WIDTH, 1)
        self.passage = nn.Linear(WIDTH, 1)

    def losses(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        """The mean loss of each head over a batch, by name."""
        ids, mask = padded([one.pair.ids for one in examples])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = states.float()
        runs, evidence = _sentences(examples)
        said = self.sentence(self.dropout(run_means(states, runs))).squeeze(1)
        whole = self.passage(self.dropout(states[:, 0])).squeeze(1)
        holds = torch.tensor([float(any(one.evidence)) for one in examples])
        return {
            "sentence": nn.functional.binary_cross_entropy_with_logits(
                said, evidence, pos_weight=torch.tensor(_EVIDENCE)
            ),
            "passage": nn.functional.binary_cross_entropy_with_logits(whole, holds),
        }


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
