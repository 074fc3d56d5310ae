import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import Bibliography, BlockKind, ReadingNote, SourceFile
from assistant.readers.builder import RawBlock, RawStudy, build_study, clean

ESC = "\x1b"


@pytest.mark.parametrize(
    ("dirty", "stored"),
    [
        (f"{ESC}[31mred{ESC}[0m words", "red words"),
        (f"{ESC}[38;5;196mdeep{ESC}[m", "deep"),
        (f"{ESC}[2J{ESC}[Hafter", "after"),
        (f"{ESC}]0;a window's title\x07shown", "shown"),
        (f"{ESC}]8;;http://x.example{ESC}\\link{ESC}]8;;{ESC}\\", "link"),
        (f"{ESC}]0;never ended", "never ended"),
        (f"{ESC}Pq secret{ESC}\\plain", "plain"),
        (f"{ESC}(Bplain", "plain"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x9bword", "word"),
        (f"an escape {ESC} alone", "an escape alone"),
        ("array[31m] stays", "array[31m] stays"),
        ("bell\x07, null\x00, backspace\x08", "bell, null, backspace"),
        ("two\x85lines\u2028and\u2029three", "two lines and three"),
        ("soft\u00adhyphen", "softhyphen"),
        ("left\u202eright\u061c", "leftright"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("cafe\u0301", "café"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_stored_text_controls_nothing(dirty: str, stored: str) -> None:
    assert clean(dirty) == stored


def test_lines_of_a_table_are_kept_and_those_of_a_paragraph_joined() -> None:
    assert clean("a | b\r\n\r\n 1 |  2 ", keep_lines=True) == "a | b\n1 | 2"
    assert clean("a\r\nb\rc\nd") == "a b c d"


@given(st.text())
def test_cleaning_is_idempotent_and_leaves_no_control_character(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in once)
    once.encode()


def test_what_a_file_says_of_itself_is_cleaned_as_well() -> None:
    study = build_study(
        "s",
        SourceFile("s.txt", "", "text"),
        RawStudy(
            [RawBlock(BlockKind.QUOTATION, "We agreed.", speaker=f"{ESC}[1mNurse\x00")],
            Bibliography(title=f"{ESC}[31mA title", authors=("Doe,\tJane", "\x00"), licence="CC\x07 BY"),
            (ReadingNote(f"{ESC}[5mnote"),),
        ),
    )
    assert study.blocks[0].speaker == "Nurse"
    assert study.bibliography == Bibliography(title="A title", authors=("Doe, Jane",), licence="CC BY")
    assert study.notes == (ReadingNote("note"),)
