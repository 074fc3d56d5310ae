"""Statements read as sentences whatever form their spans have."""

from __future__ import annotations

import pytest

from assistant.domain.cmo import Role
from assistant.tagging.directions import Direction, Way
from assistant.tagging.forms import Form, form_of
from assistant.tagging.statements import statement

C, RS, RE, O = Role.CONTEXT, Role.RESOURCE, Role.REASONING, Role.OUTCOME  # noqa: E741

FORMS = [
    ("they trusted the nurse", Form.CLAUSE),
    ("staff were tired", Form.CLAUSE),
    ("lack of time", Form.NOUN),
    ("being listened to", Form.NOUN),
    ("women who had moved house", Form.NOUN),
    ("staff to reflect on practice", Form.INFINITIVE),
    ("them to relax", Form.INFINITIVE),
    ("feel safe at work", Form.BARE),
    ("them feel safe", Form.BARE),
    ("reduced the chance of meeting", Form.PREDICATE),
    ("encourage visits at night", Form.PREDICATE),
    ("enabling work", Form.NOUN),
    ("access to the clinic", Form.NOUN),
    ("", Form.NOUN),
]


@pytest.mark.parametrize(("phrase", "form"), FORMS)
def test_the_form_of_a_phrase(phrase: str, form: Form) -> None:
    assert form_of(phrase) is form


STATEMENTS = [
    (
        {C: ["teams were stable"], RS: ["the weekly huddle"], RE: ["they felt safe"], O: ["staff spoke up"]},
        "Where teams were stable, staff spoke up, because they felt safe (resource: the weekly huddle).",
    ),
    ({C: ["lack of time"], O: ["visits were hurried"]}, "Given lack of time, visits were hurried."),
    ({RS: ["the helpline"], O: ["earlier diagnosis"]}, "The outcome is earlier diagnosis, through the helpline."),
    ({RE: ["fear of blame"], O: ["silence"]}, "The outcome is silence, because of fear of blame."),
    (
        {RS: ["the radio"], O: ["them to share the load"]},
        "The outcome is “them to share the load”, through the radio.",
    ),
    ({C: ["without a manager"], O: ["people left"]}, "Without a manager, people left."),
    ({C: ["within the north depot"], O: ["people left"]}, "Within the north depot, people left."),
    ({C: ["when it snowed"], O: ["people left"]}, "When it snowed, people left."),
    ({C: ["in-house stores"], O: ["people left"]}, "Given in-house stores, people left."),
    (
        {C: ["families with young children"], O: ["the offer was refused"]},
        "For families with young children, the offer was refused.",
    ),
    ({C: ["working at night"], O: ["they were tired"]}, "Given working at night, they were tired."),
    (
        {RE: ["let crews see it their own way"], O: ["gave them the quiet they asked for"]},
        "The outcome is “gave them the quiet they asked for”, because of “let crews see it their own way”.",
    ),
    ({C: ["trust in the rota"], O: ["people left"]}, "Given trust in the rota, people left."),
    (
        {RS: ["the rota"], O: ["hindered contact between teams"]},
        "The outcome is “hindered contact between teams”, through the rota.",
    ),
    (
        {RS: ["the rota"], O: ["hinder contact between teams"]},
        "The outcome is “hinder contact between teams”, through the rota.",
    ),
    ({RS: ["doors were open"], O: ["people came in"]}, "People came in, because doors were open."),
    ({RE: ["motivated stewards"], O: ["greet every visitor"]}, None),
    ({RE: ["feel at home"], O: ["they stayed"]}, "They stayed, because of “feel at home”."),
    ({RE: ["them feel at home"], O: ["they stayed"]}, "They stayed, because of “them feel at home”."),
    ({RE: ["staff to speak up"], O: ["errors fell"]}, None),
    ({O: ["feel safe at work"], RS: ["a lock"]}, "The outcome is “feel safe at work”, through a lock."),
    ({O: ["them feel safe"], RS: ["a lock"]}, "The outcome is “them feel safe”, through a lock."),
    (
        {C: ["a", "b"], O: ["it was cold", "it was wet", "it was dark"]},
        "Given a and b, it was cold, it was wet and it was dark.",
    ),
    ({}, ""),
]


@pytest.mark.parametrize(("spans", "expected"), STATEMENTS)
def test_a_statement_joins_its_spans(spans: dict[Role, list[str]], expected: str | None) -> None:
    built = statement(spans)
    if expected is None:
        assert built.endswith(".") and built[0].isupper()
    else:
        assert built == expected


WAYS = [
    ("visits", Direction(Way.HELD_BACK), "The outcome held back is visits, through the rota."),
    ("visits", Direction(Way.FAILS), "The outcome that fails to come is visits, through the rota."),
    ("visits", Direction(Way.AFFECTED), "The outcome affected is visits, through the rota."),
    ("visits", Direction(hedged=True), "The outcome may be visits, through the rota."),
    ("visits", Direction(Way.HELD_BACK, hedged=True), "The outcome held back may be visits, through the rota."),
    ("visits were short", Direction(hedged=True), "Perhaps visits were short, through the rota."),
    (
        "visits were short",
        Direction(Way.FAILS),
        "The outcome that fails to come is “visits were short”, through the rota.",
    ),
    ("prompt visits", Direction(verbal=True), "The outcome is “prompt visits”, through the rota."),
    ("talk to a friend", Direction(hedged=True), "The outcome may be “talk to a friend”, through the rota."),
]


@pytest.mark.parametrize(("outcome", "direction", "expected"), WAYS)
def test_a_statement_keeps_the_way_that_an_outcome_is_taken(outcome: str, direction: Direction, expected: str) -> None:
    assert statement({RS: ["the rota"], O: [outcome]}, directions=[direction]) == expected


def test_each_outcome_has_its_own_way() -> None:
    spans = {RS: ["the rota"], O: ["earlier visits", "sleep"]}

    assert statement(spans, directions=[Direction(), Direction(Way.HELD_BACK)]) == (
        "The outcome is earlier visits and the outcome held back is sleep, through the rota."
    )


def test_names_and_acronyms_keep_their_capitals() -> None:
    spans = {C: ["NHS funding"], RS: ["Leeds council"], O: ["I went back, "]}

    assert statement(spans, lambda word: word != "Leeds") == "Given NHS funding, I went back, through Leeds council."
