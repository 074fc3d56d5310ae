from hypothesis import given
from hypothesis import strategies as st

from assistant.presentation.safety import one_line, safe


def test_escape_sequences_go_whole() -> None:
    assert safe("a\x1b[31mred\x1b[0m b\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d") == "ared bcd"
    assert safe("x\x9b31my\u202etxt\x00") == "x31mytxt"
    assert safe("line\n\tnext") == "line\n\tnext"


def test_one_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("a\nb\t c") == "a b c"
    assert one_line("abcdef", 4) == "abc…"


@given(st.text())
def test_nothing_unsafe_is_left(text: str) -> None:
    left = safe(text)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in left)
    assert not set(left) & set("\x1b\x7f\x9b\u202e\u2066")
    assert safe(left) == left
