"""Running text of a Markdown paragraph, without emphasis, links, HTML and images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from assistant.readers.marks import bracketed, superscript

if TYPE_CHECKING:
    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|td|th|tr|table|h[1-6]|hr|blockquote|section|details|summary)\b[^<>]*>", re.I
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<![A-Z][^<>]*>|<\?[^<>]*\?>")
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]{1,60})\]")


@dataclass
class Inline:
    """What a paragraph holds."""

    text: str = ""
    """Its words."""
    captions: list[str] = field(default_factory=list)
    """The alternative texts of its images, in order."""


def read_inline(tokens: Sequence[Token]) -> Inline:
    """The words and images of a paragraph's ``tokens``; line ends are spaces."""
    pieces: list[str] = []
    captions: list[str] = []
    raised_from: int | None = None
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            pieces.append(_with_marks(_tail(pieces), token.content))
        elif token.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif token.type == "image":
            captions += filter(None, [token.content.strip()])
        elif token.type == "html_inline":
            tag = token.content.lower()
            if tag.startswith("<sup"):
                raised_from = len(pieces)
            elif tag.startswith("</sup") and raised_from is not None:
                raised = "".join(pieces[raised_from:])
                del pieces[raised_from:]
                pieces.append(superscript(_tail(pieces), raised))
                raised_from = None
            elif _BREAK.fullmatch(tag):
                pieces.append(" ")
    return Inline("".join(pieces), captions)


def _tail(pieces: Sequence[str]) -> str:
    """The end of what was read."""
    return "".join(pieces[-8:])[-20:]


def _with_marks(before: str, text: str) -> str:
    """``text``, which follows ``before``, with its footnote marks ``[^1]`` as ``[1]``."""
    pieces: list[str] = []
    done = 0
    for match in _FOOTNOTE_MARK.finditer(text):
        pieces.append(text[done : match.start()])
        pieces.append(bracketed((before if not done else "") + pieces[-1], match[1]))
        done = match.end()
    return "".join([*pieces, text[done:]])


def without_html(html: str) -> str:
    """The words of a block of ``html``: no comments, scripts, styles or tags."""
    html = _UNSEEN.sub(" ", _COMMENT.sub(" ", html))
    return unescape(_TAG.sub("", _BREAK.sub(" ", html)))
