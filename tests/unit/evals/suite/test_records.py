from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assistant.errors import UsageError
from evals.suite.parts import Score, Unscored
from evals.suite.records import Header, Record, TaskHeader, gold_hashes, read_record, write_record

from .making import item, unscored


def made() -> Record:
    header = Header(commit="abc", tasks={"safety": TaskHeader(gold={"a": "0"}, settings={"doubling": {"times": 2}})})
    items = (item("digests/1", recall=1 / 3, undefined=math.nan), unscored("digests/2"))
    return Record(header, {("safety", "doubling"): items})


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    write_record(tmp_path / "new" / "r.jsonl", made())
    record = read_record(tmp_path / "new" / "r.jsonl")
    assert record.header == made().header
    assert (record.tasks, record.systems("safety")) == (("safety",), ("doubling",))
    first, second = record.of("safety", "doubling")
    assert isinstance(first.score, Score) and first.prediction == {"said": "digests/1"}
    assert first.score.get("recall") == pytest.approx(1 / 3, abs=1e-6)
    assert math.isnan(first.score.get("undefined")) and math.isnan(first.score.get("never"))
    assert second.score == Unscored("no text")
    assert record.of("safety", "another") == ()


def test_what_is_undefined_is_null_in_the_file(tmp_path: Path) -> None:
    write_record(tmp_path / "r.jsonl", made())
    line = json.loads((tmp_path / "r.jsonl").read_text().splitlines()[1])
    assert line["values"]["undefined"] is None and "NaN" not in (tmp_path / "r.jsonl").read_text()


def test_a_baseline_keeps_scores_and_no_words(tmp_path: Path) -> None:
    write_record(tmp_path / "r.jsonl", made().scores_only())
    assert "said" not in (tmp_path / "r.jsonl").read_text()
    first, second = read_record(tmp_path / "r.jsonl").of("safety", "doubling")
    assert first.prediction is None and isinstance(first.score, Score) and first.score.reason == ""
    assert isinstance(second.score, Unscored)


@pytest.mark.parametrize("text", ["", "{}x", '{"record": 2}', '{"record": 1, "extra": 0}'])
def test_a_file_of_another_shape_is_refused_by_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.jsonl").write_text(text)
    with pytest.raises(UsageError, match=r"r\.jsonl:1 is no record"):
        read_record(tmp_path / "r.jsonl")


def test_a_broken_item_is_named_by_its_line(tmp_path: Path) -> None:
    write_record(tmp_path / "r.jsonl", made())
    with (tmp_path / "r.jsonl").open("a") as file:
        file.write('{"task": "safety"}\n')
    with pytest.raises(UsageError, match=r"r\.jsonl:4 "):
        read_record(tmp_path / "r.jsonl")
    with pytest.raises(UsageError, match="can't be read"):
        read_record(tmp_path / "absent.jsonl")


def test_gold_is_hashed_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.jsonl").write_text("a")
    found = gold_hashes([tmp_path / "gold", tmp_path / "absent"])
    # sha256 of the letter a
    assert found == {"a.jsonl": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}
