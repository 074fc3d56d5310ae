import pytest

from assistant.text.speakers import is_quotation, speaker_of


@pytest.mark.parametrize(
    ("quotation", "speaker"),
    [
        ("“We met every week.” (Nurse, Site A)", "Nurse, Site A"),
        ("We met every week. [Manager 3]", "Manager 3"),
        ("We met every week (1046).", "1046"),
        ("“We met every week.” – Midwife, rural", "Midwife, rural"),
        ("We met every week. — Chair", "Chair"),
        ("“We met every week.” GP7", "GP7"),
        ("We met every week. GP7 (Rural).", "GP7 (Rural)"),
        ("Interviewer: And who came?", "Interviewer"),
        ("P3: Everyone did.", "P3"),
        ("We met every week. (laughs)", None),
        ("We met every week. (Pause)", None),
        ("We met every week.", None),
        ("We met [all of us].", "all of us"),
        ("Well: it worked", None),
        ("(Nurse)", None),
        ("We met. (" + "word " * 13 + ")", None),
    ],
)
def test_the_label_names_the_speaker(quotation: str, speaker: str | None) -> None:
    assert speaker_of(quotation) == speaker


@pytest.mark.parametrize(
    ("paragraph", "quoted"),
    [
        ("“We met every week”. (P5, women)", True),
        ("'We met every week' (P5)", False),
        ("‘We met every week.’ [Chair]", True),
        ('"We met every week." - Chair, Site B', True),
        ("“We met”, she said, and “we left” (Doe, 2010)", False),
        ("“We met”, said the chair of the group in the first year (Doe, 2010)", False),
        ("“We met every week.”", False),
        ("They met every week (P5).", False),
    ],
)
def test_a_paragraph_of_one_labelled_quotation_is_told(paragraph: str, quoted: bool) -> None:
    assert is_quotation(paragraph) is quoted
