"""What is understood of a reply, however a model wraps, breaks or decorates it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import Level, Polarity
from assistant.engines.model.parsing import Reading, read_followup, read_items
from assistant.engines.model.replies import CLAIMS, CONFIGURATIONS, LINKS, Certainty, StatedClaim

from .scripted import configuration


def claim(text: str, quote: str = "they felt safe", passage: str = "P1") -> dict[str, Any]:
    return {"text": text, "support": [{"passage": passage, "quote": quote}]}


def reply(*texts: str) -> str:
    return json.dumps({"abstain": None, "claims": [claim(text) for text in texts]})


def texts(reading: Reading[StatedClaim]) -> list[str]:
    return [item.text for item in reading.items]


@pytest.mark.parametrize(
    "wrapped",
    [
        "WHOLE",
        "  \nWHOLE\n ",
        "```json\nWHOLE\n```",
        "```\nWHOLE\n```",
        "Here is the answer:\n\n```json\nWHOLE\n```\nI hope that it helps [1].",
        "Sure! As [P1] says: WHOLE Anything else?",
        '<think>They ask why. {"claims": [{}]} would be wrong.</think>\nWHOLE',
        'They want claims: {"claims": []}, so\n</think>\n\nWHOLE',
        "<thinking>a</thinking><thinking>b {</thinking>WHOLE",
        '{"reply": WHOLE}',
        '{"claims": []}\nNo, better:\nWHOLE',
        "WHOLE\nWHOLE",
    ],
)
def test_what_stands_around_a_reply_is_passed_over(wrapped: str) -> None:
    reading = read_items(wrapped.replace("WHOLE", reply("One.", "Two.")), CLAIMS)
    assert texts(reading) == ["One.", "Two."]
    assert reading.usable and not reading.cut and not reading.lost


NO_REPLY = ["", "   ", "I can't help with that.", "<think>hm", "null", "42", '"claims"', "[1, 2]", '{"a": 1}']
TOO_DEEP = ["[" * 50_000, "{" * 50_000, '{"a":' * 20_000, "```json\n```"]


@pytest.mark.parametrize("text", [*NO_REPLY, *TOO_DEEP])
def test_what_holds_no_reply_is_not_usable(text: str) -> None:
    assert not read_items(text, CLAIMS).usable


def test_a_thought_that_never_ends_is_no_reply() -> None:
    assert not read_items(f"<think>Perhaps {reply('One.')}", CLAIMS).usable


@pytest.mark.parametrize("end", range(len(reply("One.", "Two.", "Three.")) + 1))
def test_of_a_reply_that_was_cut_off_the_complete_items_are_kept(end: int) -> None:
    whole = reply("One.", "Two.", "Three.")
    reading = read_items(whole[:end], CLAIMS)

    complete = [
        text
        for text in ("One.", "Two.", "Three.")
        if end >= whole.index(json.dumps(claim(text))) + len(json.dumps(claim(text)))
    ]
    assert texts(reading) == complete
    assert all(item.support[0].quote == "they felt safe" for item in reading.items)
    assert reading.cut or not reading.usable or end == len(whole)


def test_a_configuration_cut_off_before_its_last_field_is_not_kept() -> None:
    whole = json.dumps({"configurations": [configuration(), configuration(context=[])]})
    for end in range(whole.index('"certainty"') + 1, whole.rindex('"certainty"')):
        assert len(read_items(whole[:end], CONFIGURATIONS).items) <= 1


ONE, TWO = reply("One."), reply("Two.")
ITEMS = [json.dumps(claim(text)) for text in ("One.", "Two.")]


@pytest.mark.parametrize(
    "text",
    [
        ONE + TWO,
        f"{ONE}\n{TWO}",
        f"{ONE}, {TWO}",
        "".join(ITEMS),
        "\n".join(ITEMS),
        "```json\n{}\n{}\n```".format(*ITEMS),
        f"```json\n{ONE}\n```\n\n```json\n{TWO}\n```",
        json.dumps({"claims": f"[{', '.join(ITEMS)}]"}),
        json.dumps({"claims": "\n".join(ITEMS)}),
        json.dumps(reply("One.", "Two.")),
        f"No. {reply('Three.')} Rather: {ONE}{TWO}",
    ],
)
def test_a_reply_in_pieces_is_read_whole(text: str) -> None:
    reading = read_items(text, CLAIMS)
    assert texts(reading) == ["One.", "Two."]
    assert not reading.lost and not reading.cut


def test_many_pieces_are_read_whole_whatever_their_size() -> None:
    words = [f"Claim {number}." for number in range(100)]
    assert texts(read_items(reply(*words[:40]) + "".join(map(reply, words[40:])), CLAIMS)) == words


@pytest.mark.parametrize("end", range(1, len(TWO)))
def test_pieces_whose_last_is_cut_off_are_known_as_cut(end: int) -> None:
    reading = read_items(ONE + TWO[:end], CLAIMS)
    assert reading.cut and texts(reading) in (["One."], ["One.", "Two."])


def test_a_piece_that_lacks_a_key_is_counted() -> None:
    untold = json.dumps({"support": claim("")["support"]})
    reading = read_items(f"{ITEMS[0]}\n{untold}", CLAIMS)
    assert texts(reading) == ["One."] and len(reading.lost) == 1


def test_one_item_for_a_list_is_a_list_of_one() -> None:
    assert texts(read_items(json.dumps({"claims": claim("One.")}), CLAIMS)) == ["One."]


@pytest.mark.parametrize("value", ['"none"', '"[{cut"', "3", '"[{\\"text\\": \\"One"'])
def test_what_is_no_list_is_not_taken_for_an_empty_one(value: str) -> None:
    reading = read_items(f'{{"abstain": null, "claims": {value}}}', CLAIMS)
    assert not reading.items and (not reading.usable or reading.cut)


@pytest.mark.parametrize(
    "text",
    [
        "{'abstain': None, 'claims': [{'text': 'One.', 'support': [{'passage': 'P1', 'quote': 'they felt safe'}]}]}",
        '{"claims": [{"text": "One.", "support": [{"passage": "P1", "quote": "they felt safe"},]},]}',
        '{claims: [{text: "One.", support: [{passage: "P1", quote: "they felt safe"}]}]}',
        '{"claims": [{"text": "One.", // the first\n "support": [{"passage": "P1", "quote": "they felt safe"}]}]}',
        '{"claims": [{"text": "One.", "support": {"passage": "P1", "quote": "they felt safe"}}]}',
        '{"claims": [{"text": "One.", "passage": "P1", "quote": "they felt safe"}]}',
        '{"claims": [{"text": "One.", "why": 1, "support": [{"passage": "P1", "quote": "they felt safe", "x": 2}]}]}',
        '{"Answer": [{"Text": "One.", "Support": [{"passage": "P1", "quote": "they felt safe"}]}]}',
        '[{"text": "One.", "support": [{"passage": "P1", "quote": "they felt safe"}]}]',
        '{"text": "One.", "support": [{"passage": "P1", "quote": "they felt safe"}]}',
    ],
)
def test_small_breaches_of_the_form_are_mended(text: str) -> None:
    (only,) = read_items(text, CLAIMS).items
    assert only == StatedClaim.model_validate(claim("One."))


def test_quotation_marks_inside_a_quote_are_mended() -> None:
    support = '{"passage": "P1", "quote": "he said "stop" twice"}'
    broken = f'{{"abstain": null, "claims": [{{"text": "One.", "support": [{support}]}}]}}'
    (only,) = read_items(broken, CLAIMS).items
    assert only.support[0].quote == 'he said "stop" twice'


def test_an_item_that_can_not_be_mended_is_counted_and_the_others_stay() -> None:
    entries = [claim("One."), {"text": 3, "support": []}, "two", {"support": []}, claim("Four.")]
    reading = read_items(json.dumps({"abstain": None, "claims": entries}), CLAIMS)
    assert texts(reading) == ["One.", "Four."]
    assert len(reading.lost) == 3 and reading.usable and not reading.cut


def test_an_item_given_twice_is_one() -> None:
    assert texts(read_items(reply("One.", "Two.", "One."), CLAIMS)) == ["One.", "Two."]


def test_the_rest_of_a_reply_is_kept() -> None:
    reading = read_items('{"abstain": "no_evidence"}', CLAIMS)
    assert reading.usable and not reading.items and reading.rest == {"abstain": "no_evidence"}
    assert read_items('{"abstain": "no_evidence", "claims": null}', CLAIMS).rest == {"abstain": "no_evidence"}


def test_no_configuration_is_a_reply() -> None:
    for text in ('{"configurations": []}', "[]"):
        assert read_items(text, CONFIGURATIONS).usable


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("finding", "enabling", "high"), (Level.FINDING, Polarity.ENABLING, Certainty.HIGH)),
        (("Hypothesis ", "CONSTRAINING", "Low"), (Level.HYPOTHESIS, Polarity.CONSTRAINING, Certainty.LOW)),
        (("quotation", "negative", "very_high"), (Level.QUOTE, Polarity.CONSTRAINING, Certainty.HIGH)),
        (("literature", "both", None), (Level.BACKGROUND, Polarity.MIXED, Certainty.LOW)),
        (("anecdote", 7, 0.9), (Level.FINDING, Polarity.MIXED, Certainty.LOW)),
    ],
)
def test_variants_of_a_value_are_taken_by_stated_rules(said: tuple[Any, ...], meant: tuple[Any, ...]) -> None:
    entry = configuration(**dict(zip(("level", "polarity", "certainty"), said, strict=True)))
    (only,) = read_items(json.dumps({"configurations": [entry]}), CONFIGURATIONS).items
    assert (only.level, only.polarity, only.certainty) == meant


@pytest.mark.parametrize(
    ("mechanism", "resource", "reasoning"),
    [
        ({"resource": "the huddle", "reasoning": ["they felt safe"]}, ["the huddle"], ["they felt safe"]),
        ("they felt safe", [], ["they felt safe"]),
        (["they felt safe", " "], [], ["they felt safe"]),
        (None, [], []),
    ],
)
def test_a_mechanism_in_one_piece_is_split_or_reasoning(
    mechanism: Any, resource: list[str], reasoning: list[str]
) -> None:
    entry = configuration(mechanism=mechanism)
    del entry["resource"], entry["reasoning"]
    (only,) = read_items(json.dumps({"configurations": [entry]}), CONFIGURATIONS).items
    assert (only.resource, only.reasoning) == (resource, reasoning)


def test_an_unknown_relation_is_refused() -> None:
    links = [
        {"configuration": "C1", "statement": "T1", "relation": word, "reason": "r"} for word in ("Supports", "mirrors")
    ]
    reading = read_items(json.dumps({"links": links}), LINKS)
    assert [item.relation.value for item in reading.items] == ["supports"] and len(reading.lost) == 1


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ('{"standalone": " Why? "}', "Why?"),
        ('<think>hm</think>```json\n{"standalone": "Why?"}\n```', "Why?"),
        ('{"standalone": "Why', ""),
        ('{"standalone": 3}', ""),
        ('{"standalone": "Why?", "more": 1}', ""),
        ("Why?", ""),
    ],
)
def test_a_follow_up_is_read(text: str, question: str) -> None:
    assert read_followup(text) == question


@pytest.mark.parametrize(
    "piece", ["<think>", "</think>", "a ", "``` ", "```\n", "[ ", '"a" ', "{a ", "\\", "[]", '{"a":1}']
)
def test_long_nonsense_is_given_up_soon(piece: str) -> None:
    began = time.process_time()
    for text in (piece * 20_000, f'Well: {{"claims": [{piece * 20_000}'):
        read_items(text, CLAIMS)
    assert time.process_time() - began < 10


KEYS = ["claims", "text", "support", "passage", "quote", "abstain", "x"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.text() | json_values.map(json.dumps) | st.text(alphabet='{}[]",:\\ \n`<think>/claims') | json_values.map(repr)
)
def test_nothing_breaks_the_parser(text: str) -> None:
    for form in (CLAIMS, CONFIGURATIONS, LINKS):
        reading = read_items(text, form)
        assert reading.usable or not (reading.items or reading.lost or reading.cut)
    assert isinstance(read_followup(text), str)


@given(st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=5), st.data())
def test_any_beginning_of_a_reply_gives_the_first_of_its_items(words: list[str], data: st.DataObject) -> None:
    whole = json.dumps(
        {"abstain": None, "claims": [claim(word) for word in words]}, ensure_ascii=data.draw(st.booleans())
    )
    part = read_items(whole[: data.draw(st.integers(0, len(whole)))], CLAIMS)
    assert texts(part) == words[: len(part.items)]
    assert texts(read_items(whole, CLAIMS)) == words
