import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.study import BlockKind, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from evals.extraction.coding import __main__ as command
from evals.extraction.coding.adjudication import Adjudicated, adjudicate
from evals.extraction.coding.comparing import lines, paired, placed
from evals.extraction.coding.draft import build
from evals.extraction.coding.files import Coding, Header, place, read_coding, write_coding

PROSE = (
    "Wards were short of staff. The weekly huddle let nurses speak, so that nurses reported errors sooner. "
    "Where managers listened, trust grew. Porters felt left out."
)
FIRST = """\
1-2 finding enabling
C Wards were short of staff
R The weekly huddle
O nurses reported errors sooner
P If a short-staffed ward has a huddle, then errors come to light.

3 finding enabling
C managers listened
O trust grew
P If managers listen, trust grows.

4 finding constraining
C Porters
O felt left out
P Porters stay outside.
"""
SECOND = """\
2 finding enabling
R The weekly huddle
M let nurses speak
O errors sooner
P If there is a huddle, then errors come to light, because people dare to speak.

3 finding enabling
C Where managers listened
O trust grew
P Where managers listen, there is trust.
= 1
"""


def study() -> Study:
    blocks = [RawBlock(BlockKind.HEADING, "Results", level=1), RawBlock(BlockKind.PARAGRAPH, PROSE)]
    return build_study("s", SourceFile("s.txt", "0", "text"), RawStudy(blocks))


def coding(coder: str, draft: str) -> Coding:
    coded, faults = build(study(), draft)
    assert not faults
    return Coding(Header("s", "0", study().sha256, coder, "a test", "2026-01-01", "1"), coded)


def adjudicated(draft: str) -> Adjudicated:
    return adjudicate(study(), coding("a", FIRST), coding("b", SECOND), draft)


def said(made: Adjudicated, role: str) -> list[list[str]]:
    placed_now, lost = place(Coding(coding("a", FIRST).header, made.configurations), study())
    assert not lost
    return [[span.of(study().text) for span in getattr(one, role)] for one in placed_now]


def test_pairs_are_shown_by_how_far_they_agree() -> None:
    text = study().text
    shown = list(
        lines(study(), paired(placed(coding("a", FIRST), study()), placed(coding("b", SECOND), study()), text))
    )
    heads = [line for line in shown if not line.startswith(" ")]
    # The contexts hold 16 and 21 characters without spaces, hence an F1 of 2 * 16 / 37 = 0.86, and the outcomes 1.
    assert [head.split(" ", 2)[1] for head in heads] == ["differ", "agreed", "only"]
    assert heads[0].startswith("1-2|2 ") and heads[1].startswith("3 agreed 0.9")
    assert "    R = The weekly huddle" in shown and "    M b let nurses speak" in shown
    assert not any("trust grew" in line for line in shown)


def test_an_entry_that_is_not_in_the_study_is_named() -> None:
    one = coding("a", FIRST)
    gone = replace(one.configurations[0].passage, sha="0" * 16)
    with pytest.raises(ValueError, match="coder a: c1 not found in s"):
        placed(Coding(one.header, (replace(one.configurations[0], passage=gone),)), study())


def test_agreed_pairs_are_taken_without_a_line_and_the_shorter_one() -> None:
    made = adjudicated("take a:c1 over b:c1 | the context is said\ndrop a:c3 | no cause is said")
    assert made.faults == () and (made.agreed, made.changed) == (1, 0)
    assert said(made, "context") == [["Wards were short of staff"], ["managers listened"]]
    assert [one.note for one in made.configurations] == ["the context is said", ""]
    assert [(one.entry, one.reason) for one in made.dropped] == [("a:c3", "no cause is said")]
    # The second coder's entry 3 repeats entry 1, for which the adjudicated first entry stands.
    assert [one.same_as for one in made.configurations] == [None, "c1"]


