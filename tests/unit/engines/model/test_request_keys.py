from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.engine import PromptRecord
from assistant.engines.model.records import request_key
from assistant.engines.model.requests import Message, ModelRequest

TEXT = st.text(max_size=20)
MESSAGES = st.lists(st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXT), max_size=4).map(tuple)
REQUESTS = st.builds(
    ModelRequest, TEXT, st.builds(PromptRecord, TEXT, TEXT), MESSAGES, st.dictionaries(TEXT, TEXT, max_size=2)
)
SENDERS = st.fixed_dictionaries({"name": TEXT, "temperature": st.floats(0, 2) | st.just("default")})


def what_counts(request: ModelRequest, sender: dict[str, Any]) -> Any:
    return (request.prompt.hash, request.messages, dict(request.schema), sender)


@given(REQUESTS, SENDERS, REQUESTS, SENDERS)
def test_keys_are_equal_only_where_all_that_counts_is(
    one: ModelRequest, sender: dict[str, Any], other: ModelRequest, other_sender: dict[str, Any]
) -> None:
    same = what_counts(one, sender) == what_counts(other, other_sender)
    assert (request_key(one, sender) == request_key(other, other_sender)) is same


@given(REQUESTS, SENDERS, TEXT)
def test_the_name_of_the_work_does_not_count(request: ModelRequest, sender: dict[str, Any], item: str) -> None:
    assert request_key(request, sender) == request_key(replace(request, item=item), sender)


@given(MESSAGES, MESSAGES)
def test_where_one_message_ends_counts(left: tuple[Message, ...], right: tuple[Message, ...]) -> None:
    assume(left != right)
    base = ModelRequest("", PromptRecord("p", "h"), left, {})
    assert request_key(base, {}) != request_key(replace(base, messages=right), {})


def test_keys_stay_the_same_from_one_version_to_the_next() -> None:
    # Kept replies would be paid for again if this changed without need.
    request = ModelRequest(
        "any", PromptRecord("draft", "ab" * 32), (Message("user", "Naïve — “text”"),), {"b": 1, "a": 2}
    )
    sender = {"temperature": 0.0, "name": "ollama:tester"}
    assert request_key(request, sender) == request_key(
        replace(request, schema={"a": 2, "b": 1}), dict(reversed(sender.items()))
    )
    assert request_key(request, sender).startswith("dbdbc08b8cef1366")
