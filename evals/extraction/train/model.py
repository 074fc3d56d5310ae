"""The model while it is trained: MiniLM with heads for detection, tags, level, polarity and relations."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from assistant.tagging.trained.hints import N_HINTS
from assistant.tagging.trained.labels import LEVELS, N_TAGS, POLARITIES
from assistant.tagging.trained.relations import N_FEATURES, N_RELATIONS
from evals.extraction.train.settings import Tuning
from evals.learning.encoder import WIDTH, packaged_encoder, run_means

LINK_WIDTH = 64
"""Of the linker's hidden layer."""


class Chain(nn.Module):
    """A linear-chain conditional random field over each sentence's tags.

    Source: Lafferty et al. 2001; the sums run in log space.
    """

    def __init__(self) -> None:
        super().__init__()
        self.step = nn.Parameter(_allowed())
        self.begin = nn.Parameter(torch.zeros(N_TAGS))

    def loss(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood a sentence, shape (n_sentences,).

        Args:
            emissions: (n_sentences, n_tokens, N_TAGS).
            tags: (n_sentences, n_tokens), int64.
            mask: (n_sentences, n_tokens), whether a token is there; the first of a sentence always is.
        """
        own = emissions.gather(2, tags.unsqueeze(2)).squeeze(2) * mask
        steps = self.step[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
        score = own.sum(1) + steps.sum(1) + self.begin[tags[:, 0]]
        total = self.begin + emissions[:, 0]
        for at in range(1, emissions.shape[1]):
            new = torch.logsumexp(total.unsqueeze(2) + self.step, dim=1) + emissions[:, at]
            total = torch.where(mask[:, at].bool().unsqueeze(1), new, total)
        return torch.logsumexp(total, dim=1) - score


def _allowed() -> Tensor:
    """Start values: a run goes on only after its own beginning or middle."""
    steps = torch.zeros(N_TAGS, N_TAGS)
    for later in range(2, N_TAGS, 2):
        steps[:, later] = -6.0
        steps[later - 1 : later + 1, later] = 2.0
    return steps


@dataclass(slots=True)
class Batch:
    """Windows of like length with the sentences and pairs that are learnt from them."""

    ids: Tensor
    mask: Tensor
    sentences: Tensor
    """(n_sentences, 3): window, first token, length."""
    tags: Tensor
    """(n_sentences, longest)."""
    hints: Tensor
    """(n_sentences, longest, N_HINTS)."""
    detected: Tensor
    level: Tensor
    polarity: Tensor
    heads: Tensor
    """(n_pairs, 3): window, first token, end of the outcome's run."""
    others: Tensor
    """The same of the other run."""
    features: Tensor
    relations: Tensor


class TaggerModel(nn.Module):
    """Encoder and heads."""

    def __init__(self, tuning: Tuning) -> None:
        super().__init__()
        self.encoder = packaged_encoder(tuning.layers, rank=tuning.rank, embeddings=tuning.embeddings)
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(WIDTH + N_HINTS, N_TAGS)
        self.detection = nn.Linear(WIDTH + N_HINTS, 1)
        self.level = nn.Linear(WIDTH, len(LEVELS))
        self.polarity = nn.Linear(WIDTH, len(POLARITIES))
        self.chain = Chain()
        self.link_head = nn.Linear(WIDTH, LINK_WIDTH, bias=False)
        self.link_other = nn.Linear(WIDTH, LINK_WIDTH, bias=False)
        self.link_features = nn.Linear(N_FEATURES, LINK_WIDTH)
        self.link = nn.Linear(LINK_WIDTH, N_RELATIONS)

    def states(self, batch: Batch) -> Tensor:
        """The encoder's last layer, (n_windows, n_tokens, WIDTH)."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states: Tensor = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        return states.float()

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """The loss of each head, by name."""
        states = self.states(batch)
        tokens, mask = gathered(states, batch.sentences)
        tokens = self.dropout(tokens)
        whole = tokens.sum(1) / mask.sum(1, keepdim=True)
        both = torch.cat([tokens, batch.hints], dim=2)
        all_said = torch.cat([whole, batch.hints.sum(1) / mask.sum(1, keepdim=True)], dim=1)
        found = {
            "tags": self.chain.loss(self.tags(both), batch.tags, mask).sum() / mask.sum(),
            "detection": nn.functional.binary_cross_entropy_with_logits(
                self.detection(all_said).squeeze(1), batch.detected
            ),
        }
        if batch.detected.any():
            found["level"] = nn.functional.cross_entropy(self.level(whole), batch.level)
            found["polarity"] = nn.functional.cross_entropy(self.polarity(whole), batch.polarity)
        if len(batch.relations):
            found["link"] = nn.functional.cross_entropy(self.related(states, batch), batch.relations)
        return found

    def related(self, states: Tensor, batch: Batch) -> Tensor:
        """Logits of the relations, (n_pairs, N_RELATIONS)."""
        head, other = run_means(states, batch.heads), run_means(states, batch.others)
        hidden = self.link_head(head) + self.link_other(other) + self.link_features(batch.features)
        logits: Tensor = self.link(torch.relu(hidden))
        return logits


def gathered(states: Tensor, sentences: Tensor) -> tuple[Tensor, Tensor]:
    """Each sentence's states, (n_sentences, longest, WIDTH), zero beyond its end, and the mask."""
    longest = int(sentences[:, 2].max())
    at = torch.arange(longest)
    mask = (at < sentences[:, 2:3]).float()
    places = (sentences[:, 1:2] + at).clamp(max=states.shape[1] - 1)
    return states[sentences[:, 0:1], places] * mask.unsqueeze(2), mask
