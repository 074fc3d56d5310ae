from pathlib import Path

import pytest

from evals.bench import tokens
from evals.bench.tokens import Sent, made_study


def test_the_made_study_has_some_ten_thousand_words(tmp_path: Path) -> None:
    study = made_study(tmp_path)
    assert 9_500 <= len(study.text.split()) <= 10_500
    assert sum("Abstract" in section.title for section in study.sections) == 4


def test_figures_are_for_ten_thousand_words(capsys: pytest.CaptureFixture[str]) -> None:
    tokens._print(
        [
            Sent("plain", "a", 2_000, 1, 3_000),
            Sent("plain", "b", 3_000, 1, 4_000),
            Sent("drafting", "a", 2_000, 2, 6_000),
            Sent("drafting", "b", 3_000, 4, 8_000),
        ]
    )
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    # 5,000 words in all, so that figures double: 2 and 6 calls, 7,000 and 14,000 tokens.
    assert lines[0][:4] == ["2", "studies,", "5,000", "words;"]
    assert lines[2] == ["plain", "4.0", "14,000", "1.00"]
    assert lines[3] == ["drafting", "12.0", "28,000", "2.00"]
