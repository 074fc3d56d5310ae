"""The gold's three sets as they are kept: whole without the texts, and in their places with them."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.domain.cmo import Role
from assistant.readers.registry import read_study
from assistant.shipped import shipped
from assistant.tagging.places import codable_sentences
from evals.extraction.coding.comparing import placed
from evals.extraction.coding.files import read_coding
from evals.extraction.evaluate import GOLD
from evals.extraction.train.documents import TRAINING, study_file
from evals.extraction.train.settings import DEVELOPMENT

STUDIES, DIGESTS, ARTICLES = GOLD, GOLD / "digests", GOLD / "articles"
SETS = {STUDIES: 5, DIGESTS: 5, ARTICLES: 6}
CODINGS = [file for folder in SETS for file in sorted(folder.glob("*.jsonl"))]
ADJUDICATED = [file for file in CODINGS if file.stem.endswith(".adjudicated")]
MOST_SENTENCES = 4


def named(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def text_of(folder: Path, study: str) -> Path:
    """The file of a study of the set in ``folder``; digests come with the tool, the test is skipped for the others."""
    if folder == DIGESTS:
        return shipped("corpus") / f"{study}.md"
    texts = os.environ.get("REALIST_TEST_STUDIES")
    if not texts:
        pytest.skip("REALIST_TEST_STUDIES names no folder of study texts")
    below = "openaccess" if folder == ARTICLES else ""
    return study_file(Path(texts) / below, study)


@pytest.mark.parametrize("file", CODINGS, ids=named)
def test_each_coding_is_whole(file: Path) -> None:
    coding = read_coding(file)
    ids = [one.id for one in coding.configurations]
    assert file.name == f"{coding.header.study}.{coding.header.coder}.jsonl"
    assert len(set(ids)) == len(ids) > 0
    for one in coding.configurations:
        assert one.outcome and (one.context or one.resource or one.reasoning), one.id
        assert one.proposition and one.same_as in {None, *ids} - {one.id}, one.id


@pytest.mark.parametrize(("folder", "studies"), SETS.items(), ids=lambda value: getattr(value, "name", str(value)))
def test_every_study_has_two_codings_and_what_was_decided(folder: Path, studies: int) -> None:
    coders: dict[str, set[str]] = {}
    for file in folder.glob("*.jsonl"):
        header = read_coding(file).header
        coders.setdefault(header.study, set()).add(header.coder)
    assert len(coders) == studies
    assert all(found == {"a", "b", "adjudicated"} for found in coders.values()), coders


@pytest.mark.parametrize("file", CODINGS, ids=named)
def test_the_header_says_that_no_person_coded(file: Path) -> None:
    header = read_coding(file).header
    part = {"a": "first of two", "b": "second of two", "adjudicated": "third methodologist"}
    assert header.kind.startswith(f"language model, {part[header.coder]}")


@pytest.mark.parametrize("study", sorted(DEVELOPMENT))
def test_the_first_coding_of_a_development_article_is_that_of_the_training_set(study: str) -> None:
    kept = read_coding(ARTICLES / f"{study}.a.jsonl")
    assert kept.configurations == read_coding(TRAINING / "coded" / f"{study}.jsonl").configurations


def test_no_article_of_the_test_is_among_the_training_codings() -> None:
    tested = {read_coding(file).header.study for file in ARTICLES.glob("*.jsonl")} - DEVELOPMENT
    assert len(tested) == 3 and not tested & {file.stem for file in (TRAINING / "coded").glob("*.jsonl")}


@pytest.mark.parametrize("file", ADJUDICATED, ids=named)
def test_the_first_statement_stands_first_and_repeats_nothing(file: Path) -> None:
    configurations = read_coding(file).configurations
    at = {one.id: number for number, one in enumerate(configurations)}
    for one in configurations:
        if one.same_as is not None:
            assert at[one.same_as] < at[one.id] and configurations[at[one.same_as]].same_as is None, one.id


@pytest.mark.parametrize("file", ADJUDICATED, ids=named)
def test_dropped_entries_name_what_a_coder_had(file: Path) -> None:
    study = read_coding(file).header.study
    coded = {coder: read_coding(file.with_name(f"{study}.{coder}.jsonl")).configurations for coder in "ab"}
    known = {f"{coder}:{one.id}" for coder, configurations in coded.items() for one in configurations}
    lines = file.with_name(f"{study}.dropped.tsv").read_text("utf-8").splitlines()
    assert all(entry in known and reason for entry, reason in (line.split("\t") for line in lines))


@pytest.mark.parametrize("file", CODINGS, ids=named)
def test_the_places_are_in_the_studies(file: Path) -> None:
    coding = read_coding(file)
    study = read_study(text_of(file.parent, coding.header.study))
    assert study.sha256 == coding.header.text_sha256
    sentences = [one.span for one in codable_sentences(study)]
    for one in placed(coding, study):
        inside = [span for span in sentences if span.overlaps(one.passage)]
        assert 1 <= len(inside) <= MOST_SENTENCES, one.id
        marks = sorted(span for role in Role for span in getattr(one, role.value))
        assert all(one.passage.covers(span) for span in marks), one.id
        assert all(left.end <= right.start for left, right in pairwise(marks)), one.id
