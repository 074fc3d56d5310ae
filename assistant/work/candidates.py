"""From drafts to candidates: every quote located in its study, repeats of one claim gathered.

Pure: no store, no engine, no clock.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.domain.cmo import (
    CmoConfiguration,
    DraftConfiguration,
    Evidence,
    Mechanism,
    Role,
)
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, Span
from assistant.domain.study import Study
from assistant.tagging.directions import Direction, direction_of
from assistant.tagging.statements import statement
from assistant.text.quotes import locate_evidence
from assistant.text.words import content_stems

_CAPITAL_INSIDE = re.compile(r"[a-z,;] ([A-Z]\w*(?:['’]\w+)?)")
_SAME = 0.7
"""Share of stems, or of characters, that two claims have in common when they are one; 0 to 1."""


def configure(study: Study, draft: DraftConfiguration, engine: EngineRecord) -> CmoConfiguration:
    """The candidate that a draft proposes, with every quote looked up in the study's stored text.

    Args:
        study: The study that was read.
        draft: What the engine proposes.
        engine: Who proposes it.

    Returns:
        A candidate; ``quarantined`` where a quote is not in the study.

    Raises:
        ValueError: If the draft has no outcome, or neither context nor mechanism.
    """
    quotes: dict[Role, list[Quote]] = defaultdict(list)
    for role, words, offset in draft.marks:
        quotes[role].append(locate_evidence(words, study, offset))
    evidence = tuple(_evidence(study, locate_evidence(words, study, offset)) for words, offset in draft.passages)
    return CmoConfiguration(
        id=_identity(study, quotes, evidence),
        study=study.id,
        statement=draft.statement.strip() or _built_statement(study, quotes),
        context=tuple(quotes[Role.CONTEXT]),
        mechanism=Mechanism(tuple(quotes[Role.RESOURCE]), tuple(quotes[Role.REASONING])),
        outcome=tuple(quotes[Role.OUTCOME]),
        evidence=evidence,
        level=draft.level,
        polarity=draft.polarity,
        confidence=draft.confidence,
        engine=engine,
        request=draft.request,
    )


def merge(candidates: Iterable[CmoConfiguration]) -> tuple[CmoConfiguration, ...]:
    """One candidate a claim: repeats within a study join the surest of them, as further evidence.

    Two candidates of one study are the same claim when level and polarity agree, and their outcomes and their
    causes each share most of their stems, or most of their characters at the same place. A quarantined
    candidate joins only its like.

    Returns:
        As `in_text_order` has them.
    """
    groups: dict[tuple[object, ...], _Groups] = {}
    for candidate in sorted(candidates, key=lambda one: -one.confidence):
        key = (candidate.study, candidate.level, candidate.polarity, candidate.status)
        groups.setdefault(key, _Groups()).add(candidate)
    merged = [gathered for group in groups.values() for gathered in group.gathered()]
    return in_text_order(merged)


def in_text_order(candidates: Iterable[CmoConfiguration]) -> tuple[CmoConfiguration, ...]:
    """Candidates by study, then by position; those not found in the text last."""
    return tuple(sorted(candidates, key=lambda one: (one.study, _position(one), one.id)))


def _evidence(study: Study, quote: Quote) -> Evidence:
    block = study.block_at(quote.span.start) if quote.span else None
    if block is None:
        return Evidence(quote, "", None)
    section = study.section_of(block)
    return Evidence(quote, section.title or section.type.value, block.page)


def _identity(study: Study, quotes: dict[Role, list[Quote]], evidence: Sequence[Evidence]) -> str:
    """The same for the same stored text and spans."""
    parts = [study.sha256]
    parts += [f"{role.value}:{_place(quote)}" for role in Role for quote in quotes.get(role, ())]
    parts += [_place(item.quote) for item in evidence]
    return f"{study.id}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:8]}"


def _place(quote: Quote) -> str:
    return f"{quote.span.start}-{quote.span.end}" if quote.span else quote.text


def _built_statement(study: Study, quotes: dict[Role, list[Quote]]) -> str:
    names = _names(study.text)
    spans = {role: [quote.text for quote in found] for role, found in quotes.items()}
    return statement(spans, lambda word: word not in names, _directions(study, quotes))


def _directions(study: Study, quotes: dict[Role, list[Quote]]) -> list[Direction]:
    """Which way the text takes each outcome; that it follows, where it was not found."""
    marks = [quote.span for found in quotes.values() for quote in found if quote.span]
    return [
        direction_of(study.text, quote.span, marks) if quote.span else Direction() for quote in quotes[Role.OUTCOME]
    ]


@lru_cache(maxsize=4)
def _names(text: str) -> frozenset[str]:
    """The words that stand with a capital inside a sentence of ``text``: names, not mere openings."""
    return frozenset(_CAPITAL_INSIDE.findall(text))


def _position(candidate: CmoConfiguration) -> tuple[int, int]:
    starts = [quote.span.start for quote in candidate.quotes if quote.span]
    return (0, min(starts)) if starts else (1, 0)


@dataclass(slots=True)
class _Fingerprint:
    """What two claims are compared by."""

    outcome: frozenset[str]
    causes: frozenset[str]
    outcome_spans: tuple[Span, ...]
    cause_spans: tuple[Span, ...]

    @classmethod
    def of(cls, candidate: CmoConfiguration) -> _Fingerprint:
        causes = (*candidate.context, *candidate.mechanism.resource, *candidate.mechanism.reasoning)
        return cls(_stems(candidate.outcome), _stems(causes), _spans(candidate.outcome), _spans(causes))

    def same(self, other: _Fingerprint) -> bool:
        """Whether the two say one claim."""
        worded = _shared(self.outcome, other.outcome) >= _SAME and _shared(self.causes, other.causes) >= _SAME
        return worded or (
            _overlap(self.outcome_spans, other.outcome_spans) >= _SAME
            and _overlap(self.cause_spans, other.cause_spans) >= _SAME
        )


@dataclass(slots=True)
class _Groups:
    """Claims met so far, found again by the stems of their outcomes."""

    members: list[list[CmoConfiguration]] = field(default_factory=list)
    prints: list[_Fingerprint] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, candidate: CmoConfiguration) -> None:
        """Puts a candidate with the first that says the same, or by itself."""
        own = _Fingerprint.of(candidate)
        shared = Counter(number for stem in sorted(own.outcome) for number in self.index[stem])
        for number in sorted(shared):
            if shared[number] * 2 >= len(own.outcome) and self.prints[number].same(own):
                self.members[number].append(candidate)
                return
        for stem in own.outcome:
            self.index[stem].append(len(self.members))
        self.members.append([candidate])
        self.prints.append(own)

    def gathered(self) -> Iterable[CmoConfiguration]:
        """Each group as its first and surest member with everybody's evidence."""
        for first, *repeats in self.members:
            repeated = sorted(
                {item.quote.text: item for one in repeats for item in one.evidence}.values(), key=_evidence_order
            )
            known = {item.quote for item in first.evidence}
            yield replace(first, evidence=(*first.evidence, *(item for item in repeated if item.quote not in known)))


def _evidence_order(item: Evidence) -> int:
    return item.quote.span.start if item.quote.span else -1


def _stems(quotes: Sequence[Quote]) -> frozenset[str]:
    return frozenset(stem for quote in quotes for stem in content_stems(quote.text))


def _spans(quotes: Sequence[Quote]) -> tuple[Span, ...]:
    return tuple(quote.span for quote in quotes if quote.span)


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    """Jaccard similarity of two sets of stems; 0 where either is empty."""
    return len(left & right) / len(left | right) if left and right else 0.0


def _overlap(left: Sequence[Span], right: Sequence[Span]) -> float:
    """F1 of the code points that two sets of spans share."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left for b in right)
    total = sum(map(len, left)) + sum(map(len, right))
    return 2 * shared / total if total else 0.0
