"""From an author's draft to a file of questions: evidence is written as sentence numbers and kept as hashes.

``python -m evals.answering.draft number FILE``: the sentences that may be evidence, numbered.

``python -m evals.answering.draft build DRAFT FOLDER OUT --author NAME --split test``: FOLDER holds the studies.

A draft is entries parted by blank lines; lines that begin with ``#`` are left out::

    factoid
    Q how many wards took part
    E rota 4 17              (a piece: any one of sentences 4 and 17 of study ``rota`` gives it)
    E rota 5 garden 2 3      (another: sentence 5 of ``rota``, or 2 or 3 of ``garden``)
    P six wards              (a point that an answer should make, in the author's own words)

An entry is numbered by its place: the first of ``build … OUT`` named ``digests.w1.jsonl`` is ``digests-w1-01``.
The numbers are those of the passages that are searched, tables and captions included, references left out.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from assistant.domain.passages import Passage
from assistant.readers.registry import read_study
from assistant.text.chunking import TokenCounter, chunk
from assistant.text.words import content_stems
from evals.answering.questions import (
    EvalQuestion,
    QuestionLine,
    SelectorLine,
    Split,
    load_questions,
    question_files,
    sentence_key,
)

READ = {".txt", ".md", ".nxml"}
"""Endings of the studies that questions are written over."""
ALIKE = 0.75
"""Share of content stems in common at which two questions are taken for one."""

Sentences = Mapping[str, Sequence[str]]
"""Id of a study to its sentences; the first has number 1."""


@dataclass(slots=True)
class _Entry:
    """One entry of a draft while it is read."""

    line: int
    kind: str
    question: str = ""
    pieces: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


def sentences(passages: Sequence[Passage]) -> list[str]:
    """The sentences of a study's passages, in order."""
    return [span.shifted(-one.span.start).of(one.text) for one in passages for span in one.sentences]


def build(draft: str, stem: str, studies: Sentences, author: str, split: str) -> tuple[list[QuestionLine], list[str]]:
    """The questions of a draft, and what is wrong with it, a line each; entries with a fault are left out.

    Args:
        draft: As the module says.
        stem: What ids begin with.
        studies: The sentences that evidence may be.
        author: Who wrote the draft.
        split: ``dev`` or ``test``.
    """
    questions: list[QuestionLine] = []
    faults: list[str] = []
    for number, entry in enumerate(_entries(draft, faults), 1):
        try:
            line = {
                "id": f"{stem}-{number:02}",
                "question": entry.question,
                "kind": entry.kind,
                "author": author,
                "split": split,
                "evidence": [[*_piece(piece, studies)] for piece in entry.pieces],
                "points": entry.points,
            }
            questions.append(QuestionLine.model_validate(line))
        except ValueError as error:
            faults.append(f"line {entry.line}: {_said(error)}")
    return questions, faults


def repeats(questions: Sequence[EvalQuestion]) -> Iterator[tuple[str, str]]:
    """Ids of questions that ask nearly the same: three quarters or more of their content stems are shared."""
    asked = [(one.id, frozenset(content_stems(one.question))) for one in questions]
    for at, (name, stems) in enumerate(asked):
        for other, others in asked[:at]:
            if stems and len(stems & others) >= ALIKE * len(stems | others):
                yield other, name


def _entries(draft: str, faults: list[str]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, line in enumerate([*draft.splitlines(), ""], 1):
        line = line.strip()
        if line.startswith("#"):
            continue
        if entry is None:
            entry = _Entry(number, line) if line else None
        elif line:
            _take(entry, line, number, faults)
        else:
            yield entry
            entry = None


def _take(entry: _Entry, line: str, number: int, faults: list[str]) -> None:
    key, _, value = line.partition(" ")
    value = value.strip()
    if key == "Q" and not entry.question:
        entry.question = value
    elif key == "E":
        entry.pieces.append(value)
    elif key == "P":
        entry.points.append(value)
    else:
        faults.append(f"line {number}: {line!r} is no question, evidence or point")


def _piece(piece: str, studies: Sentences) -> Iterator[SelectorLine]:
    study = ""
    for part in piece.split():
        if not part.isdigit():
            study = part
            continue
        known = studies.get(study, ())
        if not 1 <= int(part) <= len(known):
            raise ValueError(f"{study or 'no study'} has no sentence {part}")
        if not any(char.isalpha() for char in known[int(part) - 1]):
            raise ValueError(f"sentence {part} of {study} has no words to know it by")
        yield SelectorLine(study=study, sha256=sentence_key(known[int(part) - 1]))


def _said(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return str(error)


def _counter() -> TokenCounter:
    """Of the embedder that ships, so that a sentence too long for it is cut as it will be when it is searched."""
    from assistant.embedding.opening import DEFAULT_EMBEDDER, open_embedder

    return open_embedder(DEFAULT_EMBEDDER, cache=Path(".cache/answering")).count_tokens


def _number(file: Path) -> int:
    numbers = itertools.count(1)
    for passage in chunk(read_study(file), _counter()):
        print(f"\n## {passage.section.value}: {' > '.join(passage.path)}")
        for text in sentences([passage]):
            print(f"{next(numbers)} {' '.join(text.split())}")
    return 0


def _build(given: argparse.Namespace) -> int:
    count = _counter()
    read = map(read_study, sorted(file for file in given.folder.iterdir() if file.suffix in READ))
    studies = {study.id: sentences(chunk(study, count)) for study in read}
    stem = given.out.stem.replace(".", "-")
    questions, faults = build(given.draft.read_text("utf-8"), stem, studies, given.author, given.split)
    given.out.write_text("".join(f"{one.model_dump_json(exclude_defaults=True)}\n" for one in questions), "utf-8")
    print(f"{len(questions)} questions written, {len(faults)} faults")
    print("".join(f"  {fault}\n" for fault in faults), end="")
    files = {file.resolve() for file in (*question_files(), given.out)}
    alike = list(repeats([one for file in sorted(files) for one in load_questions(file)]))
    print("".join(f"  {one} and {other} ask nearly the same\n" for one, other in alike), end="")
    return int(bool(faults or alike))


def main() -> int:
    """Runs one of the two; 1 where a draft has faults or repeats a question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("number").add_argument("file", type=Path)
    building = commands.add_parser("build")
    for name in ("draft", "folder", "out"):
        building.add_argument(name, type=Path)
    building.add_argument("--author", required=True)
    building.add_argument("--split", choices=get_args(Split), required=True)
    given = parser.parse_args()
    return _number(given.file) if given.command == "number" else _build(given)


if __name__ == "__main__":
    sys.exit(main())
