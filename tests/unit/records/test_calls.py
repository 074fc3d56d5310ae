import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.engine import PromptRecord
from assistant.engines.model.records import CallRecord
from assistant.engines.model.requests import ModelReply, Usage
from assistant.errors import StoreNotWritable
from assistant.records import calls
from assistant.records.calls import FILE, CallJournal, read_calls


def record(number: int, text: str = "reply", problem: str = "") -> CallRecord:
    reply = ModelReply(text, Usage(1, 10, number), 0.25, problem=problem)
    return CallRecord(f"key{number}", f"rota/draft/{number:02}", PromptRecord("draft", "ff"), reply, "2026-01-01")


def written(folder: Path, *records: CallRecord) -> CallJournal:
    async def work() -> CallJournal:
        journal = CallJournal(folder)
        await asyncio.gather(*map(journal.add, records))
        return journal

    return asyncio.run(work())


def test_what_is_written_is_found_by_whoever_opens_the_run_again(tmp_path: Path) -> None:
    records = [record(1, "line\u2028feed\n“ü”"), record(2, "", problem="failed"), record(3)]
    journal = written(tmp_path, *records)
    assert [journal.find(one.key) for one in records] == records
    assert list(read_calls(tmp_path)) == records
    assert CallJournal(tmp_path).find("key2") == records[1] and CallJournal(tmp_path).find("key9") is None


@given(st.data())
def test_a_line_cut_short_anywhere_costs_only_itself(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    records = [record(number, data.draw(st.text(max_size=30), label=f"text {number}")) for number in range(3)]
    written(folder, *records)
    whole = (folder / FILE).read_bytes()
    ends = [0, *(place + 1 for place, byte in enumerate(whole) if byte == 0x0A)]
    cut = data.draw(st.integers(0, len(whole)), label="cut")
    (folder / FILE).write_bytes(whole[:cut])
    left = sum(end <= cut for end in ends[1:])
    assert list(read_calls(folder)) == records[:left]
    written(folder, record(9))
    assert list(read_calls(folder)) == [*records[:left], record(9)]


def test_those_that_finish_while_the_disk_is_busy_are_written_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    kept = calls.append_lines
    monkeypatch.setattr(calls, "append_lines", lambda file, lines: (batches.append(len(lines)), kept(file, lines)))
    written(tmp_path, *map(record, range(50)))
    assert sum(batches) == 50 and len(batches) < 10
    assert [json.loads(line)["item"] for line in (tmp_path / FILE).read_text().splitlines()] == [
        f"rota/draft/{number:02}" for number in range(50)
    ]


def test_nothing_counts_as_kept_that_the_disk_did_not_take(tmp_path: Path) -> None:
    journal = written(tmp_path)
    (tmp_path / FILE).mkdir()

    async def work() -> list[BaseException | None]:
        return await asyncio.gather(*(journal.add(record(number)) for number in range(3)), return_exceptions=True)

    assert {type(one) for one in asyncio.run(work())} == {StoreNotWritable}
    assert journal.find("key0") is None
