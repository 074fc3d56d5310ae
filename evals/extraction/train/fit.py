"""Training of the tagger: what each epoch passes over, and the tensors of a batch."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import torch

from assistant.domain.cmo import Role
from assistant.embedding.vocabulary import HIDDEN, PARTING
from assistant.tagging.trained.hints import N_HINTS
from assistant.tagging.trained.labels import NO_ROLE
from assistant.tagging.trained.relations import Placed, feature_rows, pairs
from assistant.tagging.trained.windows import as_it_is
from evals.extraction.train.examples import Example, Prepared, of_article, packed, relations
from evals.extraction.train.model import Batch, TaggerModel
from evals.extraction.train.settings import Tuning
from evals.learning.batching import batches, padded
from evals.learning.descent import Slope, descend

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WEIGHTS = {"detection": 0.5, "link": 0.4, "level": 0.1, "polarity": 0.1}
"""Of each head's loss in the sum; that of the tags is a choice of the tuning."""
_SIZES = (0.6, 1.3)
"""Between which windows of varied size are longer or shorter than the tagger cuts them, as factors."""
_FAKE = 0.35
"""Runs that play no role, added for each that does: the linker must refuse what the tags get wrong."""


def fit(
    tokenizer: Tokenizer,
    passages: Sequence[Prepared],
    articles: Sequence[Prepared],
    tuning: Tuning,
    tell: Callable[[str], None] = lambda line: None,
    member: int = 0,
) -> TaggerModel:
    """A model trained on passages and articles.

    Args:
        tokenizer: The encoder's.
        passages: Written for training; packed anew each epoch.
        articles: Coded; cut as the tagger cuts them.
        tuning: How.
        tell: Is told how each epoch went.
        member: Settles what is drawn, and in which order; and for the varied ones, where the heads start.
    """
    varied = member >= tuning.averaged
    start = tuning.seed + (1 + member - tuning.averaged if varied else 0)
    drawn = start if varied else tuning.seed + member
    torch.manual_seed(start)
    model = TaggerModel(tuning)
    torch.manual_seed(drawn)
    rng = random.Random(drawn)
    size = partial(rng.uniform, *_SIZES) if varied else as_it_is
    plan = [_epoch(tokenizer, passages, articles, tuning, rng, size) for _ in range(tuning.epochs)]
    slope = Slope({"tags": tuning.tags_weight, **_WEIGHTS}, tuning.rate, tuning.head_rate)
    descend(model, plan, lambda batch: model.losses(hidden(collate(batch, rng), tuning.masked)), slope, tell)
    return model


def _epoch(
    tokenizer: Tokenizer,
    passages: Sequence[Prepared],
    articles: Sequence[Prepared],
    tuning: Tuning,
    rng: random.Random,
    size: Callable[[], float],
) -> list[list[Example]]:
    """The batches of one pass, in random order."""
    examples: list[Example] = []
    for article in articles:
        examples.extend(list(of_article(tokenizer, article, alone=tuning.alone, size=size)) * tuning.article_weight)
    passages = rng.sample(list(passages), round(tuning.share * len(passages)))
    if tuning.alone:
        for passage in passages:
            examples.extend(of_article(tokenizer, passage, alone=True))
    else:
        examples.extend(packed(passages, rng, size=size))
    return batches(examples, lambda one: len(one.window.ids), tuning.batch_tokens, rng)


def collate(examples: Sequence[Example], rng: random.Random) -> Batch:
    """The tensors of a batch; ``rng`` places the runs that play no role."""
    ids, mask = padded([one.window.ids for one in examples])
    sentences: list[tuple[int, int, int]] = []
    labels = []
    said = []
    heads: list[tuple[int, int, int]] = []
    others: list[tuple[int, int, int]] = []
    rows, known = [], []
    for row, one in enumerate(examples):
        window = one.window
        for index, label in zip(window.core, one.labels, strict=True):
            if label.tags:
                said.append(one.hints[index - window.first].values)
                sentences.append((row, window.starts[index - window.first], len(label.tags)))
                labels.append(label)
        runs, example = _with_fakes(one, rng)
        found = pairs(runs)
        places = [(row, window.starts[r.sentence] + r.start, window.starts[r.sentence] + r.end) for r in runs]
        heads.extend(places[head] for head, _ in found)
        others.extend(places[other] for _, other in found)
        rows.append(torch.from_numpy(feature_rows(runs, found, dict(enumerate(one.hints)))))
        known.extend(relations(example, found))
    tags = torch.full((len(labels), max(len(label.tags) for label in labels)), NO_ROLE)
    hints = torch.zeros(*tags.shape, N_HINTS)
    for at, label in enumerate(labels):
        tags[at, : len(label.tags)] = torch.tensor(label.tags)
        hints[at, : len(label.tags)] = torch.from_numpy(said[at])
    return Batch(
        ids,
        mask,
        torch.tensor(sentences),
        tags,
        hints,
        torch.tensor([float(label.detected) for label in labels]),
        torch.tensor([label.level for label in labels]),
        torch.tensor([label.polarity for label in labels]),
        torch.tensor(heads).reshape(-1, 3),
        torch.tensor(others).reshape(-1, 3),
        torch.cat(rows),
        torch.tensor(known, dtype=torch.long),
    )


def hidden(batch: Batch, share: float) -> Batch:
    """``batch`` with a ``share`` of its tokens, special ones left out, hidden from the encoder."""
    if share:
        drawn = (torch.rand(batch.ids.shape) < share) & (batch.ids > PARTING)
        batch.ids = batch.ids.masked_fill(drawn, HIDDEN)
    return batch


def _with_fakes(example: Example, rng: random.Random) -> tuple[list[Placed], Example]:
    """The runs of an example with some that play no role among them, and the claims renumbered."""
    lengths = dict(zip(example.window.core, (len(label.tags) for label in example.labels), strict=True))
    real = list(example.runs)
    fakes: list[Placed] = []
    for run in real:
        if rng.random() > _FAKE:
            continue
        sentence = min(max(0, run.sentence + rng.choice((-1, 0, 0, 1))), len(example.window.starts) - 1)
        length = lengths.get(sentence + example.window.first, 0)
        if length < 6:
            continue
        start = rng.randrange(length - 3)
        fake = Placed(
            rng.choice(list(Role)), sentence, run.block, run.section, start, min(length, start + rng.randint(2, 12))
        )
        if not any(r.sentence == sentence and r.start < fake.end and fake.start < r.end for r in (*real, *fakes)):
            fakes.append(fake)
    runs = sorted((*real, *fakes), key=lambda run: (run.sentence, run.start, run.end))
    number = {id(run): at for at, run in enumerate(runs)}
    claims = tuple(tuple((number[id(real[at])], role) for at, role in claim) for claim in example.claims)
    return runs, Example(example.window, example.labels, example.hints, tuple(runs), claims)
