"""Passages written for training, with their configurations marked inline.

::

    # polarity=enabling section=results
    In [C1 wards where staff already knew one another], the [R1 weekly huddle] [M1 gave them the
    confidence to speak up], and [O1 errors were reported sooner].

``FORMAT.md`` beside the passages says the rules; `parse` holds to them strictly.
"""

from evals.extraction.markup.authored import (
    AuthoredConfiguration,
    AuthoredPassage,
    MarkedSpan,
    NegativeKind,
    Register,
)
from evals.extraction.markup.parser import MarkupError, parse, parse_file, parse_folder
from evals.extraction.markup.writer import write_passage

__all__ = [
    "AuthoredConfiguration",
    "AuthoredPassage",
    "MarkedSpan",
    "MarkupError",
    "NegativeKind",
    "Register",
    "parse",
    "parse_file",
    "parse_folder",
    "write_passage",
]
