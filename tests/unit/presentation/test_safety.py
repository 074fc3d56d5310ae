import io
import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from assistant.domain.answers import Answer, Citation, Question
from assistant.domain.engine import EngineRecord
from assistant.domain.spans import Quote, QuoteStatus
from assistant.presentation.answers import answer_markdown, render_answer
from assistant.presentation.safety import json_text, markdown, one_line, safe

HOSTILE = (
    "[bold red]x[/] [link=https://evil.example]l[/link] :skull: <script>alert(1)</script> "
    "![i](https://evil.example/p) \x1b[31mred\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\ "
    "\x1b]52;c;cm0=\x07 \x9b2J a\u202eb\u200bc\U000e0041"
)
"""What a study, or a model that obeyed one, may hold."""
HIDDEN = set("\x1b\x7f\x85\x9b\u00ad\u061c\u115f\u200b\u200e\u202e\u2028\u2060\u2066\u3164\ufe0f\ufeff\ufff9\U000e0041")


def test_escape_sequences_go_whole() -> None:
    assert safe("a\x1b[31mred\x1b[0m b\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d") == "ared bcd"
    assert safe("a\x1bPq#0;2\x1b\\b\x1b_app\x1b\\c\x1b^pm\x1b\\d") == "abcd"
    assert safe("x\x9b31my\u202etxt\x00") == "x31mytxt"
    assert safe("line\n\tnext") == "line\n\tnext"


def test_what_is_taken_out_does_not_join_what_it_kept_apart() -> None:
    assert safe("\x1b\u200b[31mred") == "[31mred"
    assert safe("\x1b\x1b[31m[2Jred") == "[2Jred"


@pytest.mark.parametrize("hidden", sorted(HIDDEN - {"\u2028"}))
def test_hidden_characters_go(hidden: str) -> None:
    assert safe(f"dis{hidden}trust") == "distrust"


def test_joiners_stay_where_scripts_need_them() -> None:
    persian, devanagari = "می\u200cخواهم", "क्\u200dष"
    assert safe(persian) == persian and safe(devanagari) == devanagari
    assert safe("a\u200cb \u200d\u200c\u200d") == "ab "


def test_lines_and_broken_characters() -> None:
    assert safe("a\r\nb\u2028c\u2029d") == "a\nb\nc\nd"
    assert safe("rubbed\rout") == "rubbedout"
    assert safe("\ud83d") == "\ufffd"


def test_one_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("a\nb\t c") == "a b c"
    assert one_line("abcdef", 4) == "abc…"


anything = st.text(st.characters() | st.sampled_from(sorted(HIDDEN | set("[]8;m\u200d\ud800"))))


@given(anything)
@example("\x1b\x1b[m[m")
def test_nothing_unsafe_is_left(text: str) -> None:
    left = safe(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in left)
    assert not set(left) & HIDDEN
    assert safe(left) == left


@given(st.recursive(anything, lambda inner: st.lists(inner) | st.dictionaries(anything, inner)))
def test_json_reads_back_the_same_and_holds_nothing_raw(value: object) -> None:
    for indent in (None, 2):
        written = json_text(value, indent=indent)
        assert json.loads(written) == value
        assert not set(written) & HIDDEN and safe(written) == written
        written.encode()


def test_json_stays_readable() -> None:
    assert json_text({"quote": "naïve – “quoted”\u202e"}) == '{"quote": "naïve – “quoted”\\u202e"}'


@given(st.text(st.sampled_from("ab1.)#*_-+=<>[]()!`~|\\&;:/ \nw@$")))
@example("a\n---\n1. b\n\n    c\n\n<b>\n|a|\n|-|\n")
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {"text", "text_special", "softbreak", "hardbreak"}
    assert "".join(child.content for child in inner).split() == text.split() or "\n" in text


def test_addresses_in_markdown_are_no_links() -> None:
    assert (
        markdown("see https://evil.example and WWW.evil.example") == "see https\\://evil.example and WWW\\.evil.example"
    )


def answer(text: str) -> Answer:
    citation = Citation(1, "rota", Quote(text, None, QuoteStatus.NOT_FOUND), text, None)
    return Answer(Question(text), text, (citation,), (), EngineRecord("model/1"), 0.1)


def test_an_answer_is_printed_letter_by_letter() -> None:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=400, markup=False, emoji=False
    )
    render_answer(answer(HOSTILE), {"rota": HOSTILE}, console)
    printed = console.file.getvalue()
    assert "\x1b]" not in printed and "\x1b[31m" not in printed and not set(printed) & (HIDDEN - {"\x1b"})
    assert printed.count("[bold red]x[/] [link=https://evil.example]l[/link] :skull: <script>") >= 3


def test_an_answer_in_markdown_holds_no_markup() -> None:
    written = answer_markdown(answer(HOSTILE), {"rota": HOSTILE})
    html = MarkdownIt("commonmark", {"html": True}).render(written)
    assert not any(tag in html for tag in ("<script", "<img", "<a ", "<strong"))
    assert "<h2>" in html and "<li>" in html and "<blockquote>" in html
    assert not set(written) & HIDDEN
