"""Writes an authored passage back as markup; `parse` reads the same passage from it."""

from __future__ import annotations

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from evals.extraction.markup.authored import AuthoredPassage
from evals.extraction.markup.parser import ROLE_LETTERS

_LETTERS = {role: letter for letter, role in ROLE_LETTERS.items() if role}


def write_passage(passage: AuthoredPassage) -> str:
    """``passage`` as markup, header and prose on a line each, every header pair spelt out.

    Raises:
        ValueError: If marks cross one another, which the markup can't say.
    """
    return "\n".join([*_headers(passage), _prose(passage)]) + "\n"


def _headers(passage: AuthoredPassage) -> list[str]:
    pairs = {
        "section": passage.section,
        "register": passage.register,
        "negative": passage.negative,
        "continues": "yes" if passage.continues else None,
    }
    common = " ".join(f"{key}={value}" for key, value in pairs.items() if value)
    own = [f"#{c.number} level={c.level} polarity={c.polarity}" for c in passage.configurations]
    return [f"# {common}", *own]


def _prose(passage: AuthoredPassage) -> str:
    tags = _tags(passage)
    nested = sorted(tags, key=lambda span: (span.start, -span.end))
    out: list[str] = []
    opened: list[Span] = []
    for offset, char in enumerate(passage.text):
        while opened and opened[-1].end == offset:
            opened.pop()
            out.append("]")
        while nested and nested[0].start == offset:
            span = nested.pop(0)
            if opened and span.end > opened[-1].end:
                raise ValueError(f"marks cross at {span.of(passage.text)!r}")
            opened.append(span)
            out.append(f"[{','.join(tags[span])} ")
        out.append(f"\\{char}" if char in "[]\\" else char)
    return "".join(out) + "]" * len(opened)


def _tags(passage: AuthoredPassage) -> dict[Span, list[str]]:
    """Tags of every marked span, and a ``P`` for a sentence that an extent holds beyond its marks."""
    tags: dict[Span, list[str]] = {}
    for configuration in passage.configurations:
        for mark in configuration.marks:
            tags.setdefault(mark.span, []).append(f"{_LETTERS[Role(mark.role)]}{configuration.number}")
        held = [s for s in passage.sentences if configuration.extent.start <= s.start < configuration.extent.end]
        for sentence in (held[0], held[-1]):
            if not any(sentence.start <= m.span.start < sentence.end for m in configuration.marks):
                words = _without_stops(passage.text, sentence)
                if f"P{configuration.number}" not in tags.setdefault(words, []):
                    tags[words].append(f"P{configuration.number}")
    return tags


def _without_stops(text: str, sentence: Span) -> Span:
    words = sentence.of(text)
    start = sentence.start + len(words) - len(words.lstrip(".,;: "))
    return Span(start, start + len(words.strip(".,;: ")))
