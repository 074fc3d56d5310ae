from __future__ import annotations

import pytest

from assistant.tagging.phrases import lead_end, trim

TRIMMED = [
    ("because the ward was full [3, 4].", "the ward was full"),
    ("and a sense of pride (Okoro & Lind, 2011),", "a sense of pride"),
    ("a shared office^{12}", "a shared office"),
    ("keys (and a torch", "keys"),
    ("torch) and keys", "keys"),
    ("“we stayed", "we stayed"),
    ("we stayed’", "we stayed"),
    ("the tenants’", "the tenants’"),
]


@pytest.mark.parametrize(("text", "words"), TRIMMED)
def test_ends_are_trimmed(text: str, words: str) -> None:
    run = trim(text, 0, len(text))

    assert run is not None and run.of(text) == words


@pytest.mark.parametrize("text", ["", " , ; ", "and which that", "[12]"])
def test_nothing_is_left_of_what_holds_no_words(text: str) -> None:
    assert trim(text, 0, len(text)) is None


def test_auxiliaries_go_only_before_a_cue() -> None:
    text = "the rota may also have"

    assert trim(text, 0, len(text), cue_follows=True).of(text) == "the rota"  # type: ignore[union-attr]
    assert trim(text, 0, len(text)).of(text) == text  # type: ignore[union-attr]


LEADS = [
    ("However, the rota failed.", "the rota failed."),
    ("Participants reported that the rota failed.", "the rota failed."),
    ("(ii) It was clear that rotas fail.", "rotas fail."),
    ("Conclusions: the rota failed.", "the rota failed."),
    ("Because of this, it failed.", "Because of this, it failed."),
]


@pytest.mark.parametrize(("text", "rest"), LEADS)
def test_a_sentence_begins_after_its_lead(text: str, rest: str) -> None:
    assert text[lead_end(text) :] == rest
