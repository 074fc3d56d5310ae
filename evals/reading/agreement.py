"""How far two formats of one article give one stored text: sentences, sections, headings, words.

Run as ``python -m evals.reading.agreement REFERENCE OTHER…`` with files of any format that is read, or with
``--rendered FOLDER`` to render the folder's JATS articles as PDF and read them back.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from assistant.domain.study import EVIDENCE_SECTIONS, PROSE_KINDS, Block, BlockKind, SectionType, Study
from assistant.readers.registry import read_study
from assistant.text.headings import normalise_heading
from assistant.text.sentences import sentence_spans
from evals.reading.render import Sheet, render

TARGETS = {"rendered": 0.97, "publisher": 0.95, "html": 0.98}
"""Share of sentences that stand whole and in order, by kind of the other format."""
_GATE_FAILED = 3
_EVEN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "−": "-",
        "\u00a0": " ",
        "•": "",
        "●": "",
        "▪": "",
        "◦": "",
        "○": "",
    }
)
_MARKS = re.compile(r"\s*\[\d[\d,;\s-]*\]")
_FEWEST_WORDS = 3
"""Words from which a sentence counts; shorter ones stand anywhere."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A body sentence, evened out for comparing."""

    text: str
    """Quotation marks, dashes and white space evened out."""
    type: SectionType
    """Of the section that it stands in."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was measured; a share without anything to measure is NaN."""

    sentences: int
    """Body sentences of the reference."""
    whole: float
    """Share of them that stand whole in a block of the other."""
    in_order: float
    """Share that stand whole and in the order of the reference: the main score."""
    typed: float
    """Share of the whole ones whose section has the same type in both."""
    headings: float
    """Share of the reference's headings that are headings of the other."""
    garbled: float
    """Words wrongly joined or split, per 10,000."""
    missing: tuple[str, ...]
    """Sentences that do not stand whole."""


def agreement(reference: Study, other: Study) -> Agreement:
    """How far ``other`` agrees with ``reference``."""
    wanted = [sentence for sentence in body_sentences(reference) if len(sentence.text.split()) >= _FEWEST_WORDS]
    prose, starts, types = _prose(other)
    places = _places([sentence.text for sentence in wanted], prose)
    found = [number for number, place in enumerate(places) if place >= 0]
    ordered = _longest_rise([places[number] for number in found])
    same = [types[bisect_left(starts, places[number] + 1) - 1] is wanted[number].type for number in found]
    return Agreement(
        sentences=len(wanted),
        whole=_share(len(found), len(wanted)),
        in_order=_share(ordered, len(wanted)),
        typed=_share(sum(same), len(same)),
        headings=_heading_recall(reference, other),
        garbled=_garbled(wanted, prose),
        missing=tuple(sentence.text for number, sentence in enumerate(wanted) if places[number] < 0),
    )


def body_sentences(study: Study) -> Iterator[Sentence]:
    """The sentences of a study's running text in sections that may be cited."""
    for block in _body(study):
        kind = study.section_of(block).type
        for span in sentence_spans(study.text, block.span.start, block.span.end):
            yield Sentence(even(span.of(study.text)), kind)


def even(text: str) -> str:
    """``text`` with quotation marks, dashes and white space evened out, bullets and numbered citation marks gone.

    Formats print a run of marks in different ways, as ``[3-5]`` or ``[3][4][5]``, without either being wrong.
    """
    return _MARKS.sub("", " ".join(text.translate(_EVEN).split()))


def _body(study: Study) -> Iterator[Block]:
    for block in study.blocks:
        if block.kind in PROSE_KINDS and study.section_of(block).type in EVIDENCE_SECTIONS:
            yield block


def _prose(study: Study) -> tuple[str, list[int], list[SectionType]]:
    """All running text, evened out; where each block starts in it; and the block's section type."""
    pieces: list[str] = []
    starts: list[int] = []
    types: list[SectionType] = []
    length = 0
    for block in study.blocks:
        if block.kind not in PROSE_KINDS:
            continue
        text = even(block.span.of(study.text))
        starts.append(length)
        types.append(study.section_of(block).type)
        pieces.append(text)
        length += len(text) + 1
    return "\n".join(pieces), starts, types


