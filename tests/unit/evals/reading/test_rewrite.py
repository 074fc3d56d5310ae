from __future__ import annotations

import pytest

from assistant.domain.study import BlockKind, Study
from assistant.readers.registry import read_study
from evals.reading.agreement import agreement
from evals.reading.rewrite import WRITERS, read_back

STUDY = """---
title: Huddles in six homes
---
# Abstract

We asked how huddles work. They worked where managers came.

# Methods

We met staff & families in six homes [3].

- Nurses were asked first.
- Carers came later on.

# Results

## What changed

Staff dared to speak once the manager sat down with them.

> We could say it then, because she sat down. (Nurse 3)

| Home | Beds |
|---|---|
| A | 12 |

# References

1. Poe P. A made book. 2001.
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path = tmp_path_factory.mktemp("study") / "huddles.md"
    path.write_text(STUDY, "utf-8")
    return read_study(path)


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_a_study_comes_back_whole_from_each_format(study: Study, ending: str) -> None:
    again = read_back(study, ending)
    found = agreement(study, again)
    assert (found.whole, found.in_order, found.typed, found.headings, found.garbled) == (1, 1, 1, 1, 0)
    assert again.bibliography.title == "Huddles in six homes"
    quotation = next(block for block in again.blocks if block.kind is BlockKind.QUOTATION)
    assert quotation.speaker == "Nurse 3"
    table = next(block for block in again.blocks if block.kind is BlockKind.TABLE)
    assert table.span.of(again.text) == "Home | Beds\nA | 12"
    assert "cookies" not in again.text and "never" not in again.text
