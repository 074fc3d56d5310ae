"""What is scored: the tagger that ships, the rules, and baselines that know nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.tagging.tags import SentenceInPlace, TaggedClaim, Tagger
from evals.extraction.coding.files import CodedSpans

System = Callable[[Sequence[SentenceInPlace]], list[CodedSpans]]
"""The sentences of a study that may be coded to its configurations."""

_FINDINGS = frozenset({SectionType.RESULTS, SectionType.DISCUSSION, SectionType.CONCLUSION})
_FORWARD = re.compile(
    r"\b(?:led to|leads to|resulted in|results in|so that|enabled|allowed|meant that|which made|caused|improved"
    r"|increased|reduced|prompted|encouraged|helped)\b",
    re.IGNORECASE,
)
_BACKWARD = re.compile(r"\b(?:because|due to|owing to|thanks to|as a result of|since)\b", re.IGNORECASE)
_OPENING = re.compile(r"^(?:where|when|if|in|given|without|for)\b[^,]{8,120},", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]\s+|\s(?=because\b|so that\b|which\b|where\b|when\b|and\b)", re.IGNORECASE)
_DEFINITIONS: Mapping[Role | None, str] = {
    Role.CONTEXT: "the conditions, relationships, history, norms and resources already in place in a setting",
    Role.RESOURCE: "a resource, tool, role, forum or opportunity that a programme offers to people",
    Role.REASONING: "how people respond and reason: they trust, feel confident, are motivated, resist or learn",
    Role.OUTCOME: "the result or effect that follows: behaviour, practice, care or capability improves or worsens",
}
_CLAIM = "An explanation of how circumstances and people's responses to a programme bring about an outcome."
_NO_CLAIM = "A description of methods, samples, aims, definitions or plain facts."


def coded_claims(claims: Sequence[TaggedClaim]) -> list[CodedSpans]:
    """A tagger's claims in the form of a coding."""
    return [
        CodedSpans(
            id=f"s{number}",
            passage=claim.passage,
            **{role.value: tuple(mark.span for mark in claim.marks if mark.role is role) for role in Role},
            level=claim.level,
            polarity=claim.polarity,
        )
        for number, claim in enumerate(claims, 1)
    ]


def tagged_by(tagger: Tagger) -> System:
    """A tagger as a system."""
    return lambda sentences: coded_claims(tagger.claims(sentences))


def all_findings(sentences: Sequence[SentenceInPlace]) -> list[CodedSpans]:
    """Every sentence of results, discussion and conclusion a configuration, all of it outcome."""
    return [
        _coding(number, one.span, {Role.OUTCOME: [one.span]})
        for number, one in enumerate(sentences)
        if one.section_type in _FINDINGS
    ]


def connectives(sentences: Sequence[SentenceInPlace]) -> list[CodedSpans]:
    """Every sentence with a causal connective, cut there: cause on one side, effect on the other."""
    found: list[CodedSpans] = []
    for number, one in enumerate(sentences):
        forward, backward = _FORWARD.search(one.text), _BACKWARD.search(one.text)
        match = forward or backward
        if match is None:
            continue
        opening = _OPENING.match(one.text)
        begin = opening.end() if opening and opening.end() <= match.start() else 0
        before, after = (begin, match.start()), (match.end(), len(one.text))
        cause, effect = (before, after) if forward else (after, before)
        parts = {Role.REASONING: [cause], Role.OUTCOME: [effect], Role.CONTEXT: [(0, begin)]}
        spans = {role: list(_spans(one, places)) for role, places in parts.items()}
        if spans[Role.OUTCOME] and (spans[Role.REASONING] or spans[Role.CONTEXT]):
            found.append(_coding(number, one.span, spans))
    return found


def _spans(sentence: SentenceInPlace, places: Sequence[tuple[int, int]]) -> Iterator[Span]:
    for start, end in places:
        words = sentence.text[start:end]
        left, right = len(words) - len(words.lstrip(" ,;:.")), len(words.rstrip(" ,;:."))
        if right > left:
            yield Span(start + left, start + right).shifted(sentence.span.start)


def zero_shot(embed: Callable[[Sequence[str]], object]) -> System:
    """Sentences nearer to the definition of a configuration than to what is none; clauses by the nearest role.

    Args:
        embed: Texts to unit vectors.
    """

    def system(sentences: Sequence[SentenceInPlace]) -> list[CodedSpans]:
        import numpy as np

        claim, no_claim = np.asarray(embed([_CLAIM, _NO_CLAIM]))
        roles = [role for role in _DEFINITIONS if role is not None]
        meanings = np.asarray(embed([_DEFINITIONS[role] for role in roles]))
        vectors = np.asarray(embed([_short(one.text) for one in sentences]))
        found: list[CodedSpans] = []
        for number, one in enumerate(sentences):
            if vectors[number] @ claim <= vectors[number] @ no_claim:
                continue
            cuts = [0, *(match.end() for match in _CLAUSE.finditer(one.text)), len(one.text)]
            places = [(start, end) for start, end in pairwise(cuts) if end - start > 8]
            if not places:
                continue
            nearest = (np.asarray(embed([_short(one.text[a:b]) for a, b in places])) @ meanings.T).argmax(axis=1)
            spans: dict[Role, list[Span]] = {role: [] for role in roles}
            for place, which in zip(places, nearest, strict=True):
                spans[roles[int(which)]].extend(_spans(one, [place]))
            if any(spans.values()):
                found.append(_coding(number, one.span, spans))
        return found

    return system


def _short(text: str) -> str:
    """What the embedder takes at once; the end of a very long sentence is left out of a baseline."""
    return text[:700]


def _coding(number: int, passage: Span, spans: Mapping[Role, Sequence[Span]]) -> CodedSpans:
    return CodedSpans(
        id=f"s{number}",
        passage=passage,
        **{role.value: tuple(spans.get(role, ())) for role in Role},
        level=Level.FINDING,
        polarity=Polarity.ENABLING,
    )
