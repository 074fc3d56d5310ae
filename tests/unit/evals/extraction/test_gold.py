"""The gold as it is kept: whole without the studies, and in its places with them."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.domain.cmo import Role
from assistant.readers.registry import read_study
from assistant.tagging.places import codable_sentences
from evals.extraction.coding.comparing import placed
from evals.extraction.coding.files import read_coding
from evals.extraction.evaluate import GOLD

CODINGS = sorted(GOLD.glob("*.jsonl"))
ADJUDICATED = sorted(GOLD.glob("*.adjudicated.jsonl"))
MOST_SENTENCES = 4


@pytest.mark.parametrize("file", CODINGS, ids=lambda file: file.stem)
def test_each_coding_is_whole(file: Path) -> None:
    coding = read_coding(file)
    ids = [one.id for one in coding.configurations]
    assert file.name == f"{coding.header.study}.{coding.header.coder}.jsonl"
    assert len(set(ids)) == len(ids) > 0
    for one in coding.configurations:
        assert one.outcome and (one.context or one.resource or one.reasoning), one.id
        assert one.proposition and one.same_as in {None, *ids} - {one.id}, one.id


def test_every_study_is_adjudicated() -> None:
    studies = {read_coding(file).header.study for file in CODINGS}
    assert {read_coding(file).header.study for file in ADJUDICATED} == studies


@pytest.mark.parametrize("file", ADJUDICATED, ids=lambda file: file.stem)
def test_the_first_statement_stands_first_and_repeats_nothing(file: Path) -> None:
    configurations = read_coding(file).configurations
    at = {one.id: number for number, one in enumerate(configurations)}
    for one in configurations:
        if one.same_as is not None:
            assert at[one.same_as] < at[one.id] and configurations[at[one.same_as]].same_as is None, one.id


@pytest.mark.parametrize("file", ADJUDICATED, ids=lambda file: file.stem)
def test_dropped_entries_name_what_a_coder_had(file: Path) -> None:
    study = read_coding(file).header.study
    known = {
        f"{coder}:{one.id}" for coder in "ab" for one in read_coding(GOLD / f"{study}.{coder}.jsonl").configurations
    }
    lines = (GOLD / f"{study}.dropped.tsv").read_text("utf-8").splitlines()
    assert lines and all(entry in known and reason for entry, reason in (line.split("\t") for line in lines))


@pytest.mark.parametrize("file", ADJUDICATED, ids=lambda file: file.stem)
def test_the_places_are_in_the_studies(file: Path) -> None:
    folder = os.environ.get("REALIST_TEST_STUDIES")
    if not folder:
        pytest.skip("REALIST_TEST_STUDIES names no folder of study texts")
    coding = read_coding(file)
    study = read_study(Path(folder) / f"{coding.header.study}.txt")
    sentences = [one.span for one in codable_sentences(study)]
    for one in placed(coding, study):
        inside = [span for span in sentences if span.overlaps(one.passage)]
        assert 1 <= len(inside) <= MOST_SENTENCES, one.id
        marks = sorted(span for role in Role for span in getattr(one, role.value))
        assert all(one.passage.covers(span) for span in marks), one.id
        assert all(left.end <= right.start for left, right in pairwise(marks)), one.id
