"""The weights that ship are the ones that their card describes."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.domain.cmo import Role
from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.engines.extractive.tagging import PackagedTagger
from assistant.errors import WeightsError
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.tagging.places import codable_sentences
from assistant.tagging.trained.card import FOLDER, tagger_in
from assistant.tagging.trained.files import packaged

PARAGRAPH = (
    "The depot opened in March and has two gates. Where drivers already trusted the foreman, the shared diary led "
    "them to admit delays early because they did not fear blame, and vans were sent out sooner. Interviews were "
    "transcribed. Because the night shift had never been asked, it saw the diary as a check on its work and left "
    "it empty. "
)


@pytest.fixture(scope="module")
def study() -> Study:
    heading = RawBlock(BlockKind.HEADING, "Results", level=1, section_type=SectionType.RESULTS)
    return build_study(
        "depot",
        SourceFile("depot.txt", "0" * 64, "text"),
        RawStudy([heading, *(RawBlock(BlockKind.PARAGRAPH, PARAGRAPH) for _ in range(3))]),
    )


def test_they_are_small_and_described() -> None:
    card = packaged().card

    assert tagger_in().weights.stat().st_size < 30_000_000
    assert card.name.startswith("minilm-tagger/") and card.command and card.data and card.scores
    assert {"seed", "epochs"} <= set(card.tuning)
    assert all(0 <= row["confidence"] <= 1 and 0 <= row["matching"] <= 1 for row in card.reliability)


def test_a_card_that_says_too_little_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "weights")
    tagger_in(folder).card_file.write_text('{"name": "minilm-tagger/1", "sha256": "0"}')
    with pytest.raises(WeightsError, match=r"card that can't be read.*make train"):
        packaged(folder)


def test_claims_lie_in_the_text_and_come_again(study: Study, tmp_path: Path) -> None:
    sentences = codable_sentences(study)
    tagger = PackagedTagger(cache=tmp_path, threads=1)
    claims = tagger.claims(sentences)

    assert claims and list(claims) == list(PackagedTagger(cache=tmp_path, threads=1).claims(sentences))
    spans = [sentence.span for sentence in sentences]
    for claim in claims:
        roles = {mark.role for mark in claim.marks}
        assert Role.OUTCOME in roles and len(roles) > 1
        assert all(claim.passage.covers(mark.span) for mark in claim.marks)
        assert all(any(span.covers(mark.span) for span in spans) for mark in claim.marks)
        ends = sorted(mark.span for mark in claim.marks)
        assert all(left.end <= right.start for left, right in pairwise(ends))
        assert 0.0 <= claim.confidence <= 1.0


def test_what_explains_is_marked_and_what_tells_is_not(study: Study, tmp_path: Path) -> None:
    claims = PackagedTagger(cache=tmp_path, threads=1).claims(codable_sentences(study))
    passages = {claim.passage.of(study.text) for claim in claims}

    assert any("trusted the foreman" in passage for passage in passages)
    assert not any(passage == "Interviews were transcribed." for passage in passages)


def test_nothing_comes_of_nothing(tmp_path: Path) -> None:
    assert PackagedTagger(cache=tmp_path).claims([]) == ()
