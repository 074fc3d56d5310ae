"""What stands on the encoder: linear heads, a chain over tags, the linker's small network. Plain numpy.

Shapes are those of the weights file; `evals.extraction.train` computes the same with torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.domain.cmo import Level, Polarity
from assistant.tagging.trained.hints import Hints
from assistant.tagging.trained.labels import LEVELS, N_TAGS, NO_ROLE, POLARITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

NAMES = (
    *(f"{head}.{part}" for head in ("tags", "detection", "level", "polarity") for part in ("weight", "bias")),
    *("chain.step", "chain.begin", "link_head.weight", "link_other.weight"),
    *("link_features.weight", "link_features.bias", "link.weight", "link.bias"),
)
"""The tensors that the heads need."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the heads say of one sentence."""

    detected: float
    """0 to 1, how surely it lies in a configuration."""
    states: Array
    """Its tokens' states, float32 (n_tokens, width)."""
    hints: Hints
    """What the rules say of it."""
    emissions: Array
    """Scores of the tags, float32 (n_tokens, N_TAGS)."""
    levels: Array
    """Log-probabilities in the order of `LEVELS`."""
    polarities: Array
    """Log-probabilities in the order of `POLARITIES`."""


@dataclass(frozen=True)
class Heads:
    """The trained heads, by the names of `NAMES`."""

    tensors: Mapping[str, Array]
    """float32."""

    def read(self, states: Array, hints: Hints) -> Reading:
        """Reads a sentence of at least one token.

        Args:
            states: float32 (n_tokens, width).
            hints: What the rules say of it.
        """
        import numpy as np

        whole, both = states.mean(axis=0), np.concatenate([states, hints.values], axis=1)
        logit = self._linear("detection", both.mean(axis=0))[0]
        return Reading(
            float(_sigmoid(logit)),
            states,
            hints,
            self._linear("tags", both),
            _log_softmax(self._linear("level", whole)),
            _log_softmax(self._linear("polarity", whole)),
        )

    def _linear(self, name: str, states: Array) -> Array:
        product: Array = states @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
        return product

    def tags(self, emissions: Array, favour: float) -> list[int]:
        """The likeliest tags of a sentence.

        Args:
            emissions: (n_tokens, N_TAGS).
            favour: Taken from the score of playing no role, for every token; more gives more marks.

        Source: Viterbi 1967, doi:10.1109/TIT.1967.1054010.
        """
        import numpy as np

        scores = emissions.copy()
        scores[:, NO_ROLE] -= favour
        step, total = self.tensors["chain.step"], self.tensors["chain.begin"] + scores[0]
        back = np.zeros((len(scores), N_TAGS), dtype=np.int64)
        for at in range(1, len(scores)):
            reached = total[:, None] + step
            back[at] = reached.argmax(axis=0)
            total = reached.max(axis=0) + scores[at]
        best = [int(total.argmax())]
        for at in range(len(scores) - 1, 0, -1):
            best.append(int(back[at, best[-1]]))
        return best[::-1]

    def marginals(self, emissions: Array) -> Array:
        """How likely each tag is for each token, (n_tokens, N_TAGS); rows sum to 1."""
        import numpy as np

        step = self.tensors["chain.step"]
        ahead, behind = np.empty_like(emissions), np.zeros_like(emissions)
        ahead[0] = self.tensors["chain.begin"] + emissions[0]
        for at in range(1, len(emissions)):
            ahead[at] = _log_sum(ahead[at - 1][:, None] + step, axis=0) + emissions[at]
        for at in range(len(emissions) - 2, -1, -1):
            behind[at] = _log_sum(step + (emissions[at + 1] + behind[at + 1])[None, :], axis=1)
        both = ahead + behind
        weights: Array = np.exp(both - _log_sum(both, axis=1)[:, None])
        return weights

    def relate(self, heads: Array, others: Array, features: Array) -> Array:
        """How likely each relation of each pair of runs is, (n_pairs, N_RELATIONS); rows sum to 1.

        Args:
            heads: Mean states of the outcomes, (n_pairs, width).
            others: Mean states of the other runs, (n_pairs, width).
            features: (n_pairs, N_FEATURES).
        """
        import numpy as np

        named = self.tensors
        hidden = heads @ named["link_head.weight"].T + others @ named["link_other.weight"].T
        hidden = np.maximum(hidden + self._linear("link_features", features), 0)
        weights: Array = np.exp(_log_softmax(self._linear("link", hidden)))
        return weights


def level_from(readings: Sequence[Reading]) -> Level:
    """The level of a passage from its sentences."""
    return LEVELS[int(sum(one.levels for one in readings).argmax())]  # type: ignore[union-attr]


def polarity_from(readings: Sequence[Reading]) -> Polarity:
    """The polarity of a passage from its sentences."""
    return POLARITIES[int(sum(one.polarities for one in readings).argmax())]  # type: ignore[union-attr]


def _sigmoid(value: float) -> float:
    import math

    return 1.0 / (1.0 + math.exp(-value)) if value >= 0 else 1.0 - 1.0 / (1.0 + math.exp(value))


def _log_sum(values: Array, axis: int) -> Array:
    import numpy as np

    top = values.max(axis=axis, keepdims=True)
    total: Array = np.squeeze(top, axis=axis) + np.log(np.exp(values - top).sum(axis=axis))
    return total


def _log_softmax(values: Array) -> Array:
    shifted: Array = values - _log_sum(values, axis=values.ndim - 1)[..., None]
    return shifted
