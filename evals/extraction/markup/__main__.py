"""``python -m evals.extraction.markup check FOLDER``: reads authored passages and says what they are made of."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.domain.cmo import Role
from assistant.errors import RealistError
from assistant.text.words import words
from evals.extraction.markup.authored import AuthoredPassage
from evals.extraction.markup.diversity import distinct, frequent_openings, near_duplicates
from evals.extraction.markup.parser import parse_folder

_CONNECTIVE = re.compile(
    r"(?:because|since|so that|so|led to|leads to|resulted in|which|thus|therefore|hence|due to|owing to|thanks to"
    r"|and|but|or|if|where|when|while|once|unless|until|by|through|enabled|allowed|in turn)\b",
    re.IGNORECASE,
)
_LONG = 25
"""Words beyond which a span is seldom the shortest that says it whole."""


def main(arguments: Sequence[str]) -> int:
    """Runs the check; 0 when the folder holds to the format and no passage repeats another, else 1 (usage: 2)."""
    if len(arguments) != 2 or arguments[0] != "check":
        print("usage: python -m evals.extraction.markup check FOLDER", file=sys.stderr)
        return 2
    try:
        passages = parse_folder(Path(arguments[1]))
    except RealistError as error:
        print(error, file=sys.stderr)
        return 1
    for line in report(passages):
        print(line)
    for warning in warnings(passages):
        print(f"warning: {warning}", file=sys.stderr)
    repeats = list(repeated(passages))
    for repeat in repeats:
        print(repeat, file=sys.stderr)
    return 1 if repeats else 0


def report(passages: Sequence[AuthoredPassage]) -> Iterator[str]:
    """Lines of counts, shares and diversity."""
    configurations = [c for passage in passages for c in passage.configurations]
    sentences = [inside for passage in passages for inside in passage.detected]
    texts = [passage.text for passage in passages]
    yield f"passages {len(passages)}, configurations {len(configurations)}, sentences {len(sentences)}"
    yield f"sentences in a configuration: {_share(sum(sentences), len(sentences))}"
    yield "by field: " + _counts(p.field for p in passages)
    yield "by section: " + _counts(p.section for p in passages)
    yield "without a configuration: " + _share(sum(p.negative is not None for p in passages), len(passages))
    yield "  by kind: " + _counts(p.negative for p in passages if p.negative)
    yield "level: " + _counts(c.level for c in configurations)
    yield "polarity: " + _counts(c.polarity for c in configurations)
    yield "complete: " + _share(sum(c.is_complete for c in configurations), len(configurations))
    yield "configurations a passage: " + _counts(str(len(p.configurations)) for p in passages)
    yield "sentences a configuration: " + _counts(
        str(sum(c.extent.start <= s.start < c.extent.end for s in p.sentences))
        for p in passages
        for c in p.configurations
    )
    for role in Role:
        spans = [span.of(p.text) for p in passages for c in p.configurations for span in c.spans(role)]
        holding = sum(bool(c.spans(role)) for c in configurations)
        length = sum(len(words(span)) for span in spans) / max(1, len(spans))
        yield f"{role}: in {_share(holding, len(configurations))}, {len(spans)} spans, {length:.1f} words each"
    orders = Counter("".join(dict.fromkeys(m.role[:3] for m in c.marks)) for c in configurations)
    yield "commonest orders: " + ", ".join(f"{order} {n}" for order, n in orders.most_common(8))
    tokens = [word for text in texts for word in words(text)]
    yield f"words {len(tokens)}, types {len(set(tokens))}, type/token {len(set(tokens)) / max(1, len(tokens)):.3f}"
    yield "distinct-n: " + ", ".join(f"{n}: {distinct(texts, n):.3f}" for n in (1, 2, 3, 4))
    yield "commonest openings: " + ", ".join(f"{opening!r} {n}" for opening, n in frequent_openings(texts))


def warnings(passages: Iterable[AuthoredPassage]) -> Iterator[str]:
    """Marks that the codebook would have shorter."""
    for passage in passages:
        for configuration in passage.configurations:
            for mark in configuration.marks:
                marked = mark.span.of(passage.text)
                if _CONNECTIVE.match(marked):
                    yield f"{passage.source}:{passage.line}: opens with a connective: {marked!r}"
                if len(words(marked)) > _LONG:
                    yield f"{passage.source}:{passage.line}: longer than {_LONG} words: {marked!r}"


def repeated(passages: Sequence[AuthoredPassage]) -> Iterator[str]:
    """Pairs of passages whose five-word runs overlap by more than 0.4."""
    for left, right, similarity in near_duplicates([passage.text for passage in passages]):
        first, second = passages[left], passages[right]
        places = f"{first.source}:{first.line} and {second.source}:{second.line}"
        yield f"near-duplicate {similarity:.2f}: {places}; remove one"


def _counts(values: Iterable[str]) -> str:
    counted = Counter(values)
    total = counted.total()
    return ", ".join(f"{value} {count} ({count / total:.0%})" for value, count in counted.most_common()) or "none"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
