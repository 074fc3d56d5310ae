from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.spans import Span
from evals.answering.fitting import RankedSet, fit_ranking, fit_yes_or_no
from evals.answering.measures import Hits, hits, mean, summary
from evals.answering.questions import FOLDER, EvalQuestion, Resolver, Selector, load_questions, sentence_key


def test_recall_is_the_share_of_pieces_held() -> None:
    pieces = [[("a", Span(0, 10)), ("a", Span(50, 60))], [("a", Span(20, 30))], [("b", Span(0, 5))]]
    # The second place of the first piece is touched, the second piece is not, the third is in another study: 1 of 3.
    assert hits(pieces, [("a", Span(55, 58)), ("c", Span(0, 5))]) == Hits(1 / 3, True)
    assert hits(pieces, []) == Hits(0.0, False)


def test_a_piece_is_not_held_by_what_only_borders_on_it() -> None:
    assert not hits([[("a", Span(0, 10))]], [("a", Span(10, 20))]).any


def test_means_of_nothing_are_undefined() -> None:
    assert math.isnan(mean([]))
    # (1/3 + 1) / 2 = 0.667; both have some
    assert summary([Hits(1 / 3, True), Hits(1.0, True)]) == "0.667 / 1.000"


def test_a_key_outlives_layout_figures_and_citation_marks() -> None:
    assert sentence_key("Nurses  rested [12].") == sentence_key("nurses\nrested")
    assert sentence_key("Nurses rested") != sentence_key("Nurses worked")


def test_selectors_resolve_to_sentences_and_the_lost_are_named(memory_index: Any) -> None:
    resolver = Resolver(memory_index.all.values())
    there = Selector("garden", sentence_key("Residents walked more once the garden had benches."))
    gone = Selector("garden", sentence_key("Residents flew."))
    ((study, span),) = resolver.places([there, gone])
    assert span.of(memory_index.studies[study].text).startswith("Residents walked")
    assert resolver.unresolved([EvalQuestion("q", "?", "factoid", ((there, gone),))]) == [("q", gone)]


def test_the_development_questions_are_whole() -> None:
    questions = load_questions()
    assert len({one.id for one in questions}) == len(questions) >= 160
    assert {(one.author, one.split) for one in questions} == {("d1", "dev")}


def test_the_batch_has_sixty_questions() -> None:
    lines = [json.loads(line) for line in (FOLDER / "batch60.jsonl").read_text("utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == 60 and all(line["question"] for line in lines)


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": {}},
        {"evidence": [[]]},
        {"kind": "unanswerable"},
        {"kind": "riddle"},
        {"split": "some"},
        {"author": ""},
        {"note": "unknown"},
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    evidence = [[{"study": "garden", "sha256": "0" * 64}]]
    whole = {"id": "x", "question": "?", "kind": "factoid", "author": "d1", "split": "dev", "evidence": evidence}
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(whole))
    assert load_questions(file)[0].split == "dev"
    file.write_text(json.dumps(whole | wrong))
    with pytest.raises(ValueError):
        load_questions(file)


def test_a_ranking_learns_what_the_wanted_share() -> None:
    good, bad = {"near": 1.0, "noise": 0.5}, {"near": 0.0, "noise": 0.5}
    model = fit_ranking([RankedSet([good, bad, bad], [True, False, False])] * 5)
    assert model.log_odds(good) > model.log_odds(bad)
    assert "noise" not in model.weights


def test_a_yes_or_no_is_balanced_between_its_answers() -> None:
    features = [{"x": float(at)} for at in (0, 0, 0, 1)]
    model = fit_yes_or_no(features, [False, False, False, True], [1.0] * 4)
    assert model.probability({"x": 1.0}) > 0.5 > model.probability({"x": 0.0})
