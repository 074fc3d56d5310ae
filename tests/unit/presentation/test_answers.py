"""An answer printed while it is made reads as one printed at the end."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from assistant.domain.answers import Answer, Citation, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, QuoteStatus, Span
from assistant.presentation.answers import AnswerStream, render_answer

TEXT = "rota:\nThey rested. [1] They traded. [2]\n\ngarden:\nThey walked. [3]"


def answer(text: str = TEXT) -> Answer:
    quote = Quote("They rested", Span(3, 14), QuoteStatus.EXACT)
    return Answer(Question("Why?"), text, (Citation(1, "rota", quote, "Results", 2),), (), EngineRecord("model/1"), 0.1)


def printed(*pieces: str, text: str = TEXT) -> str:
    console = Console(file=io.StringIO(), width=200)
    stream = AnswerStream(console)
    for piece in pieces:
        stream.show(piece)
    stream.finish(answer(text), {})
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def whole(text: str = TEXT) -> str:
    console = Console(file=io.StringIO(), width=200)
    render_answer(answer(text), {}, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (TEXT,),
        ("rota:\nThey rested. [1]", " They traded. [2]"),
        ("rota:\nThey rested. [1]", " They traded. [2]", TEXT[TEXT.index("\n\n") :]),
    ],
)
def test_pieces_and_the_rest_make_the_answer(pieces: tuple[str, ...]) -> None:
    assert printed(*pieces).split() == whole().split()
    assert printed(*pieces).count("\n\n") == whole().count("\n\n")


def test_an_answer_that_begins_otherwise_is_printed_whole() -> None:
    assert printed("Something else.").replace("Something else.", "").strip() == whole().strip()


def test_what_is_missing_is_said() -> None:
    console = Console(file=io.StringIO(), width=200)
    render_answer(replace(answer(), problem="the reply\nbroke off"), {}, console)
    assert "may be incomplete: the reply broke off." in console.file.getvalue()  # type: ignore[attr-defined]


def test_pieces_are_made_safe() -> None:
    assert "\x1b" not in printed("rota:\x1b[2J\nThey", text="rota:\x1b[2J\nThey left.")
