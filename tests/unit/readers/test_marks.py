import pytest

from assistant.readers.marks import bracketed, superscript
from assistant.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("before", "mark", "shown"),
    [
        ("adulthood", "3", " [3]"),
        ("adulthood.", "3", "[3]"),
        ("over 20 %", "a", " [a]"),
        ("a space ", "1,2", "[1,2]"),
        ("", "a", "[a]"),
    ],
)
def test_a_mark_stands_apart_from_words(before: str, mark: str, shown: str) -> None:
    assert bracketed(before, mark) == shown


@pytest.mark.parametrize(
    ("before", "raised", "shown"),
    [
        ("30 kg/m", "2", "²"),
        ("10", "-6", "⁻⁶"),
        ("(R", "2", "²"),
        ("elsewhere", "2", " [2]"),
        ("elsewhere.", "12", "[12]"),
        ("elsewhere", "1,3–5", " [1,3–5]"),
        ("elsewhere ", "24, 25,", "[24, 25]"),
        ("the 5", "th", "th"),
        ("Brand", "®", "®"),
        ("Brand", "TM", "TM"),
        ("value", "*", "*"),
        ("mean", "a", " [a]"),
        ("0.78", "<.001", " <.001"),
        ("word", "  ", ""),
    ],
)
def test_a_superscript_keeps_its_meaning(before: str, raised: str, shown: str) -> None:
    assert superscript(before, raised) == shown


def test_a_mark_after_a_stop_belongs_to_the_sentence_that_it_follows() -> None:
    text = f"Trust grew slowly.{superscript('slowly.', '3')} Then staff stayed{superscript('stayed', '4')} on."
    assert [span.of(text) for span in sentence_spans(text)] == [
        "Trust grew slowly.[3]",
        "Then staff stayed [4] on.",
    ]
