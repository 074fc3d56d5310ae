"""The trained tagger: windows of sentences through the encoders, their states through the heads, runs joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.tagging.tags import SentenceInPlace, TaggedClaim
from assistant.tagging.trained.decoding import Decoding, decode
from assistant.tagging.trained.heads import Heads, Reading
from assistant.tagging.trained.hints import hints
from assistant.tagging.trained.windows import Tokens, tokens_of, windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer


class Encoder(Protocol):
    """Token ids to token states."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Neither cuts nor fills."""

    def states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The states of each text, float32 (n_tokens, width) each."""


@dataclass(frozen=True)
class TrainedTagger:
    """A `Tagger` whose marks and links were learnt; deterministic for the same machine and threads.

    Models that were trained side by side read the same sentences, each in windows that begin elsewhere. The heads are
    theirs put side by side (`evals.extraction.train.members.joined`), so that every score is the mean of theirs.
    """

    encoders: Sequence[Encoder]
    """Of each model the one with its fine-tuned layers; all have one tokenizer."""
    heads: Heads
    """That were trained on them."""
    decoding: Decoding
    """How to choose."""
    name: str
    """Name and version, written beside each candidate."""
    alone: bool = False
    """Whether each sentence is read without place and neighbours."""

    def claims(self, sentences: Sequence[SentenceInPlace]) -> Sequence[TaggedClaim]:
        """The claims of one study's sentences, in the order of the text."""
        tokens, readings = self.read(sentences)
        found = decode(sentences, tokens, readings, self.heads, self.decoding)
        return tuple(one.claim for one in found)

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        """How surely each sentence belongs to a configuration, 0 to 1, higher is surer; 0 without a token."""
        _, readings = self.read(sentences)
        return tuple(reading.detected if reading else 0.0 for reading in readings)

    def read(self, sentences: Sequence[SentenceInPlace]) -> tuple[list[Tokens], list[Reading | None]]:
        """Each sentence's tokens and what the heads say of them; None for a sentence without a token."""
        import numpy as np

        tokens = tokens_of(self.encoders[0].tokenizer, [sentence.text for sentence in sentences])
        each = [self._states(number, sentences, tokens) for number in range(len(self.encoders))]
        readings = [
            self.heads.read(np.concatenate(states, axis=1), said) if own.ids else None
            for own, said, *states in zip(tokens, hints(sentences, tokens), *each, strict=True)
        ]
        return tokens, readings

    def _states(
        self, number: int, sentences: Sequence[SentenceInPlace], tokens: Sequence[Tokens]
    ) -> list[NDArray[np.float32]]:
        """Each sentence's states from one of the encoders, float32 (n_tokens, width)."""
        encoder = self.encoders[number]
        first = 1 - number / (2 * len(self.encoders))
        cut = list(windows(encoder.tokenizer, sentences, tokens, alone=self.alone, first=first))
        found: dict[int, NDArray[np.float32]] = {}
        for window, states in zip(cut, encoder.states([one.ids for one in cut]), strict=True):
            for index in window.core:
                start = window.starts[index - window.first]
                found[index] = states[start : start + len(tokens[index].ids)]
        return [found[index] for index in range(len(sentences))]
