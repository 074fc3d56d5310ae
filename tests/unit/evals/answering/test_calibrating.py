"""Weights, folds and the threshold of the calibration, with numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.domain.spans import Span
from evals.answering.calibrate import fold_of, threshold_for, weights_of
from evals.answering.questions import EvalQuestion, Selector
from evals.answering.trials import RememberingReranker


def question(name: str, *, author: str, kind: str = "factoid", studies: tuple[str, ...] = ()) -> EvalQuestion:
    evidence = tuple((Selector(study, "0" * 64),) for study in studies)
    return EvalQuestion(name, f"what of {name}", kind, evidence, (), author)


def result(probability: float, author: str, *, answerable: bool = True) -> Any:
    trial = SimpleNamespace(question=question("q", author=author), pieces=((),) if answerable else ())
    return SimpleNamespace(probability=probability, trial=trial)


def test_hard_questions_weigh_as_much_as_easy_ones_whether_answered_or_not() -> None:
    easy = [question(f"e{at}", author="d1", studies=("rota",)) for at in range(3)]
    hard = [question("h", author="w2", studies=("rota",))]
    silent = [question("s", author="w2", kind="unanswerable")]
    # Cells: three easy with evidence share 1, one hard with evidence has 1, one hard without has 1.
    assert weights_of([*easy, *hard, *silent]) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0, 1.0])


def test_questions_out_of_scope_count_little_within_their_cell() -> None:
    silent = [question("a", author="d1", kind="unanswerable"), question("b", author="d1", kind="out_of_scope")]
    # 1 and 0.3 of 1.3.
    assert weights_of(silent) == pytest.approx([1 / 1.3, 0.3 / 1.3])


def test_the_questions_of_a_study_stand_in_one_fold() -> None:
    folds = {fold_of(question(f"q{at}", author="w2", studies=("rota", "ward"))) for at in range(20)}
    assert len(folds) == 1
    assert len({fold_of(question(f"q{at}", author="w2")) for at in range(20)}) > 1


def test_the_threshold_is_set_on_hard_answerable_questions() -> None:
    hard = [result(at / 10, "w2") for at in range(10)]
    others = [result(0.99, "d1"), result(0.01, "w2", answerable=False)]
    # Of ten hard ones from 0.0 to 0.9, a fifth (two) lie below 0.2.
    assert threshold_for([*hard, *others], 0.2) == pytest.approx(0.2)


def test_without_hard_questions_the_threshold_is_set_on_all() -> None:
    assert threshold_for([result(at / 10, "d1") for at in range(10)], 0.1) == pytest.approx(0.1)


def test_a_passage_is_read_once_for_a_question_and_anew_when_it_is_cut(
    memory_index: Any, recording_reranker: Any
) -> None:
    whole = memory_index.all["rota:1"]
    cut = replace(whole, span=Span(whole.span.start, whole.sentences[0].end), sentences=whole.sentences[:1])
    reranker = RememberingReranker(recording_reranker)
    for passage in (whole, whole, cut):
        (bearing,) = reranker.bearings("why rest", [passage])
        assert len(bearing.sentences) == len(passage.sentences)
    assert recording_reranker.read == [whole, cut]
