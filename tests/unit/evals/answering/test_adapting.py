from __future__ import annotations

import numpy as np

from evals.answering.adapting import _descend, _gradient


def test_the_gradient_is_that_of_the_loss() -> None:
    # Two passages along the axes, the first wanted, the question between them: the softmax gives each a half, so the
    # loss falls fastest where the question moves by (1/2, -1/2), times its own coordinates, over the temperature.
    asked = np.array([[0.6, 0.8]], np.float32)
    vectors = np.eye(2, dtype=np.float32)
    level = np.array([[0.0, 0.25], [0.0, 0.0]], np.float32)  # lifts the first score from 0.6 to 0.8, the second's
    expected = np.outer([-0.5, 0.5], [0.6, 0.8]) / 0.05
    assert np.allclose(_gradient(asked, vectors, np.array([[1.0, 0.0]], np.float32), level), expected, atol=1e-3)


def test_evidence_comes_nearer_than_the_rest() -> None:
    asked = np.array([[0.6, 0.8], [0.8, 0.6]], np.float32)
    vectors = np.eye(2, dtype=np.float32)
    wanted = np.array([[1.0, 0.0], [1.0, 0.0]], np.float32)
    turned = asked + asked @ _descend(asked, vectors, wanted).T
    before, after = asked @ vectors.T, turned @ vectors.T
    assert np.all(after[:, 0] > before[:, 0])
    assert np.all(after[:, 1] < before[:, 1])
