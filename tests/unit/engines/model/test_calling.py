import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.engines.model.budget import Budget, Limits
from assistant.engines.model.cache import ReplyCache
from assistant.engines.model.calling import Manners, ModelCaller
from assistant.engines.model.memory import Memory
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage
from assistant.engines.model.retrying import Retrying
from assistant.errors import (
    BudgetSpent,
    KeyRefused,
    ModelFailed,
    ModelUnreachable,
    OfflineError,
    PromptTooLong,
    RateLimited,
    RealistError,
)

from .calls import USAGE, JumpingTime, ListLog, ScriptedSender, request, well


def caller(sender: ScriptedSender, memory: Memory = Memory(), **more: Any) -> ModelCaller:
    more.setdefault("clock", JumpingTime().clock)
    return ModelCaller(sender, memory, **more)


def failing(*errors: RealistError | None) -> ScriptedSender:
    """The first requests fail like this, in turn; all others go well."""

    async def script(request: ModelRequest, before: int) -> str:
        if before < len(errors) and (error := errors[before]) is not None:
            raise error
        return await well(request, before)

    return ScriptedSender(script)


async def all_of(caller: ModelCaller, count: int) -> list[ModelReply | BaseException]:
    return await asyncio.gather(*(caller.call(request(n)) for n in range(count)), return_exceptions=True)


def test_no_more_are_under_way_than_allowed_and_the_first_goes_alone() -> None:
    sender = ScriptedSender()
    alone = []

    async def script(asked: ModelRequest, before: int) -> str:
        alone.append(sender.under_way)
        await asyncio.sleep(0)
        return ""

    sender.script = script
    replies = asyncio.run(all_of(caller(sender, manners=Manners(at_once=5)), 40))
    assert len(replies) == 40 and sender.most == 5 and alone[0] == 1


def test_failures_are_repeated_and_counted() -> None:
    log, time = ListLog(), JumpingTime()
    sender = failing(ModelFailed("500"), ModelFailed("reset"))
    reply = asyncio.run(caller(sender, Memory(log), clock=time.clock).call(request()))
    assert reply.text == "reply to rota/draft/01" and not reply.problem
    assert reply.usage == Usage(calls=3, tokens_in=100, tokens_out=10)
    assert len(time.slept) == 2 and time.slept[0] <= 1.0 <= time.slept[1] <= 2.0
    assert [record.reply for record in log.records] == [reply]


def test_an_endpoint_that_asks_for_a_rest_gets_it_from_everybody() -> None:
    time, begun = JumpingTime(), []
    limited = RateLimited("429")
    limited.retry_after = 20.0

    async def script(asked: ModelRequest, before: int) -> str:
        begun.append(time.time)
        if before == 0:
            raise limited
        return ""

    asyncio.run(all_of(caller(ScriptedSender(script), clock=time.clock), 5))
    assert len(begun) == 6 and begun[0] == 1_000.0 and min(begun[1:]) >= 1_020.0


def test_after_all_tries_a_failure_is_a_reply_with_its_problem() -> None:
    log = ListLog()
    sender = failing(*[ModelFailed("it broke", remedy="Try again later.")] * 9)
    reply = asyncio.run(caller(sender, Memory(log), manners=Manners(retrying=Retrying(tries=4))).call(request()))
    assert reply.problem == "it broke. Try again later." and reply.text == ""
    assert reply.usage == Usage(calls=4) and len(sender.sent) == 4
    assert log.records[0].reply.problem


def test_what_would_fail_again_is_not_repeated() -> None:
    sender = failing(PromptTooLong("8192 tokens"))
    reply = asyncio.run(caller(sender).call(request()))
    assert reply.problem and len(sender.sent) == 1


@pytest.mark.parametrize("error", [KeyRefused("401"), ModelUnreachable("nobody there"), OfflineError("no network")])
def test_what_no_request_escapes_costs_one_request(error: RealistError) -> None:
    sender = failing(*[error] * 99)
    replies = asyncio.run(all_of(caller(sender, manners=Manners(at_once=8)), 30))
    assert len(sender.sent) == 1 and set(map(type, replies)) == {type(error)}


