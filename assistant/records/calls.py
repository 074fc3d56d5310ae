"""The journal of a run's calls to a chat model: one line a finished piece of work, with the raw reply.

A run that was killed goes on from it without asking again, and a finished one can be replayed from it without the
model. Calls that finish while the disk is busy are written together, so that many at once wait for it as little as
one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.domain.engine import PromptRecord
from assistant.engines.model.records import CallRecord
from assistant.engines.model.requests import ModelReply, Usage
from assistant.records.lines import append_lines, drop_torn_line, read_lines

FILE = "calls.jsonl"


class CallJournal:
    """The calls of one run, whose lock the caller holds.

    Args:
        folder: The run's.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        drop_torn_line(self._file)
        self._records = {record.key: record for record in read_calls(folder)}
        self._unwritten: list[CallRecord] = []
        self._disk = asyncio.Lock()

    @property
    def records(self) -> Collection[CallRecord]:
        """The last record under each key."""
        return self._records.values()

    def find(self, key: str) -> CallRecord | None:
        """The last record under ``key``; None if there is none."""
        return self._records.get(key)

    async def add(self, record: CallRecord) -> None:
        """Writes ``record`` down and waits until the disk has it.

        Raises:
            StoreNotWritable: If the disk does not take it.
        """
        self._unwritten.append(record)
        async with self._disk:
            # Whoever had the disk before may have written this one too.
            if self._unwritten:
                batch = tuple(self._unwritten)
                await asyncio.to_thread(append_lines, self._file, [_line(one) for one in batch])
                del self._unwritten[: len(batch)]
        self._records[record.key] = record


def read_calls(folder: Path) -> Iterator[CallRecord]:
    """The calls in a run's folder, in the order in which they finished; changes nothing."""
    return map(_record, read_lines(folder / FILE))


def _line(record: CallRecord) -> dict[str, Any]:
    reply = record.reply
    return {
        "item": record.item,
        "key": record.key,
        "prompt": {"id": record.prompt.id, "hash": record.prompt.hash},
        "calls": reply.usage.calls,
        "tokens_in": reply.usage.tokens_in,
        "tokens_out": reply.usage.tokens_out,
        "cached": reply.cached,
        "seconds": round(reply.seconds, 3),
        "finished": record.finished,
        "problem": reply.problem,
        "text": reply.text,
    }


def _record(line: Mapping[str, Any]) -> CallRecord:
    usage = Usage(line["calls"], line["tokens_in"], line["tokens_out"])
    return CallRecord(
        key=line["key"],
        item=line["item"],
        prompt=PromptRecord(line["prompt"]["id"], line["prompt"]["hash"]),
        reply=ModelReply(line["text"], usage, line["seconds"], line["cached"], line["problem"]),
        finished=line["finished"],
    )
