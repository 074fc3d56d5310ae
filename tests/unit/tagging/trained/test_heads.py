"""The heads against what can be counted out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from assistant.tagging.trained.heads import Heads
from assistant.tagging.trained.hints import N_HINTS, NO_CLAIM, Hints, same_claim
from assistant.tagging.trained.labels import N_TAGS, NO_ROLE

WIDTH = 5
RNG = np.random.default_rng(3)


def array(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return RNG.normal(size=shape).astype(np.float32)


HEADS = Heads(
    {
        "tags.weight": array(N_TAGS, WIDTH + N_HINTS),
        "tags.bias": array(N_TAGS),
        "detection.weight": array(1, WIDTH + N_HINTS),
        "detection.bias": array(1),
        "level.weight": array(4, WIDTH),
        "level.bias": array(4),
        "polarity.weight": array(3, WIDTH),
        "polarity.bias": array(3),
        "chain.step": array(N_TAGS, N_TAGS),
        "chain.begin": array(N_TAGS),
    }
)
EMISSIONS = array(4, N_TAGS)


def scores() -> dict[tuple[int, ...], float]:
    step, begin = HEADS.tensors["chain.step"], HEADS.tensors["chain.begin"]
    return {
        tags: float(
            begin[tags[0]]
            + sum(EMISSIONS[at, tag] for at, tag in enumerate(tags))
            + sum(step[left, right] for left, right in itertools.pairwise(tags))
        )
        for tags in itertools.product(range(N_TAGS), repeat=4)
    }


def test_the_likeliest_tags_are_the_best_of_all() -> None:
    every = scores()

    assert tuple(HEADS.tags(EMISSIONS, 0.0)) == max(every, key=lambda tags: every[tags])


def test_lenience_buys_whole_sentences() -> None:
    every = scores()
    roles = {tags: {(tag - 1) // 2 for tag in tags if tag} for tags in every}
    whole = max((tags for tags in every if 3 in roles[tags] and roles[tags] - {3}), key=lambda tags: every[tags])
    best = max(every, key=lambda tags: every[tags])
    lost = every[best] - every[whole]

    assert tuple(HEADS.tags(EMISSIONS, 0.0, lost + 1e-3)) == whole
    assert lost == 0 or tuple(HEADS.tags(EMISSIONS, 0.0, lost - 1e-3)) == best


def test_favour_trades_silence_for_marks() -> None:
    assert HEADS.tags(EMISSIONS, -100.0) == [NO_ROLE] * 4
    assert NO_ROLE not in HEADS.tags(EMISSIONS, 100.0)


def test_marginals_sum_over_all_taggings() -> None:
    every = scores()
    total = sum(np.exp(score) for score in every.values())
    expected = np.zeros((4, N_TAGS))
    for tags, score in every.items():
        for at, tag in enumerate(tags):
            expected[at, tag] += np.exp(score) / total

    assert HEADS.marginals(EMISSIONS) == pytest.approx(expected, abs=1e-5)


def test_training_counts_the_same_likelihood() -> None:
    torch = pytest.importorskip("torch")
    from evals.extraction.train.model import Chain

    chain = Chain()
    with torch.no_grad():
        chain.step.copy_(torch.from_numpy(HEADS.tensors["chain.step"]))
        chain.begin.copy_(torch.from_numpy(HEADS.tensors["chain.begin"]))
    every = scores()
    tags = (1, 2, 0, 7)
    expected = np.log(sum(np.exp(score) for score in every.values())) - every[tags]
    # The second sentence is the first three tokens of the first, filled with one more.
    loss = chain.loss(
        torch.from_numpy(np.stack([EMISSIONS, EMISSIONS])),
        torch.tensor([tags, (1, 2, 0, 0)]),
        torch.tensor([[1.0, 1, 1, 1], [1, 1, 1, 0]]),
    )

    assert float(loss[0].detach()) == pytest.approx(float(expected), abs=1e-4)
    assert float(loss[1].detach()) > 0


def test_a_sentence_is_read_with_its_hints() -> None:
    silent = Hints(np.zeros((3, N_HINTS), np.float32), (NO_CLAIM,) * 3)
    telling = Hints(np.ones((3, N_HINTS), np.float32), (0,) * 3)
    states = array(3, WIDTH)
    first, second = HEADS.read(states, silent), HEADS.read(states, telling)

    assert 0.0 < first.detected < 1.0 and first.detected != second.detected
    assert first.emissions.shape == (3, N_TAGS)
    assert np.exp(first.levels).sum() == pytest.approx(1.0, abs=1e-5)


def test_rules_tell_runs_together_or_apart() -> None:
    said = Hints(np.zeros((6, N_HINTS), np.float32), (0, 0, NO_CLAIM, 1, 1, 0))

    assert same_claim(said, said, (0, 2), (5, 6), here=True) == [1.0, 0.0]
    assert same_claim(said, said, (0, 2), (3, 5), here=True) == [0.0, 1.0]
    assert same_claim(said, said, (0, 2), (2, 3), here=True) == [0.0, 0.0]
    assert same_claim(said, said, (0, 2), (3, 5), here=False) == [0.0, 0.0]
