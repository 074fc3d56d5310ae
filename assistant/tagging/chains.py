"""From a sentence to causal chains: what is said to bring about what, in causal order.

The sentence is cut into statements at its hard joints, each statement into pieces at its causal cues. A
piece's *rank* is its place in the causal order: a forward cue puts what follows one rank later than what
stands before it, a backward cue one rank earlier. Conditions have no rank: they hold for the whole chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.tagging.cues import CueForm, lexicon
from assistant.tagging.hits import Hit, hits_between
from assistant.tagging.joints import closing_comma, is_concession, statements, then_after, thought_end
from assistant.tagging.phrases import Run, lead_end, trim, words_in

_AFTER_CONSEQUENCE = re.compile(r"\s*,?\s*")
_SO = re.compile(r"\W*(?:and |but )?so,?\s", re.IGNORECASE)
_AND = re.compile(r",?\s(?:and|or)\s")
_PLACED = re.compile(
    r"(?:for|in|of|with respect to|with regard to|among|on|at|during|from|after|before|within|across|over) "
    r"[^,;]{3,70},\s(?!and\b|or\b)",
    re.IGNORECASE,
)
_CLAUSE_JOINT = re.compile(r",\s(?:and|so|or)\s")
_PRONOUN_HEAD = re.compile(
    r"(?:and |which )?(?:it|this|that|these|they|those|he|she|we|i|you|them|us|me|him|her|both|all|so)(?: "
    r"(?:all|both|also|too))?$",
    re.IGNORECASE,
)
_LONG_HEAD, _LONG_PIECE = 22, 40
"""Words above which a piece holds more than its part of the claim."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a statement in its causal place."""

    run: Run
    """Trimmed."""
    rank: float | None
    """Place in the causal order; None for a condition."""
    hit: Hit | None = None
    """The cue that ties it; None for the piece that stands first."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One statement's pieces."""

    nodes: tuple[Node, ...] = ()
    """In the order of the text."""
    hits: tuple[Hit, ...] = ()
    """The cues that tie them."""
    consequence: bool = False
    """Whether a connective at its start points back to the sentence before."""

    @property
    def strength(self) -> float:
        """Of its strongest cue; 0 without one."""
        return max((hit.cue.strength for hit in self.hits), default=0.0)

    @property
    def ranked(self) -> tuple[Node, ...]:
        """The pieces that are causes or effects."""
        return tuple(node for node in self.nodes if node.rank is not None)


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the main clause."""

    nodes: tuple[Node, ...]
    """Conditions, and causes that are not ranked yet."""
    hits: tuple[Hit, ...]
    """Their cues."""
    consequence: bool
    """Whether a connective points back to the sentence before."""
    main_start: int
    """Where the main clause starts."""


def chains(text: str) -> Iterator[Chain]:
    """The causal chains that the statements of a sentence make, in the order of the text."""
    before: Run | None = None
    for start, end in _single_reasons(text, statements(text, lead_end(text))):
        opening = opening_of(text, lead_end(text, start), end)
        hits = hits_between(text, opening.main_start, end)
        nodes = _pieces(text, opening.main_start, end, hits, before)
        chain = Chain((*_ranked_openings(opening.nodes, nodes), *nodes), (*opening.hits, *hits), opening.consequence)
        if chain.hits or chain.consequence:
            yield chain
        before = trim(text, lead_end(text, start), end)


def _single_reasons(text: str, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The statements, cut once more at the "and" between two clauses that each give a reason."""
    for start, end in runs:
        found = hits_between(text, start, end)
        reasons = [hit for hit in found if hit.cue.form is CueForm.BACKWARD and hit.cue.strength > 2]
        for first, second in pairwise(reasons):
            joints = [match for match in _AND.finditer(text, first.end, second.start)]
            if joints and words_in(text[joints[-1].end() : second.start]) > 2:
                yield start, joints[-1].start()
                start = joints[-1].end()
        yield start, end


def opening_of(text: str, start: int, end: int) -> Opening:
    """Conditions and causes that open a statement, up to two of them."""
    nodes: list[Node] = []
    hits: list[Hit] = []
    consequence = _points_back(text, start)
    for _ in range(2):
        start = _after_concession(text, start, end)
        match = lexicon().first.match(text, start, end)
        if match is None:
            break
        if lexicon().cue_of(match).form is CueForm.CONSEQUENCE:
            rest = _AFTER_CONSEQUENCE.match(text, match.end())
            consequence, start = True, rest.end() if rest else match.end()
            hits.append(Hit(lexicon().cue_of(match), match.start(), match.end()))
            continue
        then = then_after(text, match.end(), end) if match[0].lower() == "if" else None
        comma = then.start() if then else closing_comma(text, match.end(), end)
        run = trim(text, match.end(), comma) if comma else None
        if comma is None or run is None:
            break
        hits.append(Hit(lexicon().cue_of(match), match.start(), match.end()))
        nodes.append(Node(Run(match.start(), run.end) if hits[-1].cue.kept else run, None, hits[-1]))
        start = lead_end(text, then.end() if then else comma + 1)
    return Opening(tuple(nodes), tuple(hits), consequence, start)


