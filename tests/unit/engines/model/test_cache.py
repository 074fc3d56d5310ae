import subprocess
import sys
from pathlib import Path

import pytest

from assistant.domain.engine import PromptRecord
from assistant.engines.model.cache import FILE, ReplyCache
from assistant.engines.model.records import CallRecord
from assistant.engines.model.requests import ModelReply, Usage
from assistant.errors import StoreError

from .calls import PROMPT

WRITER = """
import sys
from pathlib import Path
from assistant.domain.engine import PromptRecord
from assistant.engines.model.cache import ReplyCache
cache = ReplyCache(Path(sys.argv[1]))
for number in range(300):
    cache.keep(f"{number}", PromptRecord("draft", sys.argv[2]), f"reply {number}", 10)
"""


def test_what_is_kept_is_found_by_the_next_process(tmp_path: Path) -> None:
    first = ReplyCache(tmp_path)
    assert first.find("k") is None
    first.keep("k", PROMPT, "“reply”\n\u2028 {}", 7)
    first.keep("k", PROMPT, "newer", 9)
    first.close()
    again = ReplyCache(tmp_path)
    assert again.find("k") == "newer"
    again.close()


def test_the_usual_length_is_the_mean_over_the_replies_to_a_prompt(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    assert cache.usual_length(PROMPT) is None
    for key, length in (("a", 10), ("b", 20), ("c", 60)):
        cache.keep(key, PROMPT, "", length)
    cache.keep("d", PromptRecord("draft", "another version"), "", 1_000)
    assert cache.usual_length(PROMPT) == 30.0  # (10 + 20 + 60) / 3
    cache.close()


def test_what_a_killed_run_had_only_in_its_journal_is_taken_over(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    cache.keep("known", PROMPT, "newer", 9)
    replies = {"known": ModelReply("older", Usage(), 0.0), "lost": ModelReply("paid for", Usage(1, 5, 7), 0.0)}
    replies["failed"] = ModelReply("", Usage(1), 0.0, problem="500")
    cache.take_over([CallRecord(key, key, PROMPT, reply, "") for key, reply in replies.items()])
    assert [cache.find(key) for key in ("known", "lost", "failed")] == ["newer", "paid for", None]
    cache.close()


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    cache = ReplyCache(tmp_path)
    assert [cache.find(f"{number}") for number in range(300)] == [f"reply {number}" for number in range(300)]
    cache.close()


def test_a_damaged_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database at all, and long enough to be read as a header" * 20)
    with pytest.raises(StoreError, match="delete it"):
        ReplyCache(tmp_path)
