"""Heads of several members as one."""

from __future__ import annotations

import numpy as np

from assistant.tagging.trained.heads import Heads
from assistant.tagging.trained.hints import N_HINTS, NO_CLAIM, Hints
from assistant.tagging.trained.labels import N_TAGS
from assistant.tagging.trained.relations import N_FEATURES, N_RELATIONS
from evals.extraction.train.members import Array, joined

WIDTH, HIDDEN = 5, 3
RNG = np.random.default_rng(7)


def array(*shape: int) -> Array:
    return RNG.normal(size=shape).astype(np.float32)


def heads() -> dict[str, Array]:
    return {
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
        "link_head.weight": array(HIDDEN, WIDTH),
        "link_other.weight": array(HIDDEN, WIDTH),
        "link_features.weight": array(HIDDEN, N_FEATURES),
        "link_features.bias": array(HIDDEN),
        "link.weight": array(N_RELATIONS, HIDDEN),
        "link.bias": array(N_RELATIONS),
    }


MEMBERS = [heads(), heads(), heads()]
BOTH = Heads(joined(MEMBERS))
EACH = [Heads(one) for one in MEMBERS]


def test_what_is_read_is_the_mean_of_the_members() -> None:
    hints = Hints(array(4, N_HINTS), (NO_CLAIM,) * 4)
    states = [array(4, WIDTH) for _ in MEMBERS]
    apart = [one.read(own, hints) for one, own in zip(EACH, states, strict=True)]
    together = BOTH.read(np.hstack(states), hints)

    np.testing.assert_allclose(together.emissions, np.mean([one.emissions for one in apart], axis=0), atol=1e-5)
    odds = np.mean([np.log(one.detected / (1 - one.detected)) for one in apart])
    np.testing.assert_allclose(np.log(together.detected / (1 - together.detected)), odds, atol=1e-4)
    for name in ("levels", "polarities"):
        mean = np.mean([getattr(one, name) for one in apart], axis=0)
        np.testing.assert_allclose(getattr(together, name), mean - np.log(np.exp(mean).sum()), atol=1e-5)


def test_links_are_the_geometric_mean_of_the_members() -> None:
    pairs = [(array(2, WIDTH), array(2, WIDTH)) for _ in MEMBERS]
    features = array(2, N_FEATURES)
    apart = [one.relate(head, other, features) for one, (head, other) in zip(EACH, pairs, strict=True)]
    together = BOTH.relate(np.hstack([head for head, _ in pairs]), np.hstack([other for _, other in pairs]), features)

    mean = np.exp(np.mean(np.log(apart), axis=0))
    np.testing.assert_allclose(together, mean / mean.sum(axis=1, keepdims=True), atol=1e-5)


def test_one_member_is_itself() -> None:
    assert all(np.array_equal(tensor, MEMBERS[0][name]) for name, tensor in joined(MEMBERS[:1]).items())
