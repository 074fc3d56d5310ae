"""What a neighbouring sentence adds to a claim."""

from __future__ import annotations

from assistant.domain.spans import Span

from .tagging_studies import claims_of, read, roles_of, study_of


def test_this_is_resolved_to_the_sentence_before() -> None:
    study = study_of("Wardens lived on the estate. This led to quicker repairs.")
    (claim,) = claims_of(study)

    assert claim.passage.of(study.text) == "Wardens lived on the estate. This led to quicker repairs."
    assert ("outcome", "quicker repairs") in roles_of(study.text, claim)
    assert "Wardens lived on the estate" in [words for _, words in roles_of(study.text, claim)]


def test_a_full_noun_phrase_keeps_its_own_words() -> None:
    study = study_of("Buses ran twice a day. This lack of transport led to missed appointments.")
    (claim,) = claims_of(study)

    assert claim.passage.start == study.text.index("Buses")
    assert ("context", "This lack of transport") in roles_of(study.text, claim)


def test_a_connective_points_back() -> None:
    found = read("Nobody told the night shift about the change. As a result, handover was skipped for weeks.")

    assert [words for role, words in found[0] if role == "outcome"] == ["handover was skipped for weeks"]
    assert any("night shift" in words for role, words in found[0] if role != "outcome")


def test_nothing_is_taken_from_another_paragraph() -> None:
    study = study_of("Wardens lived on the estate.", "This led to quicker repairs of the lifts.")

    assert all(claim.passage.start == study.text.index("This") for claim in claims_of(study))


def test_the_outcome_before_is_the_antecedent() -> None:
    found = read("The huddle led to mutual trust. This enabled nurses to admit mistakes.")

    assert ("reasoning", "mutual trust") in found[1]
    assert ("outcome", "nurses to admit mistakes") in found[1]


def test_a_long_sentence_before_is_not_marked_whole() -> None:
    long = "The depot " + "opened a further gate on the north side and " * 8 + "closed one."
    study = study_of(f"{long} This led to quicker deliveries of parcels.")

    assert all(len(mark.span) < len(long) for claim in claims_of(study) for mark in claim.marks)


def test_labelled_parts_of_neighbouring_sentences_make_one_claim() -> None:
    study = study_of(
        "Context: the villages had no clinic of their own. Mechanism: mothers trusted the midwife who came. "
        "Outcome: more of them came to the monthly session."
    )
    (claim,) = claims_of(study)

    assert [role for role, _ in roles_of(study.text, claim)] == ["context", "reasoning", "outcome"]
    assert claim.passage == Span(study.text.index("Context:"), len(study.text))


def test_labelled_parts_without_an_outcome_make_none() -> None:
    assert read("Context: the villages had no clinic of their own. Mechanism: mothers trusted the midwife.") == []


def test_a_repeated_label_starts_anew() -> None:
    found = read(
        "Context: the villages had no clinic of their own. Outcome: few mothers came to the session. "
        "Context: the town had three clinics in a row. Outcome: mothers chose the nearest."
    )

    assert len(found) == 2