def _places(sentences: Sequence[str], prose: str) -> list[int]:
    """Where each sentence stands whole: after the one before if it does, else anywhere, else -1."""
    places: list[int] = []
    last = 0
    for sentence in sentences:
        place = prose.find(sentence, last)
        if place < 0 or place - last > 4000:
            earlier = prose.find(sentence)
            place = earlier if earlier >= 0 else place
        places.append(place)
        last = place if place >= 0 else last
    return places


def _longest_rise(places: Sequence[int]) -> int:
    """Length of the longest run of rising places, others left out."""
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def _heading_recall(reference: Study, other: Study) -> float:
    have = {normalise_heading(block.span.of(other.text)) for block in other.blocks if block.kind is BlockKind.HEADING}
    want = [
        normalise_heading(block.span.of(reference.text))
        for block in reference.blocks
        if block.kind is BlockKind.HEADING and reference.section_of(block).type in EVIDENCE_SECTIONS
    ]
    return _share(sum(heading in have for heading in want), len(want))


def _garbled(wanted: Sequence[Sentence], prose: str) -> float:
    """Words that differ only in where they are parted, per 10,000 words of the reference."""
    left = [word for sentence in wanted for word in sentence.text.split()]
    right = prose.split()
    wrong = 0
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "replace" and _letters(left[a:b]) == _letters(right[c:d]):
            wrong += max(b - a, d - c)
    return 10_000 * wrong / len(left) if left else float("nan")


def _letters(words: Sequence[str]) -> str:
    return "".join(char for word in words for char in word if char.isalnum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def rendered(articles: Sequence[Path], sheet: Sheet) -> Iterator[tuple[str, Agreement]]:
    """Each JATS article against its own PDF, rendered with ``sheet`` and read back."""
    with tempfile.TemporaryDirectory() as folder:
        for article in articles:
            study = read_study(article)
            out = Path(folder) / f"{article.stem}.pdf"
            out.write_bytes(render(study, sheet))
            yield article.stem, agreement(study, read_study(out))


def _row(name: str, found: Agreement) -> str:
    return (
        f"{name[:28]:28} {found.sentences:5} {found.whole:7.3f} {found.in_order:7.3f} {found.typed:7.3f}"
        f" {found.headings:7.3f} {found.garbled:7.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and reports; 3 when a target is missed."""
    parser = argparse.ArgumentParser(prog="evals.reading.agreement", description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="*", help="the reference, then other formats of it")
    parser.add_argument("--rendered", type=Path, help="folder of JATS articles to render and read back")
    parser.add_argument("--limit", type=int, default=10, help="articles of the folder, by name")
    parser.add_argument("--raised", action="store_true", help="citation marks as superscripts")
    parser.add_argument("--one-column", action="store_true")
    parser.add_argument("--missing", action="store_true", help="print the sentences that are not whole")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    results: list[tuple[str, str, Agreement]] = []
    if chosen.files:
        reference = read_study(chosen.files[0])
        for path in chosen.files[1:]:
            kind = "html" if path.suffix in {".html", ".htm"} else "publisher"
            results.append((kind, path.name, agreement(reference, read_study(path))))
    if chosen.rendered:
        sheet = Sheet(raised=chosen.raised, columns=1 if chosen.one_column else 2)
        articles = sorted(chosen.rendered.glob("*.nxml"))[: chosen.limit]
        results += [("rendered", name, found) for name, found in rendered(articles, sheet)]
    _report(results, as_json=chosen.json, missing=chosen.missing)
    shares: dict[str, list[float]] = {}
    for kind, _, found in results:
        shares.setdefault(kind, []).append(found.in_order)
    return _GATE_FAILED if any(mean(values) < TARGETS[kind] for kind, values in shares.items()) else 0


def _report(results: Sequence[tuple[str, str, Agreement]], *, as_json: bool, missing: bool) -> None:
    if as_json:
        rows = [
            {
                "format": kind,
                "name": name,
                "sentences": found.sentences,
                "whole": found.whole,
                "in_order": found.in_order,
                "typed": found.typed,
                "headings": found.headings,
                "garbled_per_10000": found.garbled,
            }
            for kind, name, found in results
        ]
        print(json.dumps(rows))
        return
    print(f"{'':28} {'sent.':>5} {'whole':>7} {'order':>7} {'typed':>7} {'heads':>7} {'garbled':>7}")
    for _, name, found in results:
        print(_row(name, found))
        if missing:
            print(*(f"    {sentence}" for sentence in found.missing), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
