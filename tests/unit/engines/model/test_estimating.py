import asyncio
from pathlib import Path

import pytest

from assistant.domain.engine import PromptRecord
from assistant.engines.model.cache import ReplyCache
from assistant.engines.model.estimating import Estimate, EstimatingCaller
from assistant.engines.model.memory import Memory
from assistant.engines.model.records import CallRecord, request_key
from assistant.engines.model.replaying import ReplayingCaller
from assistant.engines.model.requests import Message, ModelReply, ModelRequest, Usage
from assistant.engines.model.tokens import reckoned_tokens
from assistant.errors import NotInJournal

from .calls import PROMPT, request

SENDER = {"name": "test:model"}


def test_tokens_are_reckoned_at_four_bytes() -> None:
    # 10 bytes are 3 tokens, "naïve" is 6 bytes and 2 tokens, the schema {"title":"x"} 13 bytes and 4; 4 more for each.
    asked = ModelRequest("", PROMPT, (Message("system", "0123456789"), Message("user", "naïve")), {"title": "x"})
    assert reckoned_tokens(asked) == 3 + 2 + 4 + 3 * 4


def test_an_estimate_counts_each_request_that_would_be_sent_once(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    kept = request(1)
    cache.keep(request_key(kept, SENDER), PROMPT, "kept", 40)
    caller = EstimatingCaller(SENDER, 200, Memory(cache=cache))
    other = ModelRequest("x", PromptRecord("other", "1" * 64), (Message("user", "no earlier reply"),), {})
    replies = [asyncio.run(caller.call(one)) for one in (kept, request(2), request(2), request(3), other)]
    assert [bool(reply.problem) for reply in replies] == [False, True, True, True, True]
    assert replies[0].text == "kept"
    sent = sum(map(reckoned_tokens, (request(2), request(3), other)))
    assert caller.estimate == Estimate(calls=3, cached=2, tokens_in=sent, usual_out=80.0, unknown=1, most_out=600)
    cache.close()


def test_a_replay_knows_what_its_run_was_told_and_nothing_else() -> None:
    failed, mended = ModelReply("", Usage(1), 1.0, problem="500"), ModelReply("reply", Usage(1, 5, 5), 1.0)
    key = request_key(request(1), SENDER)
    records = [CallRecord(key, "rota/draft/01", PROMPT, reply, "") for reply in (failed, mended)]
    caller = ReplayingCaller.of("20260101-extract", SENDER, records)
    assert asyncio.run(caller.call(request(1))) == mended
    with pytest.raises(NotInJournal, match="run 20260101-extract holds no call for rota/draft/02"):
        asyncio.run(caller.call(request(2)))