def test_roles_are_put_together_from_both() -> None:
    line = 'take a:c1 M=b:c1 O="reported errors" S=1-2 P="As I say." level=hypothesis polarity=mixed over b:c1 | both'
    made = adjudicated(f"# a comment\n{line}\ntake b:c2 same=- over a:c2 | longer\ndrop a:c3 | no")
    assert made.faults == () and (made.agreed, made.changed) == (0, 1)
    assert said(made, "reasoning")[0] == ["let nurses speak"]
    assert said(made, "outcome")[0] == ["reported errors"]
    first, second = made.configurations
    assert (first.proposition, first.level, first.polarity) == ("As I say.", "hypothesis", "mixed")
    assert second.same_as is None and said(made, "context")[1] == ["Where managers listened"]


def test_a_role_can_be_emptied_and_moved() -> None:
    made = adjudicated("take b:c1 R=- C=b:c1.R S=b:c1 P=a:c1 over a:c1 | moved\ndrop a:c3 | no")
    assert made.faults == ()
    assert (said(made, "context")[0], said(made, "resource")[0]) == (["The weekly huddle"], [])
    assert made.configurations[0].proposition.startswith("If a short-staffed ward")


def test_a_new_entry_stands_for_others() -> None:
    new = "2 finding mixed\nM nurses speak\nO reported errors\nP Speaking helps.\nN neither\nF a:c1 b:c1"
    made = adjudicated(f"{new}\n\ntake a:c3 | a feeling is an outcome")
    assert made.faults == ()
    assert [one.note for one in made.configurations] == ["neither", "", "a feeling is an outcome"]
    assert [one.same_as for one in made.configurations] == [None, "c1", None]


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        ("", "a:c1 is not decided"),
        ("take a:c9 | why", "a:c9 is neither"),
        ("drop b:c9 | why", "b:c9 is neither"),
        ("take a:c1 over b:c1", "with a reason"),
        ("keep a:c1 | why", "with a reason"),
        ("take a:c1 X=b:c1 | why", "is no change"),
        ("take a:c1 S=1-9 | why", "one to four"),
        ("take a:c1 S=4 | why", "outside the passage"),
        ('take a:c1 O="never said" | why', "not in the sentences"),
        ('take a:c1 M="weekly" | why', "two roles"),
        ("take a:c1 O=- | why", "an outcome and at least"),
        ("take a:c1 C=- R=- | why", "an outcome and at least"),
        ("take a:c1 level=rumour | why", "rumour"),
        ("take a:c1 C=b:c1.Z | why", "Z"),
        ("2 finding mixed\nO nowhere\nC Wards\nP x", "not in the sentences"),
    ],
)
def test_faults_are_told(draft: str, fault: str) -> None:
    assert any(fault in line for line in adjudicated(draft).faults)


def run(monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]) -> int:
    monkeypatch.setattr(sys, "argv", ["coding", *arguments])
    return command.main()


def test_the_commands_compare_and_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "read_study", lambda file: study())
    for coder, draft in (("a", FIRST), ("b", SECOND)):
        write_coding(tmp_path / f"s.{coder}.jsonl", coding(coder, draft))
    (tmp_path / "draft.txt").write_text("take a:c1 over b:c1 | whole\ndrop a:c3 | no cause is said")
    codings = [str(tmp_path / "s.a.jsonl"), str(tmp_path / "s.b.jsonl")]
    assert run(monkeypatch, ["compare", *codings, "s.txt"]) == 0
    out = tmp_path / "s.adjudicated.jsonl"
    assert (
        run(monkeypatch, ["merge", *codings, str(tmp_path / "draft.txt"), "s.txt", str(out), "--kind", "a test"]) == 0
    )
    assert "2 configurations, 1 agreed, 0 changed, 1 dropped, 0 faults" in capsys.readouterr().out
    assert read_coding(out).header.coder == "adjudicated"
    assert (tmp_path / "s.dropped.tsv").read_text() == "a:c3\tno cause is said\n"
    (tmp_path / "draft.txt").write_text("")
    assert (
        run(monkeypatch, ["merge", *codings, str(tmp_path / "draft.txt"), "s.txt", str(out), "--kind", "a test"]) == 1
    )
