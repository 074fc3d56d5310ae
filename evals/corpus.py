"""Checks the shipped digests: the manifest tells the truth, and no digest copies its study.

``python -m evals.corpus [STUDIES]`` prints one line a digest and exits with 1 if anything is amiss.
``--write`` writes the manifest anew from the digests.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from assistant.shipped import shipped
from assistant.text.words import words

RUN = 8
"""Words in a row that a digest may not share with a study; titles are bibliographic facts and exempt."""
MANIFEST = "manifest.yaml"
HEADER = """\
# The corpus that ships: digests of five published studies of research collaborations, written for this project.
# Each gives the study's facts, figures, explanations and limits in our own words, with participants' words as
# reported speech. The demo, the README and the tests run on them; to work on the studies, ingest your own copies.
# `python -m evals.corpus [STUDIES] --write` writes this file and checks that no digest copies its study.
"""


def shared_runs(texts: Mapping[str, str], sources: Iterable[str], run: int = RUN) -> dict[str, list[str]]:
    """The runs of ``run`` or more words of each text that stand in one of ``sources``, words joined by spaces."""
    tokens = {name: words(text) for name, text in texts.items()}
    own = {gram for text in tokens.values() for gram in _grams(text, run)}
    known = {gram for source in sources for gram in _grams(words(_unbroken(source)), run) if gram in own}
    return {name: list(_runs(text, known, run)) for name, text in tokens.items()}


def _runs(tokens: list[str], known: set[tuple[str, ...]], run: int) -> Iterator[str]:
    """The longest runs of ``tokens`` whose every gram is known."""
    start = 0
    while start + run <= len(tokens):
        end = start
        while end + run <= len(tokens) and tuple(tokens[end : end + run]) in known:
            end += 1
        if end > start:
            yield " ".join(tokens[start : end + run - 1])
        start = max(end + run - 1, start) if end > start else start + 1


def body_of(digest: str) -> str:
    """A digest without its front matter."""
    return re.sub(r"\A---\n.*?\n---\n", "", digest, flags=re.DOTALL)


def manifest_of(corpus: Path) -> dict[str, object]:
    """The manifest that the digests in ``corpus`` call for."""
    return {"studies": [_entry(file) for file in sorted(corpus.glob("*.md"))]}


def study_texts(folder: Path) -> Iterator[str]:
    """The words of every study under ``folder``."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".txt", ".nxml"}:
            text = file.read_text("utf-8", errors="replace")
            yield re.sub(r"<[^>]+>", " ", text) if file.suffix == ".nxml" else text


def _entry(file: Path) -> dict[str, object]:
    digest = file.read_text("utf-8")
    front = yaml.safe_load(digest.split("---\n")[1])
    return {
        "file": file.name,
        "id": file.stem,
        "digest_of": front["doi"],
        "words": len(body_of(digest).split()),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def _grams(tokens: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1))


def _unbroken(text: str) -> str:
    return re.sub(r"-\s*\n\s*(?=[a-z])", "", text)


def main() -> int:
    """Prints the check; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", nargs="?", type=Path, help="folder of the study texts")
    parser.add_argument("--write", action="store_true", help="write the manifest")
    arguments = parser.parse_args()
    corpus = shipped("corpus")
    wanted = manifest_of(corpus)
    if arguments.write:
        (corpus / MANIFEST).write_text(HEADER + yaml.safe_dump(wanted, sort_keys=False), "utf-8")
    amiss = yaml.safe_load((corpus / MANIFEST).read_text("utf-8")) != wanted
    print("manifest: " + ("differs from the digests; run with --write" if amiss else "agrees with the digests"))
    bodies = {file.name: body_of(file.read_text("utf-8")) for file in sorted(corpus.glob("*.md"))}
    runs = shared_runs(bodies, study_texts(arguments.studies)) if arguments.studies else {}
    for name, body in bodies.items():
        shared = runs.get(name, [])
        amiss = amiss or bool(shared)
        checked = f"{len(shared)} runs of {RUN} words shared" if runs else "not compared (no studies given)"
        print(f"{name}: {len(body.split())} words, {checked}" + "".join(f"\n  {run}" for run in shared))
    return int(amiss)


if __name__ == "__main__":
    sys.exit(main())
