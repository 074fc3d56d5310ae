from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.embedding.protocol import Embedder, embed_long, refuse_long


class LetterEmbedder:
    """Counts letters; a token is a letter, and two are special."""

    fingerprint = "letters/3"
    dimension = 3
    max_tokens = 10

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        refuse_long(self.count_tokens(texts), self.max_tokens)
        counts = [[1 + text.count("a"), 1 + text.count("b"), 1] for text in texts]
        return np.array([row / np.linalg.norm(row) for row in counts], dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) + 2 for text in texts]

    def embed_question(self, question: str) -> NDArray[np.float32]:
        return embed_long(self, question)


EMBEDDER: Embedder = LetterEmbedder()


def test_a_text_that_is_too_long_is_named() -> None:
    with pytest.raises(ValueError, match="text 1 has 13 tokens, and the embedder takes at most 10"):
        EMBEDDER.embed(["short", "a" * 11])


def test_a_text_that_fits_is_embedded_as_it_is() -> None:
    np.testing.assert_allclose(embed_long(EMBEDDER, "aab"), EMBEDDER.embed(["aab"])[0], atol=1e-7)


def test_windows_weigh_as_much_as_they_are_long() -> None:
    # Cut at the space nearest to the middle: "aaaaaaaa" with 10 tokens and " bbb" with 6.
    mean = 10 * EMBEDDER.embed(["aaaaaaaa"])[0] + 6 * EMBEDDER.embed([" bbb"])[0]
    np.testing.assert_allclose(embed_long(EMBEDDER, "aaaaaaaa bbb"), mean / np.linalg.norm(mean), atol=1e-6)


@given(st.text("ab \n", max_size=200))
def test_any_length_gives_a_unit_vector(text: str) -> None:
    vector = embed_long(EMBEDDER, text)
    assert vector.shape == (3,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
