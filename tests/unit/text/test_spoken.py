from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.spoken import speaker_at, spoken_words


def found(text: str) -> list[tuple[str, str | None]]:
    return [(spoken.span.of(text), spoken.speaker) for spoken in spoken_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Trust grew: “we could say it now” (Leader, Site A), and “nobody minded” (Nurse 3).",
            [("we could say it now", "Leader, Site A"), ("nobody minded", "Nurse 3")],
        ),
        ('It was slow. "At first we did not dare." [P12]', [("At first we did not dare.", "P12")]),
        (
            "She’d call it ‘a long road, and it wasn’t ours’ (team member).",
            [("a long road, and it wasn’t ours", "team member")],
        ),
        (
            "One put it plainly: “it is the ward’s ‘own’ thing” (Oakdown).",
            [("it is the ward’s ‘own’ thing", "Oakdown")],
        ),
        (
            "“They listened to every one of us” – Mary, ward manager.",
            [("They listened to every one of us", "Mary, ward manager")],
        ),
        ("A nurse said, “we did it because they asked us to”.", [("we did it because they asked us to", None)]),
    ],
)
def test_participants_words_are_found_with_who_speaks(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “soft skills” (UK) were missing.",
        "It is “a change in the reasoning of actors” (Author and Other 2015).",
        "It is “a change in the reasoning of actors” (p. 12) or “something else that they wrote down” [3].",
        "They used “the tool that we describe above” (see Table 2).",
        "A “term” stands alone, and the nurses' views differ.",
        "A mark “that nothing closes (Nurse 3).",
        'The board was 12" wide and 10" high (Site 2).',
        "Most “found the tool easy to use at work” (20/27, 74%), or “easy to use in the team” (n=3).",
        "They used “plans made” (stage 3) where “plans” (MI²) did not do.",
        "",
    ],
)
def test_terms_citations_and_loose_marks_are_not_taken(text: str) -> None:
    assert found(text) == []


def test_spans_refer_to_the_stored_text() -> None:
    text = "“we did” (Nurse 3)"
    stored = f"Before.\n\n{text}"
    (spoken,) = spoken_words(text, stored.index(text))
    assert spoken.span.of(stored) == "we did"


def test_who_speaks_at_a_position() -> None:
    text = "They said “we did it” (Nurse 3) and left."
    assert speaker_at(text, text.index("did")) == "Nurse 3"
    assert speaker_at(text, 0) is None


@given(st.text(alphabet=st.sampled_from('“”‘’"«»() aN3.:—'), max_size=120))
def test_spans_are_in_order_apart_and_inside(text: str) -> None:
    end = 0
    for spoken in spoken_words(text):
        assert end <= spoken.span.start < spoken.span.end <= len(text)
        end = spoken.span.end
