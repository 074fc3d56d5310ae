from __future__ import annotations

from pathlib import Path

import pytest

from assistant.work.progress import Gauge


def made(folder: Path, name: str, size: int) -> Path:
    file = folder / name
    file.write_bytes(b"x" * size)
    return file


def test_what_is_to_come_is_judged_by_files_of_the_same_ending(tmp_path: Path) -> None:
    text, other = made(tmp_path, "a.txt", 400), made(tmp_path, "b.txt", 800)
    scan = made(tmp_path, "c.pdf", 10_000)
    gauge = Gauge()
    gauge.expect([text, other, scan])
    assert gauge.at("a.txt").all_tokens == pytest.approx(11_200 * 0.25)  # nothing read: a quarter token a byte
    gauge.read(text, 200)
    # 200 found; 800 bytes of text at 200/400; the PDF at the rate of all that was read, which is the same.
    assert gauge.at("b.txt").all_tokens == pytest.approx(200 + 400 + 5_000)
    gauge.read(scan, 100)
    assert gauge.at("b.txt").all_tokens == pytest.approx(200 + 100 + 400)


def test_the_end_is_reached_when_all_that_was_read_is_embedded(tmp_path: Path) -> None:
    files = [made(tmp_path, f"{number}.txt", 100) for number in range(3)]
    gauge = Gauge()
    gauge.expect(files)
    gauge.read(files[0], 30)
    gauge.passed(files[1])
    gauge.read(files[2], 10)
    assert gauge.at("0.txt", 30).done_tokens == 30
    last = gauge.at("2.txt", 10)
    assert last.done_tokens == last.all_tokens == 40


def test_unchanged_files_leave_nothing_to_do(tmp_path: Path) -> None:
    file = made(tmp_path, "a.md", 1_000)
    gauge = Gauge()
    gauge.expect([file, tmp_path / "gone.md"])
    gauge.passed(file)
    gauge.passed(tmp_path / "gone.md")
    assert gauge.at("a.md").all_tokens == 0
