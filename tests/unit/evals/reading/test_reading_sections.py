from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assistant.domain.study import SectionType
from evals.reading.layout import main, measure_text, passes
from evals.reading.sections import SectionRow, SectionScore, gold_sections, heading_hash, score_sections


def row(heading: str, kind: SectionType = SectionType.METHODS, level: int = 1) -> SectionRow:
    return SectionRow(heading_hash(heading), kind, level)


def test_counts_by_hand() -> None:
    listed = (row("Methods"), row("Setting", level=2), row("Results", SectionType.RESULTS), row("Discussion"))
    found = (row("Methods"), row("Nurses"), row("Setting"), row("Results", SectionType.BODY))
    score = score_sections(found, listed)
    # Methods, Setting and Results match; of them two have the type, two the level.
    assert score == SectionScore(listed=4, found=4, matched=3, typed=2, levelled=2)
    assert (score.recall, score.precision, score.type_accuracy) == (3 / 4, 3 / 4, 2 / 3)
    assert (score + score).level_accuracy == 2 / 3


def test_order_counts() -> None:
    assert score_sections((row("B"), row("A")), (row("A"), row("B"))).matched == 1


def test_nothing_gives_nan() -> None:
    assert math.isnan(SectionScore(0, 0, 0, 0, 0).recall)


def test_hash_looks_through_case_quotes_and_spacing() -> None:
    assert heading_hash("The ‘Ward’  plan") == heading_hash("the 'ward' PLAN")


def test_gold_lists_five_texts_by_hash_alone() -> None:
    gold = gold_sections()
    assert len(gold) == 5
    assert all(len(entry.hash) == 64 for rows in gold.values() for entry in rows)


GOOD = (
    "Methods\n\nWe asked staff on three wards what they plan at night.\n\n"
    "Results\n\nThey plan by talking to each other.\n"
)


def test_runs_on_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.txt").write_text(GOOD)
    assert main([str(tmp_path)]) == 0
    assert "good" in capsys.readouterr().out
    assert main([str(tmp_path), "--json", "--sentences"]) == 0
    (text,) = json.loads(capsys.readouterr().out)["texts"]
    assert text["broken"] == [] and text["prose_blocks"] == 2 and text["characters_lost"] == 0


def test_fails_on_broken_sentences_and_on_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 3
    (tmp_path / "bad.txt").write_text("and then the nurses of the ward\n\nWent home without a stop\n")
    assert main([str(tmp_path)]) == 3
    assert not passes([measure_text(tmp_path / "bad.txt")])
    capsys.readouterr()
