"""What an embedder is: texts to unit vectors, and texts to lengths in its own tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Maps texts to points on the unit sphere; near means alike.

    Making one is cheap: weights are loaded when the first text comes. One thread may embed while another counts.
    """

    @property
    def fingerprint(self) -> str:
        """Names the model, its weights and its dimension; vectors of two fingerprints can't be compared."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def precision(self) -> str:
        """The number format that it computes in, such as ``fp32``; vectors of one fingerprint are near in all."""

    @property
    def max_tokens(self) -> int:
        """Longest text that it takes, in its own tokens, special tokens included."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of ``texts`` in their order, shape (n_texts, dimension).

        Raises:
            ValueError: If a text is longer than ``max_tokens``; nothing is ever cut off in silence.
        """

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector for a question of any length, shape (dimension,): near the passages that answer it."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths of ``texts`` in tokens, special tokens included, however long they are."""


def refuse_long(lengths: Sequence[int], limit: int) -> None:
    """Checks that every text fits.

    Raises:
        ValueError: If one of ``lengths`` is above ``limit``, both in tokens.
    """
    for number, length in enumerate(lengths):
        if length > limit:
            raise ValueError(f"text {number} has {length} tokens, and the embedder takes at most {limit}")


def embed_long(embedder: Embedder, text: str) -> NDArray[np.float32]:
    """One unit vector for a text of any length, shape (dimension,).

    A text that fits is embedded as it is. A longer one is cut into windows that fit, at the white space nearest
    to the middle; the vector is the mean of theirs, each weighing as many tokens as it has.
    """
    import numpy as np

    windows = _windows(embedder, text)
    vectors = embedder.embed(windows)
    mean = np.average(vectors, axis=0, weights=embedder.count_tokens(windows))
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _windows(embedder: Embedder, text: str) -> list[str]:
    (tokens,) = embedder.count_tokens([text])
    if tokens <= embedder.max_tokens or len(text) < 2:
        return [text]
    middle = len(text) // 2
    before, after = text.rfind(" ", 0, middle), text.find(" ", middle)
    cuts = [at for at in (before, after) if at > 0]
    cut = min(cuts, key=lambda at: abs(at - middle), default=middle)
    return [*_windows(embedder, text[:cut]), *_windows(embedder, text[cut:])]