def test_an_endpoint_that_was_reached_before_is_waited_for() -> None:
    sender = failing(None, ModelUnreachable("restarting"))
    replies = asyncio.run(all_of(caller(sender, manners=Manners(at_once=1)), 2))
    assert len(sender.sent) == 3 and not any(isinstance(reply, BaseException) or reply.problem for reply in replies)


def test_when_nothing_succeeds_any_more_no_more_is_sent() -> None:
    sender = failing(None, *[ModelFailed("down")] * 999)
    replies = asyncio.run(all_of(caller(sender, manners=Manners(too_many_failures=10)), 50))
    assert len(sender.sent) <= 14 and sum(isinstance(reply, ModelFailed) for reply in replies) >= 40


def test_equal_requests_are_sent_once(tmp_path: Path) -> None:
    sender, memory = ScriptedSender(), Memory(ListLog(), ReplyCache(tmp_path))
    asking = caller(sender, memory)

    async def work() -> list[ModelReply]:
        both = [request(1, item="a", text="the same"), request(2, item="b", text="the same")]
        return [*await asyncio.gather(*map(asking.call, both)), *await asyncio.gather(*map(asking.call, both))]

    replies = asyncio.run(work())
    assert sender.sent == ["a"] and {reply.text for reply in replies} == {"reply to a"}
    assert [reply.cached for reply in replies] == [False, True, True, True]
    assert sum((reply.usage for reply in replies), Usage()) == USAGE
    assert (asking.tally.asked, asking.tally.finished, asking.tally.cached) == (4, 4, 3)
    memory.cache.close()  # type: ignore[union-attr]


def test_a_later_run_takes_kept_replies_and_writes_them_into_its_own_journal(tmp_path: Path) -> None:
    cache, log = ReplyCache(tmp_path), ListLog()
    first = asyncio.run(caller(ScriptedSender(), Memory(cache=cache)).call(request()))
    second = asyncio.run(caller(failing(KeyRefused("")), Memory(log, cache)).call(request()))
    assert second.text == first.text and second.cached and second.usage == Usage()
    assert [record.reply for record in log.records] == [second]
    sender = ScriptedSender()
    assert not asyncio.run(caller(sender, Memory(cache=cache, use_cache=False)).call(request())).cached
    anew = Memory(ListLog(), cache, anew=frozenset({"rota/draft/01"}))
    for item, sent in (("rota/draft/01", True), ("rota/draft/01/repair", True), ("rota/draft/010", False)):
        sender = ScriptedSender()
        asyncio.run(caller(sender, anew).call(request(1, item=item)))
        assert bool(sender.sent) is sent, item
    cache.close()


def test_failures_are_not_kept_for_later(tmp_path: Path) -> None:
    cache, log = ReplyCache(tmp_path), ListLog()
    memory = Memory(log, cache)
    assert asyncio.run(caller(failing(PromptTooLong("")), memory).call(request())).problem
    assert not asyncio.run(caller(ScriptedSender(), memory).call(request())).problem
    assert [bool(record.reply.problem) for record in log.records] == [True, False]
    cache.close()


