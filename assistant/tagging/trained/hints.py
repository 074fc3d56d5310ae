"""What the rules say of each token, for the heads to read beside the encoder's states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.tagging.rules import RuleTagger
from assistant.tagging.tags import SentenceInPlace, SentenceTags
from assistant.tagging.trained.labels import ROLES
from assistant.tagging.trained.windows import Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N_HINTS = 2 * len(ROLES) + 2
NO_CLAIM = -1


@dataclass(frozen=True, slots=True)
class Hints:
    """What the rules say of a sentence."""

    values: NDArray[np.float32]
    """float32 (n_tokens, N_HINTS): begins or goes on with each role, the rules' score, whether they claim much."""
    claims: tuple[int, ...]
    """For each token the claim of the sentence that the rules put it in, from 0; `NO_CLAIM` for none."""


@cache
def _rules() -> RuleTagger:
    return RuleTagger()


def hints(sentences: Sequence[SentenceInPlace], tokens: Sequence[Tokens]) -> list[Hints]:
    """The rules' hints for each sentence of one study."""
    said = _rules().tag(sentences)
    return [_of(*one) for one in zip(sentences, tokens, said, strict=True)]


def _of(sentence: SentenceInPlace, tokens: Tokens, said: SentenceTags) -> Hints:
    import numpy as np

    values = np.zeros((len(tokens.ids), N_HINTS), dtype=np.float32)
    claims = [NO_CLAIM] * len(tokens.ids)
    for number, claim in enumerate(said.claims):
        for mark in claim.marks:
            start, end = mark.span.start - sentence.span.start, mark.span.end - sentence.span.start
            held = [at for at, (left, right) in enumerate(tokens.offsets) if left < end and right > start]
            kind = 2 * ROLES.index(mark.role)
            for at in held:
                values[at, kind + (at != held[0])] = 1.0
                claims[at] = number
    values[:, -2] = said.score
    values[:, -1] = len(said.claims) > 1
    return Hints(values, tuple(claims))


def same_claim(ours: Hints, theirs: Hints, head: tuple[int, int], other: tuple[int, int], here: bool) -> list[float]:
    """Whether the rules put two runs into one claim, and whether into two; both 0 where they say nothing.

    Args:
        ours: Hints of the sentence of the first run.
        theirs: Of the second's.
        head: First token of the first run, and the token after its last.
        other: The same of the second run.
        here: Whether both stand in one sentence.
    """
    first = {ours.claims[at] for at in range(*head)} - {NO_CLAIM}
    second = {theirs.claims[at] for at in range(*other)} - {NO_CLAIM}
    if not (here and first and second):
        return [0.0, 0.0]
    return [float(bool(first & second)), float(not first & second)]
