"""The scores of rankings, worked by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.spans import Span
from evals.answering.samples import QuestionGold
from evals.retrieval import beir
from evals.retrieval.task import Units, name_of, passages_json, ranked_measures, relevant, score_passages
from evals.suite.parts import Sample, Score, Unscored

PASSAGES = [("a", Span(0, 100)), ("a", Span(100, 200)), ("b", Span(0, 100))]
SENTENCES = [(study, Span(at, at + 50)) for study, span in PASSAGES for at in (span.start, span.start + 50)]
UNITS = Units({name_of(one): one for one in PASSAGES}, {name_of(one): one for one in SENTENCES})
PIECES = ((("a", Span(110, 140)),), (("b", Span(0, 50)), ("b", Span(50, 100))))


def sample(pieces: Any = PIECES, lost: int = 0, split: str = "test", id: str = "digests/q") -> Sample:
    return Sample(id, "digests", "a", "why?", QuestionGold(pieces, (), lost), "factoid", split)


def test_units_that_hold_evidence_are_relevant_at_both_levels() -> None:
    assert list(relevant(PIECES, UNITS.passages)) == ["a:100-200", "b:0-100"]
    # the first piece lies inside the sentence 100-150 of a; the second has two sentences of b to choose from
    assert list(relevant(PIECES, UNITS.sentences)) == ["a:100-150", "b:0-50", "b:50-100"]


def test_a_ranking_by_hand() -> None:
    shown = passages_json([PASSAGES[0], PASSAGES[1]])
    found = score_passages(sample(), shown, UNITS)
    assert isinstance(found, Score)
    values = found.values
    assert (values["recall relaxed"], values["any relaxed"], values["characters"]) == (0.5, 1.0, 200.0)
    # one of two relevant passages, second: DCG 1/log2(3); ideal 1 + 1/log2(3)
    assert values["passage nDCG@8"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert values["passage RR"] == 0.5
    assert values["passage R@8"] == 0.5
    # the sentences shown in order are two of no use, then a:100-150, then one more; three are relevant
    assert values["sentence R@100"] == pytest.approx(1 / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["sentence nDCG@100"] == pytest.approx((1 / math.log2(4)) / ideal)


def test_half_a_sentence_is_evidence_relaxed_and_not_strict() -> None:
    found = score_passages(sample(), passages_json([("a", Span(90, 120))]), UNITS)
    assert isinstance(found, Score)
    assert (found.values["recall relaxed"], found.values["recall strict"]) == (0.5, 0.0)


def test_passages_of_ones_own_have_no_score_on_the_level_of_passages() -> None:
    found = score_passages(sample(), passages_json([("a", Span(0, 150))]), UNITS)
    assert isinstance(found, Score)
    assert math.isnan(found.get("passage RR")) and found.get("sentence R@100") == pytest.approx(1 / 3)


def test_nothing_found_is_zero_and_nothing_to_find_undefined() -> None:
    found = score_passages(sample(), passages_json([]), UNITS)
    assert isinstance(found, Score)
    assert (found.values["recall relaxed"], found.values["passage RR"]) == (0.0, 0.0)
    assert math.isnan(ranked_measures(("RR",), {}, ["x"])["RR"])
    assert isinstance(score_passages(sample(()), passages_json([]), UNITS), Unscored)
    assert isinstance(score_passages(sample(lost=1), passages_json([]), UNITS), Unscored)


def test_beir_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_world: Any) -> None:
    class TextsOf:
        def study(self, name: str) -> Any:
            return small_world["garden" if name == "a" else "rota"]

    class WorldOf:
        def of(self, name: str) -> Any:
            return TextsOf()

    monkeypatch.setattr(beir, "answerable", lambda world: [sample(), sample(split="dev", id="digests/r")])
    monkeypatch.setattr(beir.Units, "of", classmethod(lambda cls, texts: UNITS))
    world: Any = WorldOf()
    passages, sentences = beir.write_beir(tmp_path, world)
    assert [path.relative_to(tmp_path).as_posix() for path in (passages, sentences)] == [
        "digests/passages",
        "digests/sentences",
    ]
    corpus = [json.loads(line) for line in (passages / "corpus.jsonl").read_text().splitlines()]
    assert [one["_id"] for one in corpus] == list(UNITS.passages)
    assert corpus[0]["text"] == small_world["garden"].text[:100]
    queries = [json.loads(line)["_id"] for line in (sentences / "queries.jsonl").read_text().splitlines()]
    assert queries == ["digests/q", "digests/r"]
    assert (passages / "qrels" / "test.tsv").read_text() == (
        "query-id\tcorpus-id\tscore\ndigests/q\ta:100-200\t1\ndigests/q\tb:0-100\t1\n"
    )
    assert len((sentences / "qrels" / "dev.tsv").read_text().splitlines()) == 1 + 3
