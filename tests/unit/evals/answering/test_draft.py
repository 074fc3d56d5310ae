from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evals.answering import draft
from evals.answering.draft import build, repeats
from evals.answering.questions import EvalQuestion, Selector, load_questions, sentence_key

STUDIES: Mapping[str, Sequence[str]] = {
    "rota": ["Six wards took part.", "Nurses slept more.", "12 34"],
    "garden": ["Residents walked more."],
}
WHOLE = """# what the wards said
factoid
Q how many wards
E rota 1
P six of them

cross_study
Q did people feel better
E rota 2 garden 1
E garden 1

out_of_scope
Q what is for lunch
"""


def test_sentence_numbers_become_selectors_and_ids_go_by_place(tmp_path: Path) -> None:
    lines, faults = build(WHOLE, "rota-w1", STUDIES, "w1", "test")
    file = tmp_path / "rota.w1.jsonl"
    file.write_text("".join(f"{line.model_dump_json(exclude_defaults=True)}\n" for line in lines))
    first, second, third = load_questions(file)
    slept, walked = (
        Selector("rota", sentence_key("Nurses slept more.")),
        Selector("garden", sentence_key("Residents walked more.")),
    )
    assert faults == []
    assert (first.id, first.points, first.author, first.split) == ("rota-w1-01", ("six of them",), "w1", "test")
    assert second.evidence == ((slept, walked), (walked,))
    assert (third.kind, third.answerable) == ("out_of_scope", False)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("factoid\nQ why\nE rota 4", "rota has no sentence 4"),
        ("factoid\nQ why\nE 1", "no study has no sentence 1"),
        ("factoid\nQ why\nE rota 3", "no words"),
        ("factoid\nQ why", "0 pieces"),
        ("factoid\nQ why\nE rota", "names no sentence"),
        ("unanswerable\nQ why\nE rota 1", "do not go"),
        ("riddle\nQ why\nE rota 1", "kind"),
        ("factoid\nE rota 1", "question"),
        ("factoid\nQ why\nE rota 1\nX what", "no question, evidence or point"),
    ],
)
def test_faults_are_named_by_line(entry: str, said: str) -> None:
    _, (fault,) = build(f"\n{entry}\n", "q", STUDIES, "w1", "test")
    assert said in fault and fault.startswith("line ")


def test_questions_that_share_most_of_their_words_repeat_each_other() -> None:
    asked = ["how many wards took part", "number of wards that took part in it", "why wards?", "what's this?"]
    # Stems: many ward took part; number ward took part; ward. Shared: 3 of 5, and less: nothing repeats.
    assert list(repeats([EvalQuestion(str(at), text, "factoid") for at, text in enumerate(asked)])) == []
    # ward, took, part of ward, took, part, leed: 3 of 4.
    pair = [EvalQuestion("a", "wards that took part", "factoid"), EvalQuestion("b", "wards took part Leeds", "factoid")]
    assert list(repeats(pair)) == [("a", "b")]


def test_numbers_printed_are_those_of_the_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "rota.md"
    study.write_text("# Rota\n\n## Results\n\nSix wards took part. Nurses slept.\n\n## Discussion\n\nSo it goes.\n")
    sheet, out = tmp_path / "sheet.txt", tmp_path / "rota.w9.jsonl"
    sheet.write_text("factoid\nQ does it go\nE rota 3\n")
    monkeypatch.setattr(sys, "argv", ["draft", "number", str(study)])
    assert draft.main() == 0
    assert "3 So it goes." in capsys.readouterr().out
    monkeypatch.setattr(
        sys, "argv", ["draft", "build", str(sheet), str(tmp_path), str(out), "--author", "w9", "--split", "dev"]
    )
    assert draft.main() == 0
    (question,) = load_questions(out)
    assert question.evidence == ((Selector("rota", sentence_key("So it goes.")),),)
