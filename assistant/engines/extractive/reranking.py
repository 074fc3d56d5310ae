"""Reads passages with the question in view: how far each sentence, and each passage, bears on it.

The encoder that the tool carries, its upper layers trained on questions and the sentences that answer them. One pass
a passage: the question, then the passage under its heading; a sentence is the mean of its tokens' states. Source of
the scheme: Nogueira and Cho 2019, arXiv:1901.04085, with sentences in place of whole passages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.domain.passages import Passage
from assistant.embedding.trained import TrainedPart
from assistant.embedding.vocabulary import OPENING, PARTING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Array = NDArray[np.float32]

FOLDER = Path(__file__).parent / "reranker"
"""Where the weights that ship and their card lie."""
NAMES = ("sentence.weight", "sentence.bias", "passage.weight", "passage.bias")
"""The tensors of the two linear heads, (1, width) and (1,) each."""
_QUESTION, _HEADING, _LONGEST = 64, 12, 420
"""Tokens of a question, of a heading and of a passage that are read."""


class Encoder(Protocol):
    """Gives the last layer of token ids."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Of the ids."""
        ...

    def states(self, texts: Sequence[Sequence[int]]) -> list[Array]:
        """The last layer of each text, float32 (n_tokens, width)."""
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as the encoder reads them."""

    ids: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    """Half-open range of the tokens of each sentence; empty where it is beyond what is read."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How far a passage bears on a question, in log-odds."""

    passage: float
    """That it holds evidence."""
    sentences: tuple[float, ...]
    """That each of its sentences is evidence."""


class Bears(Protocol):
    """Says how far passages bear on a question."""

    def bearings(self, question: str, passages: Sequence[Passage]) -> Sequence[Bearing]:
        """Of each passage and each of its sentences."""
        ...


@dataclass(frozen=True)
class Reranker:
    """The encoder with its two heads."""

    encoder: Encoder
    tensors: Mapping[str, Array]
    """By the names of `NAMES`."""

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        """How far each passage and each of its sentences bears on ``question``."""
        pairs = pairs_of(self.encoder.tokenizer, question, passages)
        states = self.encoder.states([pair.ids for pair in pairs])
        return [self._bearing(pair, read) for pair, read in zip(pairs, states, strict=True)]

    def _bearing(self, pair: Pair, states: Array) -> Bearing:
        lowest = float(self.tensors["sentence.bias"][0])
        means = (states[start:end].mean(axis=0) if end > start else None for start, end in pair.sentences)
        return Bearing(
            self._head("passage", states[0]),
            tuple(lowest if mean is None else self._head("sentence", mean) for mean in means),
        )

    def _head(self, name: str, state: Array) -> float:
        return float(self.tensors[f"{name}.weight"][0] @ state + self.tensors[f"{name}.bias"][0])


@dataclass(frozen=True, kw_only=True)
class PackagedReranker:
    """The reranker that ships, loaded when it is first asked."""

    cache: Path
    """Folder for what is computed once and kept."""
    threads: int = 0
    """For one call; 0 for as many as there are cores."""
    folder: Path = FOLDER
    """Where the weights and their card lie."""

    def bearings(self, question: str, passages: Sequence[Passage]) -> list[Bearing]:
        """How far each passage and each of its sentences bears on ``question``.

        Raises:
            WeightsError: If weights or card are missing, or the weights are not the ones that the card describes.
            EmbeddingError: The same of the encoder's.
        """
        return self._reranker.bearings(question, passages)

    @cached_property
    def _reranker(self) -> Reranker:
        from assistant.embedding.states import TokenStates

        tensors = reranker_in(self.folder).tensors()
        heads = {name: tensors.pop(name) for name in NAMES}
        return Reranker(TokenStates(tensors, cache=self.cache, threads=self.threads), heads)


def reranker_in(folder: Path = FOLDER) -> TrainedPart:
    """Weights and card in ``folder``."""
    return TrainedPart("reranker", folder, "python -m evals.answering.reranker")


def pairs_of(tokenizer: Tokenizer, question: str, passages: Sequence[Passage]) -> list[Pair]:
    """What the encoder reads for each passage; the question stands first, the heading and the sentences after it."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
    opening = [OPENING, *asked, PARTING]
    return [_pair(tokenizer, opening, passage) for passage in passages]


def _pair(tokenizer: Tokenizer, opening: Sequence[int], passage: Passage) -> Pair:
    heading = passage.path[-1] if passage.path else ""
    encoded = tokenizer.encode_batch_fast([heading, *_texts(passage)], add_special_tokens=False)
    ids = [*opening, *encoded[0].ids[:_HEADING], PARTING]
    full, ranges = len(ids) + _LONGEST, []
    for sentence in encoded[1:]:
        start = len(ids)
        ids += sentence.ids[: full - start]
        ranges.append((start, len(ids)))
    return Pair((*ids, PARTING), tuple(ranges))


def _texts(passage: Passage) -> Iterator[str]:
    return (span.shifted(-passage.span.start).of(passage.text) for span in passage.sentences)
