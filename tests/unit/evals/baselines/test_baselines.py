from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.spans import Span
from assistant.domain.study import BlockKind, SourceFile
from assistant.errors import MissingExtra
from assistant.readers.builder import RawBlock, RawStudy, build_study
from evals.answering.trials import Remembering
from evals.baselines.ranking import Budget, RankedPlace, within
from evals.baselines.single import Lexical
from evals.baselines.systems import answering_baselines, retrieval_baselines
from evals.baselines.vanilla import OVERLAP, SIZE, Vanilla, split
from evals.suite.corpora import Texts, World
from evals.suite.parts import Sample

ROTA = "# Results\n\nNurses liked the new rota because it left them time to rest. They also traded shifts.\n"
GARDEN = "# Findings\n\nResidents walked more once the garden had benches. Staff feared falls.\n"


def place(start: int, end: int) -> RankedPlace:
    return RankedPlace("a", Span(start, end), 1.0)


def test_a_budget_of_characters_cuts_the_last_passage() -> None:
    assert within([place(0, 40), place(50, 110), place(200, 300)], 70) == [place(0, 40), place(50, 80)]
    assert within([place(0, 40)], 40) == [place(0, 40)] and within([], 40) == []


def test_a_budget_is_one_of_two() -> None:
    for given in ({}, {"passages": 8, "characters": 6_400}):
        with pytest.raises(ValueError, match="one of passages and characters"):
            Budget(**given)


class Counting:
    """Twenty places of ten characters."""

    most = 20

    def __init__(self) -> None:
        self.asked: list[int] = []

    def retrieve(self, question: str, limit: int) -> list[RankedPlace]:
        self.asked.append(limit)
        return [place(at * 10, at * 10 + 10) for at in range(limit)]


def test_a_budget_of_characters_asks_until_it_is_full() -> None:
    ranker = Counting()
    assert sum(len(one.span) for one in Budget(characters=95).shown(ranker, "?")) == 95
    assert ranker.asked == [8, 16]
    assert len(Budget(characters=9_999).shown(ranker, "?")) == 20, "there is no more"
    assert len(Budget(passages=4).shown(ranker, "?")) == 4


def test_vanilla_chunks_are_places_of_the_stored_text() -> None:
    blocks = [RawBlock(BlockKind.PARAGRAPH, " ".join(f"Word {at} and so on." for at in range(start, start + 90)))
              for start in (0, 90)]  # fmt: skip
    study = build_study("long", SourceFile("long.txt", "0", "text"), RawStudy(blocks))
    chunks = [(one.metadata["start_index"], one.page_content) for one in split(study)]
    assert all(study.text[start : start + len(text)] == text and len(text) <= SIZE for start, text in chunks)
    assert chunks[0][0] == 0 and chunks[-1][0] + len(chunks[-1][1]) == len(study.text)
    gaps = [one[0] - (other[0] + len(other[1])) for other, one in itertools.pairwise(chunks)]
    assert any(gap < 0 for gap in gaps) and all(-OVERLAP <= gap <= 2 for gap in gaps)


def test_vanilla_finds_by_the_encoder_and_cuts_what_it_can_not_take(small_world: Any, stem_encoder: Any) -> None:
    class Short:
        """Takes ten words."""

        max_tokens = 12

        def count_tokens(self, texts: list[str]) -> list[int]:
            return [len(text.split()) + 2 for text in texts]

        def embed(self, texts: list[str]) -> Any:
            assert all(count <= self.max_tokens for count in self.count_tokens(texts))
            return stem_encoder.embed(texts)

    studies = list(small_world.values())
    found = Vanilla(studies, stem_encoder).retrieve("shy carers who sing", 2)
    assert found[0].study == "choir" and found[0].score >= found[1].score
    assert Vanilla(studies, Short()).most == 3  # type: ignore[arg-type]


def test_bm25_stems_and_knows_the_study(memory_index: Any) -> None:
    titles = {study: f"{study} {one.bibliography.label}" for study, one in memory_index.studies.items()}
    lexical = Lexical(list(memory_index.all.values()), titles)
    best = lexical.retrieve("walking in gardens with a bench", 3)[0]
    assert best.study == "garden" and "benches" in best.span.of(memory_index.studies["garden"].text)
    assert {one.study for one in lexical.retrieve("Bell 2021", 3)} == {"choir"}
    assert lexical.retrieve("quantum chromodynamics", 3) == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, stem_encoder: Any) -> World:
    folder = tmp_path_factory.mktemp("texts")
    for name, text in (("rota", ROTA), ("garden", GARDEN)):
        (folder / f"{name}.md").write_text(text)
    encoder = Remembering(stem_encoder)
    files = {name: folder / f"{name}.md" for name in ("rota", "garden")}
    return World({"own": Texts("own", files, encoder, folder / "cache")}, encoder, folder / "cache")


QUESTION = Sample("own/q", "own", "rota", "Why did nurses trade shifts and rest under the new rota?", None)


@pytest.mark.parametrize("name", list(retrieval_baselines()))
def test_every_baseline_retrieves_places(world: World, name: str) -> None:
    system = retrieval_baselines()[name](world)
    (first, *_) = system.predict(QUESTION)["passages"]
    assert first["study"] == "rota"
    text = world.of("own").study("rota").text
    assert "time to rest" in text[first["start"] : first["end"]]
    assert system.settings["system"] in name and all(system.settings["versions"].values())


@pytest.mark.parametrize("name", list(answering_baselines()))
def test_every_baseline_answers_with_its_passages(world: World, name: str) -> None:
    answer = answering_baselines()[name](world).predict(QUESTION)
    assert not answer["abstained"] and "time to rest" in answer["answer"]
    for number, one in enumerate(answer["citations"], 1):
        assert one["marker"] == number and one["status"] == "exact"
        assert one["quote"] == world.of("own").study(one["study"]).text[one["start"] : one["end"]]


def test_a_missing_library_names_the_extra(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from importlib.metadata import PackageNotFoundError

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("evals.baselines.systems.version", absent)
    with pytest.raises(MissingExtra, match=r"needs bm25s.*realist-assistant\[eval\]"):
        retrieval_baselines()["bm25-8"](world)