def _points_back(text: str, start: int) -> bool:
    """Whether a connective that was passed over at the start points back: "So, no, I did not go"."""
    match = _SO.match(text)
    return match is not None and match.end() <= start


def _after_concession(text: str, start: int, end: int) -> int:
    """Where the main clause starts after "Although …,"; ``start`` where nothing is conceded."""
    comma = closing_comma(text, start, end) if is_concession(text, start) else None
    return lead_end(text, comma + 1) if comma else start


def _pieces(text: str, start: int, end: int, hits: Sequence[Hit], before: Run | None) -> tuple[Node, ...]:
    """The pieces of the main clause, ranked; ``before`` stands in for a head that is a mere pronoun."""
    nodes: list[Node] = []
    head = _head(text, start, end, hits)
    if head is not None and before is not None and hits and _PRONOUN_HEAD.match(head.of(text)):
        head = before
    if head is not None:
        nodes.append(Node(head, 0.0))
    rank, explained = 0.0, False
    for place, hit in enumerate(hits):
        until = hits[place + 1].start if place + 1 < len(hits) else end
        run = _piece(text, hit, until, closed=place + 1 < len(hits))
        if hit.cue.form is CueForm.BACKWARD:
            rank, explained = rank - 1.0, True
        elif hit.cue.form is CueForm.FORWARD and not hit.parallel:
            rank += 0.5 if explained else 1.0
        if run is not None and not _PRONOUN_HEAD.match(run.of(text)):
            nodes.append(Node(run, None if hit.cue.form is CueForm.CIRCUMSTANCE else rank, hit))
    return tuple(nodes)


def _head(text: str, start: int, end: int, hits: Sequence[Hit]) -> Run | None:
    """The piece before the first cue; of a long one, the clause that the cue stands in."""
    if not hits:
        return trim(text, start, thought_end(text, min(start + 12, end), end))
    first = hits[0]
    kept = first.cue.form is CueForm.BACKWARD and first.cue.kept
    verbal = first.cue.form in {CueForm.FORWARD, CueForm.BACKWARD} and not kept
    run = trim(text, start, first.end if kept else first.start, cue_follows=verbal)
    if run is not None and (placed := _PLACED.match(run.of(text))) is not None:
        run = trim(text, run.start + placed.end(), run.end, cue_follows=verbal)
    if run is None or words_in(run.of(text)) <= _LONG_HEAD:
        return run
    joints = [match.end() for match in _CLAUSE_JOINT.finditer(text, run.start, run.end)]
    if joints and words_in(text[joints[-1] : run.end]) >= 4:
        return trim(text, joints[-1], run.end, cue_follows=verbal)
    return run


def _piece(text: str, hit: Hit, until: int, *, closed: bool) -> Run | None:
    """The piece after a cue, up to the next one or to where another thought begins."""
    start = hit.effect_start if hit.cue.form is CueForm.FORWARD else hit.end
    stop = thought_end(text, min(hit.end + 3, until), until)
    if hit.cue.form is CueForm.BACKWARD and text[: hit.start].rstrip().endswith((",", ", partly", ", mainly")):
        comma = closing_comma(text, hit.end, stop)
        stop = comma if comma is not None else stop
    run = trim(text, start, stop, cue_follows=closed and stop == until)
    if run is None or words_in(run.of(text)) <= _LONG_PIECE:
        return run
    comma = text.find(",", run.start + 60, run.end)
    return trim(text, run.start, comma) if comma > 0 else run


def _ranked_openings(opened: Sequence[Node], nodes: Sequence[Node]) -> Iterator[Node]:
    """The opening phrases, causes among them ranked with the main clause's first cause or before its effect."""
    ranks = {node.rank for node in nodes if node.rank is not None}
    lowest = min(ranks, default=0.0)
    for node in opened:
        is_cause = node.hit is not None and node.hit.cue.form is CueForm.OPENING
        yield replace(node, rank=lowest if len(ranks) > 1 else lowest - 1.0) if is_cause else node
