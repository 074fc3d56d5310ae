from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evals.bench.goals import GOALS
from evals.bench.material import cut, endless, originals, perturbed, written
from evals.bench.measuring import BenchError, Run, in_turn, middle, run, wall
from evals.bench.profile import medians, stage_table
from evals.bench.record import GOAL_NUMBERS, PAGE, Record, Row, read_record, table, with_table, write_record


def test_the_page_shows_the_committed_record() -> None:
    page = PAGE.read_text("utf-8")
    assert "<!-- bench -->" in page
    assert with_table(page, read_record()) == page


def test_every_goal_can_be_measured_and_the_page_says_which_were_not() -> None:
    assert set(GOALS) == set(GOAL_NUMBERS)
    record = Record({"1": {"rounds": 3}}, (Row(1, "help", 0.2, "s"),))
    shown = with_table("<!-- bench -->\n<!-- end -->", record)
    assert "Goal 1: rounds 3." in shown and "Goal 2: not measured yet." in shown and "Goal 1: not" not in shown


def test_a_share_is_ours_over_the_peers() -> None:
    row = Row(1, "ask", ours=0.5, unit="s", peer=4.0, bound=1 / 6)
    assert row.share == pytest.approx(0.125) and row.met is True
    assert Row(1, "ask", ours=1.0, unit="s", peer=4.0, bound=1 / 6).met is False


def test_without_a_peer_the_figure_itself_is_bounded() -> None:
    assert Row(1, "help", ours=0.2, unit="s", bound=0.25).met is True
    assert Row(1, "help", ours=0.3, unit="s", bound=0.25).met is False
    assert Row(2, "cosine", ours=0.99999, unit="").met is None


def test_a_goal_measured_again_replaces_its_rows(tmp_path: Path) -> None:
    old = Record({"1": {"load": 1}, "2": {"load": 1}}, (Row(1, "a", 1.0, "s"), Row(2, "b", 2.0, "s")))
    joined = old.joined(Record({"1": {"load": 9}}, (Row(1, "c", 3.0, "s"),)))
    assert [row.what for row in joined.rows] == ["c", "b"]
    assert joined.made == {"1": {"load": 9}, "2": {"load": 1}}
    write_record(joined, tmp_path / "record.json")
    assert read_record(tmp_path / "record.json") == joined


def test_the_table_says_what_is_not_met() -> None:
    shown = table(Record({"1": {"rounds": 3}}, (Row(1, "cold ask", 2.0, "s", 4.0, 0.167),)))
    assert "| 1 | cold ask | 2 s | 4 s | 0.5 | 0.167 | **no** |" in shown


def test_perturbed_copies_differ_and_are_the_same_each_time() -> None:
    text = " ".join(f"word{chr(97 + number % 26)}{chr(97 + number // 26)}," for number in range(400))
    copy = perturbed(text, 1)
    assert copy != text and copy == perturbed(text, 1) and copy != perturbed(text, 2)
    changed = sum(one != other for one, other in zip(text.split(), copy.split(), strict=True))
    assert 400 / 24 < changed < 400 / 6  # one in twelve on average
    stream = endless(["a b", "c d"])
    assert [next(stream) for _ in range(2)] == ["a b", "c d"]


@pytest.mark.parametrize("words", [1, 3, 4, 9])
def test_texts_have_the_words_asked_for(words: int) -> None:
    assert len(cut("one two three four", words).split()) == words


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="without words"):
        cut(" \n", 5)


def test_without_studies_the_shipped_digests_are_measured_on(tmp_path: Path) -> None:
    texts = originals(None)
    assert len(texts) == 5
    folder = written(texts, tmp_path / "texts", studies=7, words=50)
    contents = [file.read_text("utf-8") for file in sorted(folder.iterdir())]
    assert len(set(contents)) == 7 and all(len(text.split()) == 50 for text in contents)
    with pytest.raises(FileNotFoundError, match="holds no studies"):
        originals(tmp_path / "nowhere")


def test_a_process_is_timed_and_its_memory_taken() -> None:
    small = run([sys.executable, "-S", "-c", "print('done')"])
    large = run([sys.executable, "-S", "-c", "x = bytearray(80_000_000); x[::4096] = b'1' * len(x[::4096])"])
    assert small.said == "done\n" and small.seconds > 0 and small.cpu_seconds > 0
    assert large.megabytes > small.megabytes + 60


def test_a_process_that_fails_is_no_figure() -> None:
    with pytest.raises(BenchError, match="ended with 3: why"):
        run([sys.executable, "-S", "-c", "import sys; sys.stderr.write('why'); sys.exit(3)"])


def test_contenders_take_turns() -> None:
    order: list[str] = []

    def contender(name: str, seconds: float) -> Run:
        order.append(name)
        return Run(seconds, 0.0, 0.0)

    runs = in_turn({"a": lambda: contender("a", len(order)), "b": lambda: contender("b", 1.0)}, 3)
    assert order == ["a", "b"] * 3
    assert middle(runs["a"], wall) == 2  # after 0, 2 and 4 other calls


def test_stages_are_medians_and_one_that_did_not_come_is_nothing() -> None:
    runs = [{"a": 1.0, "b": 5.0}, {"a": 3.0}, {"a": 2.0, "b": 1.0}]
    assert medians(runs) == {"a": 2.0, "b": 1.0}  # of 1, 2, 3 and of 0, 1, 5


def test_the_stages_add_up_and_small_imports_stand_together() -> None:
    shown = stage_table({"imports: numpy": 60.0, "answer": 139.0, "imports: a": 0.6, "imports: b": 0.4})
    assert shown.splitlines()[2:] == [
        "| answer | 139 | 70% |",  # 139 of 200
        "| imports: numpy | 60 | 30% |",
        "| imports: 2 other packages | 1 | 0% |",
        "| all imports | 61 | 30% |",
        "| **whole** | 200 | 100% |",
    ]


def test_without_small_imports_none_are_put_together() -> None:
    assert "other packages" not in stage_table({"imports: numpy": 60.0, "answer": 140.0})
