"""Training: batches of windows of like length, one optimiser, a rate that rises and falls."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn

from assistant.domain.cmo import Role
from assistant.tagging.trained.hints import N_HINTS
from assistant.tagging.trained.labels import NO_ROLE
from assistant.tagging.trained.relations import Placed, feature_rows, pairs
from assistant.tagging.trained.windows import PARTING
from evals.extraction.train.examples import Example, Prepared, of_article, packed, relations
from evals.extraction.train.model import Batch, TaggerModel
from evals.extraction.train.settings import Tuning

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WEIGHTS = {"detection": 0.5, "link": 0.4, "level": 0.1, "polarity": 0.1}
"""Of each head's loss in the sum; that of the tags is a choice of the tuning."""
_FAKE = 0.35
"""Runs that play no role, added for each that does: the linker must refuse what the tags get wrong."""
AVERAGED_FROM = 0.6
"""Share of the steps after which the weights are averaged."""
_HIDDEN = 103
"""The encoder's token ``[MASK]``."""
_WARM = 0.1
"""Share of the steps in which the rate rises."""


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
        member: Settles what is drawn, and in which order; all members start from the same weights.
    """
    torch.manual_seed(tuning.seed)
    model = TaggerModel(tuning)
    torch.manual_seed(tuning.seed + member)
    rng = random.Random(tuning.seed + member)
    plan = [list(_epoch(tokenizer, passages, articles, tuning, rng)) for _ in range(tuning.epochs)]
    weights = {"tags": tuning.tags_weight, **_WEIGHTS}
    steps, step, average = sum(map(len, plan)), 0, Mean()
    optimiser, scheduler = optimiser_of(model, tuning, steps)
    for number, batches in enumerate(plan, 1):
        began = time.monotonic()
        model.train()
        sums: dict[str, float] = {}
        for examples in batches:
            losses = model.losses(hidden(collate(examples, rng), tuning.masked))
            loss = torch.stack([weights[name] * value for name, value in losses.items()]).sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            scheduler.step()
            step += 1
            if step > AVERAGED_FROM * steps:
                average.add(model)
            for name, value in losses.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach()) / len(batches)
        shown = ", ".join(f"{name} {value:.3f}" for name, value in sums.items())
        tell(f"epoch {number} of {tuning.epochs}: {len(batches)} steps, {time.monotonic() - began:.0f} s; {shown}")
    average.copy_to(model)
    return model.eval()


class Mean:
    """The mean of the trained weights of all models that were added, or of one at several steps.

    Source: Izmailov et al. 2018, arXiv:1803.05407; of several models, Wortsman et al. 2022, arXiv:2203.05482.
    """

    def __init__(self) -> None:
        self._count = 0
        self._mean: dict[str, torch.Tensor] = {}

    def add(self, model: nn.Module) -> None:
        """Counts the weights as they are now."""
        self._count += 1
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                now = parameter.detach()
                self._mean.setdefault(name, now.clone()).lerp_(now, 1.0 / self._count)

    def copy_to(self, model: nn.Module) -> None:
        """Gives the model the mean; nothing where none was counted."""
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name in self._mean:
                    parameter.copy_(self._mean[name])


def optimiser_of(
    model: nn.Module, tuning: Tuning, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """An optimiser for a model with an ``encoder`` and heads, and a rate that rises and falls over ``steps``."""
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]  # type: ignore[union-attr]
    inside = {id(p) for p in encoder}
    heads = [p for p in model.parameters() if p.requires_grad and id(p) not in inside]
    groups = [{"params": heads, "lr": tuning.head_rate}]
    if encoder:
        groups.append({"params": encoder, "lr": tuning.rate})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    warm = max(1, int(_WARM * steps))
    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
    )


def _epoch(
    tokenizer: Tokenizer,
    passages: Sequence[Prepared],
    articles: Sequence[Prepared],
    tuning: Tuning,
    rng: random.Random,
) -> Iterator[list[Example]]:
    """The batches of one pass, in random order."""
    examples: list[Example] = []
    for article in articles:
        examples.extend(list(of_article(tokenizer, article, alone=tuning.alone)) * tuning.article_weight)
    passages = rng.sample(list(passages), round(tuning.share * len(passages)))
    if tuning.alone:
        for passage in passages:
            examples.extend(of_article(tokenizer, passage, alone=True))
    else:
        examples.extend(packed(passages, rng))
    rng.shuffle(examples)
    examples.sort(key=lambda one: len(one.window.ids) // 24)
    batches: list[list[Example]] = []
    for example in examples:
        last = batches[-1] if batches else []
        longest = max([len(example.window.ids), *(len(one.window.ids) for one in last)])
        if not last or longest * (len(last) + 1) > tuning.batch_tokens:
            batches.append([example])
        else:
            last.append(example)
    rng.shuffle(batches)
    yield from batches


def collate(examples: Sequence[Example], rng: random.Random) -> Batch:
    """The tensors of a batch; ``rng`` places the runs that play no role."""
    longest = max(len(one.window.ids) for one in examples)
    ids = torch.zeros(len(examples), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    sentences: list[tuple[int, int, int]] = []
    labels = []
    said = []
    heads: list[tuple[int, int, int]] = []
    others: list[tuple[int, int, int]] = []
    rows, known = [], []
    for row, one in enumerate(examples):
        window = one.window
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
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
        batch.ids = batch.ids.masked_fill(drawn, _HIDDEN)
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
