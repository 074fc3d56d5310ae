"""The encoder's tokenizer, as its package has it but never cutting and never filling."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from assistant.embedding.weights import packaged_files, read_vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

OPENING, PARTING, HIDDEN = 101, 102, 103
"""Ids of ``[CLS]``, ``[SEP]`` and ``[MASK]``; those of words are higher."""


@cache
def packaged_tokenizer() -> Tokenizer:
    """The tokenizer of the packaged encoder, one for the whole process.

    Nobody changes it, so that any thread may use it.

    Raises:
        EmbeddingError: If the package is missing or not the one expected.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(read_vocabulary(packaged_files().vocabulary))
    # The file asks for 128 tokens, cut and filled; lengths must be true and texts whole.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
