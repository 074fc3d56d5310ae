"""Why configurations are missed and why candidates are spurious, by kind; ``python -m evals.extraction.errors``.

A kind is found by asking what would have made the pair match: nothing was found there, the roles are confused, a
role is missing or added, the spans differ, or one configuration was cut into several.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from evals.extraction import metrics
from evals.extraction.coding.files import CodedSpans
from evals.extraction.evaluate import GOLD, read_gold, systems

_ALL = frozenset(Role)


def kind_of(lone: CodedSpans, others: Sequence[CodedSpans], text: str) -> str:
    """Why ``lone`` has no match among ``others``.

    Args:
        lone: A configuration of one coding.
        others: All configurations of the other coding.
        text: The study's stored text.
    """
    near = [one for one in others if one.passage.overlaps(lone.passage)]
    if not near:
        return "nothing there"
    best = max(near, key=lambda one: (metrics.pair_score(lone, one, text), _marked_alike(lone, one, text)))
    if metrics.pair_score(lone, best, text) >= metrics.MATCH:
        return "its match was taken by another"
    if _marked_alike(lone, best, text) >= metrics.MATCH:
        ours, theirs = _roles(lone), _roles(best)
        return "same words, roles confused" if ours == theirs else "same words, a role more or less"
    if len(near) > 1 and _marked_alike(lone, _union(near), text) >= metrics.MATCH:
        return "one cut into several, or several joined"
    if not any(span.overlaps(other) for span in _spans(lone) for one in near for other in _spans(one)):
        return "another claim of the same sentences"
    return "spans too long, too short or elsewhere"


def _marked_alike(left: CodedSpans, right: CodedSpans, text: str) -> float:
    """F1 of the characters that play any role."""
    return metrics.role_counts([left], [right], text, _ALL).f1


def _union(codings: Sequence[CodedSpans]) -> CodedSpans:
    spans = tuple(span for one in codings for span in _spans(one))
    first = codings[0]
    return CodedSpans(first.id, first.passage, (), (), (), spans, first.level, first.polarity)


def _spans(one: CodedSpans) -> tuple[Span, ...]:
    return metrics.spans_of(one, _ALL)


def _roles(one: CodedSpans) -> frozenset[str]:
    return frozenset(name for name, roles in metrics.ROLES.items() if metrics.spans_of(one, roles))


def unmatched(
    gold: Sequence[CodedSpans], found: Sequence[CodedSpans], text: str
) -> Iterator[tuple[str, CodedSpans, str]]:
    """Side (``missed`` or ``spurious``), configuration and kind of everything without a match."""
    pairs = [pair for pair in metrics.matched(gold, found, text) if pair.score >= metrics.MATCH]
    left, right = {pair.first for pair in pairs}, {pair.second for pair in pairs}
    for number, one in enumerate(gold):
        if number not in left:
            yield "missed", one, kind_of(one, found, text)
    for number, one in enumerate(found):
        if number not in right:
            yield "spurious", one, kind_of(one, gold, text)


def main(arguments: Sequence[str]) -> int:
    """Counts the kinds for one system over all coded studies."""
    parser = argparse.ArgumentParser(prog="python -m evals.extraction.errors", description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--studies", type=Path, nargs="+", required=True)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--system", default="tagger")
    parser.add_argument("--weights", type=Path)
    chosen = parser.parse_args(arguments)
    system = systems([chosen.system], chosen.weights)[chosen.system]
    counted: Counter[tuple[str, str]] = Counter()
    for one in read_gold(chosen.gold, chosen.studies):
        if not chosen.only or one.study.id in chosen.only:
            found = system(one.sentences)
            counted.update((side, kind) for side, _, kind in unmatched(one.golds[0], found, one.study.text))
    for side in ("missed", "spurious"):
        total = sum(count for (where, _), count in counted.items() if where == side)
        print(f"{side}: {total}")
        for (where, kind), count in counted.most_common():
            if where == side:
                print(f"  {count:4} ({count / total:.0%}) {kind}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
