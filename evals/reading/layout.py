"""Reads a folder of texts and reports sections, passages' prose and the share of sentences that layout broke.

Run as ``python -m evals.reading.layout FOLDER [--json]``; exits 3 when a target of the card is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.study import EVIDENCE_SECTIONS, PROSE_KINDS, SourceFile, Study, slug
from assistant.readers.builder import build_study
from assistant.readers.decoding import decode
from assistant.readers.text import read_text
from evals.reading.breaks import JudgedSentence, raw_sentences, stored_sentences
from evals.reading.sections import SectionScore, found_sections, gold_sections, score_sections

RECALL = 0.95
PRECISION = 0.95
BROKEN = 0.01
"""Targets: sections found, sections rightly found, sentences broken after cleaning."""
_GATE_FAILED = 3


@dataclass(frozen=True)
class TextReport:
    """What was measured on one text."""

    study: Study
    """As read."""
    before: Sequence[JudgedSentence]
    """Sentences of the raw text."""
    after: Sequence[JudgedSentence]
    """Sentences of the stored prose."""
    sections: SectionScore | None
    """Against the listed sections; None where none are listed."""
    lost: int
    """Letters and digits of the raw text that the stored text lacks."""
    added: int
    """Letters and digits of the stored text that the raw text lacks."""

    @property
    def prose_blocks(self) -> int:
        """Paragraphs, items and quotations that may become passages."""
        sections = self.study.sections
        return sum(
            block.kind in PROSE_KINDS and sections[block.section].type in EVIDENCE_SECTIONS
            for block in self.study.blocks
        )


def measure_text(path: Path) -> TextReport:
    """Reads one text and measures it."""
    data = path.read_bytes()
    source = SourceFile(path.name, hashlib.sha256(data).hexdigest(), "text")
    study = build_study(slug(path.stem), source, read_text(data))
    raw = decode(data).text
    listed = gold_sections().get(study.id)
    mine, theirs = characters(study.text), characters(raw)
    return TextReport(
        study=study,
        before=raw_sentences(raw),
        after=stored_sentences(study, raw),
        sections=score_sections(found_sections(study), listed) if listed else None,
        lost=(theirs - mine).total(),
        added=(mine - theirs).total(),
    )


def characters(text: str) -> Counter[str]:
    """How often each letter and digit stands in a text of lines."""
    from assistant.readers.layout.lines import split_lines

    return Counter(char for line in split_lines(text) for char in line.text if char.isalnum())


def share_broken(sentences: Sequence[JudgedSentence]) -> float:
    """Share of sentences with at least one break, 0 to 1; NaN without sentences."""
    return sum(bool(sentence.breaks) for sentence in sentences) / len(sentences) if sentences else float("nan")


def as_record(report: TextReport, *, sentences: bool = False) -> dict[str, Any]:
    """The report as JSON; with the broken sentences only if asked, because they are the study's."""
    score = report.sections
    record: dict[str, Any] = {
        "study": report.study.id,
        "sections": [
            {"title": section.title, "type": section.type.value, "level": max(1, len(section.path))}
            for section in report.study.sections
        ],
        "prose_blocks": report.prose_blocks,
        "blocks": dict(Counter(block.kind.value for block in report.study.blocks)),
        "sentences_before": len(report.before),
        "broken_before": share_broken(report.before),
        "sentences_after": len(report.after),
        "broken_after": share_broken(report.after),
        "breaks_after": dict(Counter(kind.value for sentence in report.after for kind in sentence.breaks)),
        "characters_lost": report.lost,
        "characters_added": report.added,
    }
    if score is not None:
        record |= {
            "sections_listed": score.listed,
            "sections_found": score.found,
            "section_recall": score.recall,
            "section_precision": score.precision,
            "type_accuracy": score.type_accuracy,
            "level_accuracy": score.level_accuracy,
        }
    if sentences:
        record["broken"] = [[*sentence.breaks, sentence.text] for sentence in report.after if sentence.breaks]
    return record


def passes(reports: Sequence[TextReport]) -> bool:
    """Whether the texts together reach the targets; false where nothing was measured."""
    after = [sentence for report in reports for sentence in report.after]
    scores = [report.sections for report in reports if report.sections is not None]
    total = sum(scores[1:], scores[0]) if scores else None
    listed = total is None or (total.recall >= RECALL and total.precision >= PRECISION)
    return bool(after) and share_broken(after) < BROKEN and listed and not any(report.lost for report in reports)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the texts of a folder and prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sentences", action="store_true", help="with --json, add the broken sentences")
    options = parser.parse_args(arguments)
    reports = [measure_text(path) for path in sorted(options.folder.glob("*.txt"))]
    if options.json:
        records = [as_record(report, sentences=options.sentences) for report in reports]
        print(json.dumps({"texts": records, "passed": passes(reports)}, ensure_ascii=False, indent=1))
    else:
        print(_table(reports))
    return 0 if passes(reports) else _GATE_FAILED


def _table(reports: Sequence[TextReport]) -> str:
    names = f"{'text':22}{'sections':>12}{'recall':>8}{'precis.':>8}{'types':>7}{'levels':>7}"
    head = f"{names}{'prose':>7}{'before':>9}{'after':>8}"
    return "\n".join([head, *(_row(report) for report in reports)])


def _row(report: TextReport) -> str:
    score = report.sections
    sections = f"{score.matched}/{score.listed}" if score else f"{len(report.study.sections)}"
    shares = (
        f"{score.recall:8.3f}{score.precision:8.3f}{score.type_accuracy:7.2f}{score.level_accuracy:7.2f}"
        if score
        else " " * 30
    )
    broken = f"{share_broken(report.before):9.1%}{share_broken(report.after):8.2%}"
    return f"{report.study.id:22}{sections:>12}{shares}{report.prose_blocks:7}{broken}"


if __name__ == "__main__":
    sys.exit(main())