def test_other_parameters_are_another_request(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    for temperature in (0.0, 0.7):
        sender = ScriptedSender(identity={"name": "m", "temperature": temperature})
        assert not asyncio.run(caller(sender, Memory(cache=cache)).call(request())).cached
    cache.close()


def test_a_reply_is_written_down_though_nobody_waits_for_it_any_more() -> None:
    log, release = ListLog(), asyncio.Event()

    async def script(asked: ModelRequest, before: int) -> str:
        await release.wait()
        return "paid for"

    async def work() -> None:
        asking = caller(ScriptedSender(script), Memory(log))
        waiting = asyncio.create_task(asking.call(request()))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        release.set()
        await asyncio.sleep(0.01)

    asyncio.run(work())
    assert [record.reply.text for record in log.records] == ["paid for"]


def test_when_the_budget_is_spent_all_that_was_paid_is_written_down() -> None:
    log, sender = ListLog(), ScriptedSender()
    asking = caller(sender, Memory(log), budget=Budget(Limits(calls=7)), manners=Manners(at_once=3))
    replies = asyncio.run(all_of(asking, 20))
    kinds = Counter(type(reply) for reply in replies)
    assert kinds == {ModelReply: 7, BudgetSpent: 13}
    assert len(sender.sent) == 7 == len(log.records) == asking.tally.usage.calls


def test_tries_before_the_budget_was_spent_are_counted() -> None:
    log = ListLog()
    asking = caller(failing(*[ModelFailed("500")] * 9), Memory(log), budget=Budget(Limits(calls=2)))
    (reply,) = asyncio.run(all_of(asking, 1))
    assert isinstance(reply, BudgetSpent) and "2 calls" in str(reply)
    assert asking.tally.usage.calls == 2 and log.records[0].reply.usage.calls == 2 and log.records[0].reply.problem


def test_closing_waits_for_what_was_sent_and_gives_up_what_was_not() -> None:
    log, sent = ListLog(), asyncio.Event()

    async def script(asked: ModelRequest, before: int) -> str:
        if before == 4:
            sent.set()
        await asyncio.sleep(0.02 if before else 0)
        return "paid for"

    async def work() -> tuple[list[str], list[ModelReply | BaseException]]:
        sender = ScriptedSender(script)
        asking = caller(sender, Memory(log), manners=Manners(at_once=4))
        everything = asyncio.create_task(all_of(asking, 50))
        await sent.wait()
        await asking.close()
        return sender.sent, await everything

    sent_items, replies = asyncio.run(work())
    assert len(sent_items) == 5 == len(log.records) == sum(isinstance(reply, ModelReply) for reply in replies)


def test_half_a_surrogate_pair_does_not_stop_the_writing() -> None:
    async def script(asked: ModelRequest, before: int) -> str:
        return "broken \ud83d here"

    log = ListLog()
    asyncio.run(caller(ScriptedSender(script), Memory(log)).call(request()))
    assert log.records[0].reply.text.encode("utf-8") == b"broken ? here"


async def streamed(caller: ModelCaller, asked: ModelRequest) -> tuple[ModelReply, list[str]]:
    pieces = list[str]()
    return await caller.stream(asked, pieces.append), pieces


def test_a_streamed_reply_is_kept_like_any_other() -> None:
    log, sender = ListLog(), ScriptedSender()
    asking = caller(sender, Memory(log))
    reply, pieces = asyncio.run(streamed(asking, request()))
    assert [piece for piece in pieces if piece] == ["reply ", "to ", "rota/draft/01 "]
    assert log.records[0].reply == reply and reply.text == "reply to rota/draft/01 " and reply.usage == USAGE
    again, pieces = asyncio.run(streamed(asking, request()))
    assert pieces == [again.text] == [reply.text] and again.usage == Usage() and len(sender.sent) == 1


@pytest.mark.parametrize(("error", "calls"), [(ModelFailed("broke off"), 1), (OfflineError("a connection"), 0)])
def test_a_stream_that_breaks_off_is_a_failure(error: RealistError, calls: int) -> None:
    log = ListLog()
    asking = caller(failing(error), Memory(log))
    reply, _ = asyncio.run(streamed(asking, request()))
    assert reply.problem and not reply.text and reply.usage == Usage(calls=calls)
    assert log.records[0].reply == reply
    assert asyncio.run(streamed(asking, request()))[0].text


def test_a_stream_that_nobody_waits_for_any_more_is_written_down() -> None:
    log = ListLog()

    def stop(piece: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(caller(ScriptedSender(), Memory(log)).stream(request(), stop))
    assert log.records[0].reply.problem and log.records[0].reply.usage.calls == 1
