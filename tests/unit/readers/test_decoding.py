from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UnsupportedFormat
from assistant.readers.decoding import decode


@pytest.mark.parametrize(
    "data",
    [
        "Ward – 3 µg".encode(),
        "Ward – 3 µg".encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + "Ward – 3 µg".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Ward – 3 µg".encode("utf-16-be"),
        "Ward – 3 µg".encode("utf-32"),
    ],
)
def test_reads_unicode_encodings_without_a_note(data: bytes) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.notes) == ("Ward – 3 µg", ())


def test_reads_windows_text_and_says_so() -> None:
    decoded = decode("The ward’s caf\u00e9".encode("cp1252"))
    assert decoded.text == "The ward’s café"
    assert "Windows-1252" in decoded.notes[0].message


def test_counts_what_windows_does_not_know() -> None:
    decoded = decode(b"caf\xe9 \x81 ward \x8d")
    assert decoded.text.count("\ufffd") == 2
    assert "2 bytes" in decoded.notes[0].message


def test_counts_broken_places_of_a_text_that_is_utf8_otherwise() -> None:
    decoded = decode("The ward’s café and the ward’s stairs ".encode() * 3 + b"\xff end")
    assert decoded.text.startswith("The ward’s café") and decoded.text.endswith("\ufffd end")
    assert "1 place was" in decoded.notes[0].message


def test_a_replacement_character_of_the_source_is_not_counted() -> None:
    assert decode("\ufffd item".encode()).notes == ()


@pytest.mark.parametrize("data", [b"%PDF\x00\x00\x00\x01" * 50, bytes(range(1, 9)) * 100])
def test_refuses_what_is_no_text(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat) as refused:
        decode(data)
    assert refused.value.remedy


@given(st.text())
def test_round_trips_utf8(text: str) -> None:
    data = text.encode("utf-8-sig")
    assert decode(data).text == text


@given(st.binary(max_size=200))
def test_reads_or_refuses_any_bytes(data: bytes) -> None:
    try:
        assert isinstance(decode(data).text, str)
    except UnsupportedFormat:
        pass
