"""Statements read as sentences whatever form their spans have."""

from __future__ import annotations

import pytest

from assistant.domain.cmo import Role
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
    (
        {C: ["families with young children"], O: ["the offer was refused"]},
        "For families with young children, the offer was refused.",
    ),
    ({C: ["working at night"], O: ["they were tired"]}, "Given working at night, they were tired."),
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


def test_names_and_acronyms_keep_their_capitals() -> None:
    spans = {C: ["NHS funding"], RS: ["Leeds council"], O: ["I went back, "]}

    assert statement(spans, lambda word: word != "Leeds") == "Given NHS funding, I went back, through Leeds council."
