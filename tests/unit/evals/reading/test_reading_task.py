"""The scores of reading, worked by hand on small studies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.domain.study import SectionType, Study
from evals.reading.sections import SectionRow, found_sections, heading_hash
from evals.reading.task import TEXT, TextGold, score_reading, study_json, study_of
from evals.suite.parts import Sample, Score


def test_a_study_survives_being_a_prediction(small_world: dict[str, Study]) -> None:
    study = small_world["garden"]
    again = study_of(study_json(study))
    assert (again.text, again.blocks, again.sections) == (study.text, study.blocks, study.sections)


def test_sections_sentences_and_letters(small_world: dict[str, Study]) -> None:
    study = small_world["garden"]
    rows = found_sections(study)
    gold = TextGold(
        # two letters and a digit more than the study holds
        raw=study.text + "\nxy 7",
        # the last section is of another type, and one more is listed
        sections=(*rows[:-1], replace(rows[-1], type=SectionType.METHODS), SectionRow("0", SectionType.METHODS, 1)),
    )
    found = score_reading(Sample("digests/x", "digests", "garden", None, gold, TEXT), study_json(study))
    assert isinstance(found, Score)
    values = found.values
    assert (values["listed"], values["sections"], values["matched"]) == (len(rows) + 1, len(rows), len(rows))
    assert values["typed"] == len(rows) - 1 and values["levelled"] == len(rows)
    assert values["letters lost"] == 3.0
    assert (values["sentences"], values["broken"]) == (4.0, 0.0)


def test_another_format_is_compared_with_the_reference(small_world: dict[str, Study]) -> None:
    garden, rota = small_world["garden"], small_world["rota"]
    same: Any = score_reading(Sample("d/x", "d", "garden", None, garden, "html"), study_json(garden))
    other: Any = score_reading(Sample("d/x", "d", "garden", None, garden, "html"), study_json(rota))
    assert (same.values["whole"], other.values["whole"]) == (1.0, 0.0)


def test_the_sections_of_the_digests_are_listed() -> None:
    from assistant.shipped import shipped
    from evals.reading.sections import gold_sections

    listed = gold_sections("digests")
    assert sorted(listed) == sorted(path.stem for path in shipped("corpus").glob("*.md"))
    assert all(rows[1] == SectionRow(heading_hash("Abstract"), SectionType.ABSTRACT, 1) for rows in listed.values())
    assert sum(map(len, listed.values())) == 16 + 20 + 18 + 18 + 13
