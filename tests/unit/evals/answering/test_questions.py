"""The committed questions: whole, told apart from each other, and their evidence to be found."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from assistant.embedding.opening import open_embedder
from assistant.readers.registry import read_study
from assistant.text.chunking import chunk
from assistant.text.words import content_stems
from evals.answering.draft import READ, repeats
from evals.answering.questions import (
    FOLDER,
    EvalQuestion,
    KindWithEvidence,
    Resolver,
    Selector,
    SilentKind,
    load_paraphrases,
    load_questions,
    question_files,
)

DIGESTS = Path(__file__).parents[4] / "corpus"
QUESTIONS = {file.name: load_questions(file) for file in question_files()}
ALL = list(itertools.chain.from_iterable(QUESTIONS.values()))


def resolver(folder: Path, cache: Path) -> Resolver:
    """Of the passages that the embedder which ships would be given."""
    count = open_embedder("minilm", cache=cache).count_tokens
    files = sorted(file for file in folder.iterdir() if file.suffix in READ)
    return Resolver(passage for file in files for passage in chunk(read_study(file), count))


def lost(corpus: str, folder: Path, cache: Path) -> list[tuple[str, Selector]]:
    """What of the questions over ``corpus`` is not in the studies of ``folder``."""
    asked = [one for name, group in QUESTIONS.items() if name.startswith(f"{corpus}.") for one in group]
    assert asked
    return resolver(folder, cache).unresolved(asked)


def test_evidence_in_the_digests_is_found(tmp_path: Path) -> None:
    assert lost("digests", DIGESTS, tmp_path) == []


def test_evidence_in_the_studies_is_found(studies_folder: Path, tmp_path: Path) -> None:
    assert lost("studies", studies_folder, tmp_path) == []


def test_evidence_in_the_articles_is_found(studies_folder: Path, tmp_path: Path) -> None:
    articles = studies_folder / "openaccess"
    if not articles.is_dir():
        pytest.skip(f"{studies_folder} has no folder openaccess")
    assert lost("articles", articles, tmp_path) == []


def test_development_evidence_in_the_digests_is_found(tmp_path: Path) -> None:
    digests = {file.stem for file in DIGESTS.glob("*.md")}
    missing = resolver(DIGESTS, tmp_path).unresolved(QUESTIONS["dev.jsonl"])
    assert [one for one in missing if one[1].study in digests] == []


def test_no_question_stands_twice() -> None:
    assert len({one.id for one in ALL}) == len(ALL)
    assert list(repeats(ALL)) == []


def test_a_question_across_studies_has_evidence_in_two_or_more() -> None:
    assert [one.id for one in ALL if one.kind == "cross_study" and len(one.studies) < 2] == []


def test_a_file_has_the_author_that_it_is_named_after_and_one_split() -> None:
    for name, questions in QUESTIONS.items():
        ((author, _),) = {(one.author, one.split) for one in questions}
        assert author == ("d1" if name == "dev.jsonl" else name.split(".")[1])


def test_each_test_file_asks_all_kinds_and_mostly_what_is_answered() -> None:
    tested = [questions for questions in QUESTIONS.values() if questions[0].split == "test"]
    assert len(tested) >= 2
    for questions in tested:
        assert len(questions) >= 50
        assert len(Counter(one.kind for one in questions)) == len(get_args(KindWithEvidence) + get_args(SilentKind))
        assert 0.6 <= sum(one.answerable for one in questions) / len(questions) <= 0.8
        assert all(bool(one.points) is one.answerable for one in questions)


def test_a_paraphrase_keeps_the_question_and_changes_its_words() -> None:
    known: dict[str, EvalQuestion] = {one.id: one for one in ALL}
    pairs = load_paraphrases(FOLDER / "paraphrases.jsonl")
    assert len({pair.of for pair in pairs}) == len({pair.id for pair in pairs}) == len(pairs) >= 20
    for pair in pairs:
        assert known[pair.of].answerable and known[pair.of].split == "test"
        ours, theirs = set(content_stems(pair.question)), set(content_stems(known[pair.of].question))
        assert len(ours & theirs) < 0.75 * len(ours | theirs)
